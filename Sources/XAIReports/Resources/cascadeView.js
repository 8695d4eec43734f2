// The page of a randomization test: shows what is chosen.

const digits = 3;

function renderSteps() {
  const { layers } = modeNow();
  const slider = byId("step");
  slider.max = layers.length;
  slider.value = state.step;
  slider.setAttribute("aria-valuetext", state.step
    ? `step ${state.step} of ${layers.length}: ${stepName(state.step)}` : stepName(0));
  byId("back").disabled = state.step === 0;
  byId("on").disabled = state.step === layers.length;
  byId("where").textContent = state.step
    ? `Step ${state.step} of ${layers.length}: ${stepName(state.step)}.`
    : "Start: nothing is random yet.";
}

function renderWords() {
  const method = report.methods[state.method];
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
  showVerdict(byId("verdict"), method);
  byId("about").textContent = method.summary;
  showImage(report.images[state.image]);
  showMeasure();
}

function renderCondition() {
  const line = health(state.step);
  const problems = line ? line.problems : [];
  const box = byId("condition");
  box.className = problems.length ? "condition bad" : "condition";
  if (!line) box.textContent = "The network's health at this step was not measured.";
  else if (problems.length) {
    box.textContent = "Collapsed network: " + problems.join("; ")
      + ". Its maps say nothing about the method.";
  } else {
    box.textContent = "Network alive: logit spread " + short(line.spread)
      + ", entropy " + short(line.entropy)
      + (line.accuracy === null ? "" : ", accuracy " + fixed(100 * line.accuracy, 1) + " %") + ".";
  }
}

// The margin and the noise floor are those of the headline.
function references({ floor }) {
  if (state.measure !== headline) return [];
  const margin = {
    value: report.margin, text: "margin " + report.margin, look: "margin", atEnd: true,
  };
  if (floor === null) return [margin];
  return [margin, { value: floor, text: "noise floor " + fixed(floor, 2), look: "floor" }];
}

function renderCurve() {
  const { layers } = modeNow();
  const method = report.methods[state.method];
  const all = layers.map((_, index) => summary(state.method, state.mode, index + 1));
  const { range: [least, greatest], equal } = report.measures[state.measure];
  // Nothing lies beyond the ends of the measure's scale.
  const edge = (sign) => all.map(({ mean, deviation }) =>
    (mean === null ? null
      : clamped(mean + sign * deviation, least ?? -Infinity, greatest ?? Infinity)));
  drawPlot(byId("curve"), {
    title: `${report.measures[state.measure].title} of ${method.id} over the layers: `
      + layers.map((layer, index) => `${layer} ${fixed(all[index].mean, 2)}`).join(", "),
    labels: ["none", ...layers], current: state.step, references: references(method),
    flagged: [false, ...layers.map((layer) => collapsedSeeds(state.mode, layer) > 0)],
    series: [
      {
        look: "mean", hasMarks: true, middle: [equal, ...all.map((one) => one.mean)],
        lower: [null, ...edge(-1)], upper: [null, ...edge(1)],
      },
      { look: "single", middle: steps().map(score) },
    ],
    hints: steps().map((step) => (step === 0 ? `trained network: ${equal}`
      : `${layers[step - 1]}: mean ${fixed(all[step - 1].mean, 3)}, `
        + `this map ${fixed(score(step), 3)}`)),
  }, (step) => change({ step }));
  const forgetting = report.convergence.find((curve) => curve.method === state.method);
  byId("forgetting-figure").hidden = !forgetting;
  if (forgetting) drawPlot(byId("forgetting"), forgetting.plot);
}

function renderTable() {
  const { layers, title } = modeNow();
  const isHere = (index) => (index + 1 === state.step ? "here" : null);
  showTable("means", {
    caption: `Mean ${report.measures[state.measure].title} over `
      + `${counted(report.imageCount, "image")} and ${counted(report.seeds, "seed")}, ${title}`,
    heads: [{ text: "method" }, ...layers.map((layer, index) =>
      ({ text: layer, isNumber: true, className: isHere(index) }))],
    rows: report.methods.map((method, index) => ({
      text: method.id, choice: { method: index }, isChosen: index === state.method,
      cells: layers.map((_, step) => {
        const { mean, deviation } = summary(index, state.mode, step + 1);
        return {
          value: mean, text: fixed(mean, 2), className: isHere(step),
          share: shareOfScale(mean, report.measures[state.measure]),
          hint: mean === null ? "no value" : `\u00b1 ${fixed(deviation, digits)}`,
        };
      }),
    })),
  });
}

let round = 0;
async function renderMaps() {
  const mine = ++round;
  const find = await maps(state.method, state.image);
  if (mine !== round) return;
  const all = steps().map((step) => find(position(step)));
  const shown = wholes(all);
  const method = report.methods[state.method].id;
  const missing = "no map: it was not computed, or holds NaN";
  const figure = (id, step, name, label) => ({
    id, name, label, missing, map: all[step], whole: shown[step], facts: sizeWords(all[step]),
  });
  const isDead = (step) => step > 0 && (health(step)?.problems.length ?? 0) > 0;
  showViewer({
    figures: [
      figure("trained", 0, "trained network", `Map of ${method} on the trained network`),
      figure("random", state.step,
        state.step === 0 ? "trained, the same" : stepName(state.step),
        `Map of ${method} where ${stepName(state.step)}; `
          + `similarity ${fixed(score(state.step), 2)}`),
    ],
    scale: state.scale === "shared"
      ? `whole color at ${short(shown[0])}, for all maps of this row`
      : "whole color at each map's own largest value",
    signed: all,
    strip: {
      choice: "step",
      items: steps().map((step) => ({
        name: step ? modeNow().layers[step - 1] : "trained", hint: stepName(step),
        value: (step ? fixed(score(step), 2) : "") + (isDead(step) ? " collapsed" : ""),
        isDead: isDead(step), maps: [{ map: all[step], whole: shown[step] }],
      })),
    },
  });
}

function render() {
  showChoices(`${report.methods[state.method].id}, ${report.images[state.image].name}, `
    + `${modeNow().title}, ${report.measures[state.measure].title}, `
    + `seed ${report.mapSeeds[state.seed]}`);
  renderSteps();
  renderWords();
  renderCondition();
  renderCurve();
  renderTable();
  return renderMaps();
}

if (report.methods.length && report.images.length && report.modes.length) {
  listenToSteps();
  start({
    sections: ["explore", "similarity"], strip: "step", counts: { step: 1000 },
    titles: {
      image: report.images.map((image) => image.name),
      mode: report.modes.map((mode) => mode.title),
      measure: report.measures.map((measure) => measure.title),
      seed: report.mapSeeds.map(String),
    },
    redraw: renderCurve,
  });
} else root.dataset.state = "ready";
