// Shows what is chosen in a page about pairs of maps.

const digits = 3;
const sideOf = (which) => image().sides[pair()[which]];

function renderControls() {
  fill(byId("pair"), image().pairs.map((one, index) => [index, one.title]), state.pair);
  showChoices(selections);
}

function renderWords() {
  const method = report.methods[state.method];
  const measure = report.measures[state.measure];
  const all = summary(state.method, state.measure, pair().contrast);
  byId("where").textContent = `${method.id}: ${pair().title}.`;
  const convention = isConvention(state.method, state.measure)
    ? " (by convention: a map is constant)" : "";
  const facts = [`This pair: ${fixed(score(state.method, state.measure), digits)}${convention}.`];
  if (report.imageCount > 1) {
    facts.push(`All images: ${fixed(all.mean, digits)} \u00b1 ${fixed(all.deviation, digits)}, `
      + `95 % interval of the mean ${fixed(all.lower, digits)} to ${fixed(all.upper, digits)}.`);
  }
  byId("similarity").textContent = facts.join(" ");
  byId("about").textContent = method.summary;
  byId("picture").src = image().picture;
  byId("picture").alt = "The image " + image().name;
  byId("picture-name").textContent = image().name;
  byId("picture-facts").textContent = image().facts;
  byId("chosen").textContent =
    `${method.id}, ${image().name}, ${pair().title}, ${measure.title}`;
  byId("measure-name").textContent = measure.title;
  byId("measure-about").textContent = measure.summary;
}

function renderBars() {
  const isSet = report.imageCount > 1;
  byId("mean-key").hidden = !isSet;
  drawBars(byId("bars"), {
    title: `${report.measures[state.measure].title} of every method, ${pair().title}: `
      + report.methods.map((method, index) =>
        `${method.id} ${fixed(score(index, state.measure), 2)}`).join(", "),
    current: state.method, pick: (method) => change({ method }),
    rows: report.methods.map((method, index) => {
      const value = score(index, state.measure);
      const all = summary(index, state.measure, pair().contrast);
      return {
        name: method.id, value, mean: isSet ? all.mean : null, lower: isSet ? all.lower : null,
        upper: isSet ? all.upper : null,
        hint: `${method.id}: ${fixed(value, digits)}`
          + (isSet ? `, all images ${fixed(all.mean, digits)}` : ""),
      };
    }),
  });
}

const head = (text, isNumber) => make("th",
  { scope: "col", "data-type": isNumber ? "number" : null }, text);
const cell = (value) => make("td", { "data-value": value ?? "" }, fixed(value, digits));

function renderMeans() {
  const isSet = report.imageCount > 1;
  const table = byId("means");
  byId("means-caption").textContent = `${report.measures[state.measure].title}`
    + (isSet ? `, this pair and means over ${counted(report.imageCount, "image")}` : "");
  table.tHead.replaceChildren(make("tr", {}, head("method"), head("this pair", true),
    ...(isSet ? report.contrasts.map((one) => head(one, true)) : [])));
  table.tBodies[0].replaceChildren(...report.methods.map((method, index) => {
    const name = make("button", { type: "button", class: "link" }, method.id);
    name.addEventListener("click", () => change({ method: index }));
    const value = score(index, state.measure);
    const row = make("tr", { class: index === state.method ? "chosen" : null },
      make("th", { scope: "row" }, name), shade(cell(value), value));
    if (isSet) {
      report.contrasts.forEach((_, contrast) => {
        const { mean, deviation } = summary(index, state.measure, contrast);
        const one = shade(cell(mean), mean);
        one.title = mean === null ? "no value" : `\u00b1 ${fixed(deviation, digits)}`;
        row.append(one);
      });
    }
    return row;
  }));
  makeSortable(table);
}

function renderPanel() {
  const isSet = report.imageCount > 1;
  const table = byId("panel");
  byId("panel-caption").textContent =
    `All measures: ${report.methods[state.method].id}, ${pair().title}`;
  table.tHead.replaceChildren(make("tr", {}, head("measure"), head("this pair", true),
    ...(isSet ? [head("all images", true), head("\u00b1 deviation", true),
      head("interval from", true), head("to", true)] : [])));
  table.tBodies[0].replaceChildren(...report.measures.map((measure, index) => {
    const name = make("button", { type: "button", class: "link", title: measure.summary },
      measure.title);
    name.addEventListener("click", () => change({ measure: index }));
    const value = cell(score(state.method, index));
    if (isConvention(state.method, index)) {
      value.append("*");
      value.title = "by convention: a map is constant";
    }
    const row = make("tr", { class: index === state.measure ? "chosen" : null },
      make("th", { scope: "row" }, name), value);
    if (isSet) {
      const all = summary(state.method, index, pair().contrast);
      row.append(cell(all.mean), cell(all.deviation), cell(all.lower), cell(all.upper));
    }
    return row;
  }));
  makeSortable(table);
}

// Paints both maps of a pair and their difference.
function paintPair(canvases, find) {
  const [left, right] = [find(pair().left), find(pair().right)];
  const shown = wholesOf([left, right], state.sign, state.scale === "shared");
  [left, right].forEach((map, index) => paint(canvases[index], map, report.width, report.height,
    { sign: state.sign, colours: state.colours, whole: shown[index] }));
  paint(canvases[2], differenceOf(left, right, shown, state.sign), report.width, report.height,
    { sign: "all", colours: state.colours, whole: 1 });
  return { left, right, shown };
}

let round = 0;
async function renderMaps() {
  const mine = ++round;
  const all = await Promise.all(report.methods.map((_, method) => maps(method, state.image)));
  if (mine !== round) return;
  const method = report.methods[state.method].id;
  const big = ["left", "right", "difference"].map(byId);
  const { left, right, shown } = paintPair(big, all[state.method]);
  showLegend([left, right]);
  const names = ["left", "right"].map((which) => sideOf(which).title);
  ["left", "right"].forEach((which, index) => {
    byId(which + "-name").textContent = names[index];
    byId(which + "-facts").textContent =
      `${sizeWords([left, right][index])}; ${sideOf(which).facts}`;
    big[index].setAttribute("aria-label", [left, right][index]
      ? `Map of ${method} for ${names[index]}` : "no map: it holds NaN or infinity");
  });
  const [against, supporting] = state.colours === "red-green" ? ["red", "green"]
    : ["orange", "blue"];
  byId("difference-facts").textContent =
    `${supporting}: more for ${names[0]}; ${against}: more for ${names[1]}`;
  big[2].setAttribute("aria-label", `Difference of the maps of ${method}, ${names[0]} without `
    + `${names[1]}; similarity ${fixed(score(state.method, state.measure), 2)}`);
  byId("whole").textContent = state.scale === "shared"
    ? `whole colour at ${short(shown[0])} in both maps and in their difference`
    : "whole colour at each map's own largest value; the difference is that of the maps so scaled";

  const strip = byId("strip");
  const hadFocus = strip.contains(document.activeElement);
  report.methods.forEach((one, index) => {
    let button = strip.children[index];
    if (!button) {
      button = make("button", { type: "button" }, make("span", { class: "layer" }, one.id),
        ...[1, 2, 3].map(() => make("canvas", { "aria-hidden": "true" })),
        make("span", { class: "value" }));
      button.addEventListener("click", () => change({ method: index }));
      strip.append(button);
    }
    paintPair([...button.querySelectorAll("canvas")], all[index]);
    button.querySelector(".value").textContent = fixed(score(index, state.measure), 2);
    button.setAttribute("aria-pressed", String(index === state.method));
    button.tabIndex = index === state.method ? 0 : -1;
  });
  showInStrip(state.method, hadFocus);
}

function render() {
  renderControls();
  renderWords();
  renderBars();
  renderMeans();
  renderPanel();
  remember();
  return renderMaps();
}

if (report.methods.length && report.images.length) {
  start(["explore", "numbers"], {
    image: report.images.length, method: report.methods.length, measure: report.measures.length,
    pair: 1000,
  }, buildControls, renderBars);
} else root.dataset.state = "ready";
