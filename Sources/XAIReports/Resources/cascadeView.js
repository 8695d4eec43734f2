// Shows what is chosen in a randomization report.

function renderControls() {
  const { layers } = report.modes[state.mode];
  showChoices(selections);
  const slider = byId("step");
  slider.max = layers.length;
  slider.value = state.step;
  slider.setAttribute("aria-valuetext",
    state.step ? `step ${state.step} of ${layers.length}: ${stepName(state.step)}` : stepName(0));
  byId("back").disabled = state.step === 0;
  byId("on").disabled = state.step === layers.length;
}

function renderWords() {
  const method = report.methods[state.method];
  const image = report.images[state.image];
  const { layers } = report.modes[state.mode];
  const digits = 3;
  byId("where").textContent = state.step
    ? `Step ${state.step} of ${layers.length}: ${stepName(state.step)}.`
    : "Start: nothing is random yet.";
  const facts = [];
  if (state.step) {
    const all = summary(state.method, state.mode, state.step);
    const convention = isConvention(state.step) ? " (by convention: a map is constant)" : "";
    facts.push(`This map: ${fixed(score(state.step), digits)}${convention}.`,
      `All images and seeds: ${fixed(all.mean, digits)} \u00b1 ${fixed(all.deviation, digits)}, `
      + "confidence interval of the mean "
      + `${fixed(all.lower, digits)} to ${fixed(all.upper, digits)}.`);
    const conventions = conventionCount(state.step);
    if (conventions) {
      facts.push(`${counted(conventions, "value")} by convention: a map is constant.`);
    }
  }
  byId("numbers").textContent = facts.join(" ");
  const line = health(state.step);
  const box = byId("condition");
  const problems = line ? line.problems : [];
  box.className = problems.length ? "condition bad" : "condition";
  box.textContent = !line ? "The network's health at this step was not measured."
    : problems.length ? "Collapsed network: " + problems.join("; ")
      + ". Its maps say nothing about the method."
    : "Network alive: logit spread " + short(line.spread) + ", entropy " + short(line.entropy)
      + (line.accuracy === null ? "" : ", accuracy " + fixed(100 * line.accuracy, 1) + " %") + ".";
  byId("verdict").replaceChildren(
    make("span", { class: "badge " + method.outcome }, method.outcomeWord),
    make("span", { class: "name" }, " " + method.reason));
  byId("about").textContent = method.summary;
  byId("picture").src = image.picture;
  byId("picture").alt = "The image " + image.name;
  byId("picture-name").textContent = image.name;
  byId("picture-facts").textContent = image.facts;
  byId("chosen").textContent = `${method.id}, ${image.name}, ${report.modes[state.mode].title}, `
    + `${report.measures[state.measure].title}, seed ${report.mapSeeds[state.seed]}`;
  byId("measure-name").textContent = report.measures[state.measure].title;
  byId("measure-about").textContent = report.measures[state.measure].summary;
}

function renderCurve() {
  const { layers } = report.modes[state.mode];
  const method = report.methods[state.method];
  const all = layers.map((_, index) => summary(state.method, state.mode, index + 1));
  const steps = [0, ...layers.map((_, index) => index + 1)];
  const lines = state.measure === headline ? [
    { value: report.margin, text: "margin " + report.margin, className: "margin", atRight: true },
    ...(method.floor === null ? []
      : [{
        value: method.floor, text: "noise floor " + fixed(method.floor, 2), className: "floor",
      }]),
  ] : [];
  drawPlot(byId("curve"), {
    title: `${report.measures[state.measure].title} of ${method.id} over the layers: `
      + layers.map((layer, index) => `${layer} ${fixed(all[index].mean, 2)}`).join(", "),
    labels: ["none", ...layers], current: state.step, lines,
    flagged: [false, ...layers.map((layer) => collapsedSeeds(state.mode, layer) > 0)],
    curves: [
      { className: "mean", marks: true, middle: [1, ...all.map((one) => one.mean)],
        // No similarity is beyond 1.
        low: [null, ...all.map(({ mean, deviation }) =>
          mean === null ? null : Math.max(-1, mean - deviation))],
        high: [null, ...all.map(({ mean, deviation }) =>
          mean === null ? null : Math.min(1, mean + deviation))] },
      { className: "single", middle: steps.map(score) },
    ],
    pick: (step) => change({ step }),
    hint: (step) => step === 0 ? "trained network: 1"
      : `${layers[step - 1]}: mean ${fixed(all[step - 1].mean, 3)}, `
        + `this map ${fixed(score(step), 3)}`,
  });
  const forgetting = report.convergence.find((curve) => curve.method === state.method);
  byId("forgetting-figure").hidden = !forgetting;
  if (forgetting) {
    drawPlot(byId("forgetting"), {
      title: `Convergence of the signals of ${method.id}: median cosine similarity, from the `
        + "output down: " + forgetting.layers.map((layer, index) =>
          `${layer} ${fixed(forgetting.median[index], 2)}`).join(", "),
      labels: forgetting.layers, lines: [],
      curves: [{ className: "other", marks: forgetting.layers.length < 30,
        middle: forgetting.median, low: forgetting.lower, high: forgetting.upper }],
    });
  }
}

function renderTable() {
  const { layers } = report.modes[state.mode];
  const table = byId("means");
  byId("means-caption").textContent = `Mean ${report.measures[state.measure].title} over `
    + `${counted(report.imageCount, "image")} and ${counted(report.seeds, "seed")}, `
    + report.modes[state.mode].title;
  const head = make("tr", {}, make("th", { scope: "col" }, "method"),
    ...layers.map((layer, index) => make("th", { scope: "col", "data-type": "number",
      class: index + 1 === state.step ? "here" : null }, layer)));
  table.tHead.replaceChildren(head);
  table.tBodies[0].replaceChildren(...report.methods.map((method, index) => {
    const name = make("button", { type: "button", class: "link" }, method.id);
    name.addEventListener("click", () => change({ method: index }));
    const row = make("tr", { class: index === state.method ? "chosen" : null },
      make("th", { scope: "row" }, name));
    layers.forEach((_, step) => {
      const { mean, deviation } = summary(index, state.mode, step + 1);
      const cell = make("td", { "data-value": mean ?? "",
        title: mean === null ? "no value" : `\u00b1 ${fixed(deviation, 3)}`,
        class: step + 1 === state.step ? "here" : null }, fixed(mean, 2));
      row.append(shade(cell, mean));
    });
    return row;
  }));
  makeSortable(table);
}

let round = 0;
async function renderMaps() {
  const mine = ++round;
  const find = await maps(state.method, state.image);
  if (mine !== round) return;
  const { layers } = report.modes[state.mode];
  const steps = [0, ...layers.map((_, index) => index + 1)];
  const all = steps.map((step) => find(position(step)));
  const shared = Math.max(...wholesOf(all, state.sign, true));
  showLegend(all);
  const look = (map) => ({ sign: state.sign, colours: state.colours,
    whole: state.scale === "shared" ? shared : extentOf(map, state.sign) });
  const method = report.methods[state.method].id;
  const show = (canvas, map, label) => {
    paint(canvas, map, report.width, report.height, look(map));
    canvas.setAttribute("aria-label", map ? label : "no map: it was not computed, or holds NaN");
  };
  show(byId("trained"), all[0], `Map of ${method} on the trained network`);
  show(byId("random"), all[state.step],
    `Map of ${method} where ${stepName(state.step)}; similarity ${fixed(score(state.step), 2)}`);
  byId("trained-facts").textContent = sizeWords(all[0]);
  byId("random-facts").textContent = sizeWords(all[state.step]);
  byId("random-name").textContent = state.step === 0 ? "trained, the same" : stepName(state.step);
  byId("whole").textContent = state.scale === "shared"
    ? `whole colour at ${short(shared)}, for all maps of this row`
    : "whole colour at each map's own largest value";

  const strip = byId("strip");
  const hadFocus = strip.contains(document.activeElement);
  while (strip.children.length > steps.length) strip.lastChild.remove();
  steps.forEach((step) => {
    let button = strip.children[step];
    if (!button) {
      button = make("button", { type: "button" },
        make("span", { class: "layer" }), make("canvas", { "aria-hidden": "true" }),
        make("span", { class: "value" }));
      button.addEventListener("click", () => change({ step }));
      strip.append(button);
    }
    const layer = step ? layers[step - 1] : "trained";
    const isDead = step > 0 && (health(step)?.problems.length ?? 0) > 0;
    const [name, canvas, value] = button.children;
    name.textContent = layer;
    value.textContent = (step ? fixed(score(step), 2) : "") + (isDead ? " collapsed" : "");
    button.setAttribute("aria-pressed", String(step === state.step));
    button.className = isDead ? "dead" : "";
    button.tabIndex = step === state.step ? 0 : -1;
    button.title = stepName(step);
    show(canvas, all[step], "");
  });
  showInStrip(state.step, hadFocus);
}

function render() {
  renderControls();
  renderWords();
  renderCurve();
  renderTable();
  remember();
  return renderMaps();
}

if (report.methods.length && report.images.length && report.modes.length) {
  start(["explore", "similarity"], {
    image: report.images.length, method: report.methods.length, mode: report.modes.length,
    measure: report.measures.length, seed: report.mapSeeds.length, step: 1000,
  }, buildControls, renderCurve);
} else root.dataset.state = "ready";
