// What pages have in common that a person explores: choices, numbers, maps, the address.
//
// A page has a `state`, and the functions `change` and `render`.

const report = readData("report-data");
const headline = Math.max(0,
  report.measures.findIndex((measure) => measure.id === report.headline));
const looks = {
  sign: ["all", "positive"], scale: ["own", "shared"], colours: Object.keys(colourMaps),
};

// A report's numbers: [method][measure] holds text that is read when it is needed.
const unpacked = new Map();
function numbers(kind, method, measure) {
  const key = `${kind} ${method} ${measure}`;
  if (!unpacked.has(key)) {
    unpacked.set(key, unpackNumbers(report[kind][method][measure]));
  }
  return unpacked.get(key);
}
const summaryAt = (place, method, measure) =>
  summaryOf(numbers("summaries", method, measure), place);
const isConventionAt = (place, method, measure) =>
  listsPlace(report.conventions[method][measure], place);

// The maps of an image by a method: a function of their position.
const sprites = new Map();
async function maps(method, image) {
  const key = `maps-${method}-${image}`;
  const damaged = () => {
    throw new Error(`the maps of method ${method} and image ${image} are damaged`);
  };
  if (!sprites.has(key)) {
    const element = byId(key);
    if (sprites.size > 99) sprites.delete(sprites.keys().next().value);
    sprites.set(key, element ? readGray(element.textContent).catch(damaged)
      : Promise.resolve(null));
  }
  const bytes = await sprites.get(key);
  const index = report.maps[method][image];
  const size = report.height * report.width;
  if (bytes && bytes.length !== (Math.max(...index.tiles) + 1) * size) damaged();
  return mapsOf(bytes, index, size);
}
const showLegend = (maps) => byId("legend").classList.toggle("positive",
  state.sign === "positive" || !isSigned(maps));

function fill(select, options, chosen) {
  select.replaceChildren(...options.map(([value, text]) => make("option", { value }, text)));
  select.value = String(chosen);
}
function fillMethods() {
  byId("method").replaceChildren(...report.groups.map((group) => {
    const options = make("optgroup", { label: group.title });
    report.methods.forEach((method, index) => {
      if (method.group === group.id) options.append(make("option", { value: index }, method.id));
    });
    return options;
  }));
}
// Changes the state with the selections and switches of the page, and with its links to methods.
function listen(selections) {
  for (const name of selections) {
    byId(name).addEventListener("change", (event) =>
      change({ [name]: Number(event.target.value) }));
  }
  for (const name of Object.keys(looks)) {
    for (const input of document.getElementsByName(name)) {
      input.addEventListener("change", () => change({ [name]: input.value }));
    }
  }
  for (const link of document.querySelectorAll("[data-method]")) {
    link.addEventListener("click", (event) => {
      // Without a change of the address, which holds what is shown.
      event.preventDefault();
      change({ method: Number(link.dataset.method) });
      byId("explore").scrollIntoView();
      byId("method").focus({ preventScroll: true });
    });
  }
}
function showChoices(selections) {
  for (const name of selections) byId(name).value = String(state[name]);
  for (const name of Object.keys(looks)) {
    for (const input of document.getElementsByName(name)) {
      input.checked = input.value === state[name];
    }
  }
  byId("legend").className = "legend " + state.colours + " " + state.sign;
}

// The row of small maps: arrow keys move along it.
function listenToStrip(move) {
  byId("strip").addEventListener("keydown", (event) => {
    const far = moveOf(event.key);
    if (far === null) return;
    event.preventDefault();
    move(far);
    byId("strip").querySelector("[aria-pressed=true]").focus();
  });
}
function showInStrip(index, hadFocus) {
  const strip = byId("strip");
  const current = strip.children[index];
  if (hadFocus) current.focus({ preventScroll: true });
  const left = scrollFor([current.offsetLeft, current.offsetLeft + current.offsetWidth],
    [strip.scrollLeft, strip.clientWidth]);
  if (left !== null) strip.scrollLeft = left;
}
function shade(cell, value) {
  cell.style.setProperty("--share", shareOf(value));
  return cell;
}

// What is shown is in the address, so that it can be passed on and survives a reload.
function remember() {
  try {
    history.replaceState(null, "", writeChoices(state));
  } catch {
    // Not allowed: no harm.
  }
}

// Shows the sections that need scripts; `redraw` is for what depends on the width.
async function start(sections, counts, build, redraw) {
  const part = location.hash.includes("=") ? null : byId(location.hash.slice(1));
  Object.assign(state, readChoices(location.hash, counts, looks));
  build();
  document.querySelectorAll("table.sortable").forEach(makeSortable);
  for (const section of sections) byId(section).hidden = false;
  await change({});
  if (part) part.scrollIntoView();
  let width = innerWidth;
  addEventListener("resize", () => {
    if (width === innerWidth) return;
    width = innerWidth;
    redraw();
  });
  if (root.dataset.state === "loading") root.dataset.state = "ready";
}
