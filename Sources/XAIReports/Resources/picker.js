// The picker: selections, switches and links choose what is shown, and the address holds it.
//
// A page has a `state`, the function `fit`, which makes a state that fits together of any, and
// the function `render`, which shows it.

const looks = {
  sign: ["all", "positive"], scale: ["own", "shared"], colors: Object.keys(colorMaps),
};
const usualLook = { sign: "all", scale: "own", colors: "blue-orange" };

function change(changes) {
  Object.assign(state, changes);
  fit();
  return render();
}

function fill(select, titles) {
  select.replaceChildren(...titles.map((title, value) => make("option", { value }, title)));
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

const selections = () => document.querySelectorAll("select[data-choice]");

function listen() {
  for (const select of selections()) {
    select.addEventListener("change", () => change({ [select.id]: Number(select.value) }));
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

// Shows in the controls, in the address and on paper what is chosen.
function showChoices(words) {
  for (const select of selections()) select.value = String(state[select.id]);
  for (const name of Object.keys(looks)) {
    for (const input of document.getElementsByName(name)) {
      input.checked = input.value === state[name];
    }
  }
  byId("chosen").textContent = words;
  try {
    history.replaceState(null, "", writeChoices(state));
  } catch {
    // Not allowed: no harm.
  }
}

// What the page says of the measure that is chosen.
function showMeasure() {
  byId("measure-name").textContent = report.measures[state.measure].title;
  byId("measure-about").textContent = report.measures[state.measure].summary;
}

// Shows the sections that need scripts.
//
// page = { sections: [id], titles: { choice: [title] }, counts: { choice: number }, strip: choice,
//          redraw() }: titles fill selections, counts bound choices beside them, the strip of small
// maps chooses one, and redraw is for what depends on the width.
async function start({ sections, titles, counts, strip, redraw }) {
  const part = location.hash.includes("=") ? null : byId(location.hash.slice(1));
  const lengths = Object.entries(titles).map(([name, all]) => [name, all.length]);
  Object.assign(state, readChoices(location.hash,
    { method: report.methods.length, ...Object.fromEntries(lengths), ...counts }, looks));
  fillMethods();
  for (const [name, all] of Object.entries(titles)) fill(byId(name), all);
  listen();
  listenToStrip(strip);
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
