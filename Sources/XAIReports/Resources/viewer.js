// The map viewer: the image, large maps with their legend, and a strip of small ones.

// The magnitudes that get the whole color, as the switches have it.
const wholes = (maps) => wholesOf(maps, state.sign, state.scale === "shared");

// What the sign of the chosen method's maps means.
const chosenMeaning = () => report.methods[state.method].meaning;

// Paints a map; one of its own sign shows both, one without a meaning of its own is the method's.
function showMap(canvas, { map, whole, sign = state.sign, meaning = chosenMeaning() }) {
  const colors = colorsOf(meaning, state.colors);
  paint(canvas, map, report.width, report.height, { sign, whole, colors });
}

const colorText = (color) => `rgb(${color.join(" ")})`;

// The legend of the chosen method's maps: one-sided where they have one sign.
function showLegend(isOneSided) {
  const [below, none, above] = colorsOf(chosenMeaning(), state.colors).map(colorText);
  const legend = byId("legend");
  const [first, last] = legendOf(chosenMeaning(), isOneSided);
  legend.firstElementChild.textContent = first;
  legend.lastElementChild.textContent = last;
  const hasOneEnd = isOneSided || chosenMeaning() === "magnitude";
  legend.querySelector("i").style.background =
    `linear-gradient(90deg, ${hasOneEnd ? "" : `${below}, `}${none}, ${above})`;
}

// The outline, a path in pixels, lies over the image and the maps where the page has room for one;
// an image of which tensors alone are known has no picture.
function showImage({ picture, name, facts, outline }) {
  if (picture) byId("picture").src = picture;
  byId("picture").closest("figure").classList.toggle("bare", !picture);
  for (const svg of document.querySelectorAll("svg.outline")) {
    svg.setAttribute("viewBox", `0 0 ${report.width} ${report.height}`);
    for (const path of svg.children) path.setAttribute("d", outline ?? "");
  }
  byId("picture").alt = "The image " + name;
  byId("picture-name").textContent = name;
  byId("picture-facts").textContent = facts;
}

// viewer = { figures: [{ id, map, whole, sign, meaning, name, facts, label, missing }],
//            scale: words,
//            signed: maps, strip: { choice, items: [{ name, value, hint, isDead, maps }] } }
//
// A figure's canvas is the element ID, its words are in "ID-name" and "ID-facts". The legend has
// two ends where one of the signed maps has two.
function showViewer({ figures, scale, signed, strip }) {
  for (const figure of figures) {
    showMap(byId(figure.id), figure);
    byId(figure.id).setAttribute("aria-label", figure.map ? figure.label : figure.missing);
    byId(`${figure.id}-name`).textContent = figure.name;
    byId(`${figure.id}-facts`).textContent = figure.facts;
  }
  const isOneSided = state.sign === "positive" || !isSigned(signed);
  showLegend(isOneSided);
  byId("whole").textContent = scale;
  showStrip(strip);
}

function showStrip({ choice, items }) {
  const strip = byId("strip");
  const hadFocus = strip.contains(document.activeElement);
  while (strip.children.length > items.length) strip.lastChild.remove();
  items.forEach((item, index) => {
    const button = strip.children[index] ?? addToStrip(strip, choice, index, item.maps.length);
    button.querySelector(".layer").textContent = item.name;
    button.querySelector(".value").textContent = item.value;
    button.setAttribute("aria-pressed", String(index === state[choice]));
    button.tabIndex = index === state[choice] ? 0 : -1;
    button.className = item.isDead ? "dead" : "";
    button.title = item.hint ?? "";
    button.querySelectorAll("canvas").forEach((canvas, map) => showMap(canvas, item.maps[map]));
  });
  const current = strip.children[state[choice]];
  if (hadFocus) current.focus({ preventScroll: true });
  const left = scrollFor([current.offsetLeft, current.offsetLeft + current.offsetWidth],
    [strip.scrollLeft, strip.clientWidth]);
  if (left !== null) strip.scrollLeft = left;
}

function addToStrip(strip, choice, index, count) {
  const canvases = Array.from({ length: count }, () => make("canvas", { "aria-hidden": "true" }));
  const button = make("button", { type: "button" }, make("span", { class: "layer" }), ...canvases,
    make("span", { class: "value" }));
  button.addEventListener("click", () => change({ [choice]: index }));
  strip.append(button);
  return button;
}

// Arrow keys move along the strip.
function listenToStrip(choice) {
  byId("strip").addEventListener("keydown", (event) => {
    const far = moveOf(event.key);
    if (far === null) return;
    event.preventDefault();
    change({ [choice]: state[choice] + far });
    byId("strip").querySelector("[aria-pressed=true]").focus();
  });
}
