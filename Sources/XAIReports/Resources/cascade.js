// The page of a randomization test: what is chosen, and where its numbers and maps are.

const state = { image: 0, method: 0, mode: 0, measure: headline, step: 1, seed: 0, ...usualLook };

const firstStep = (mode) => report.modes.slice(0, mode)
  .reduce((sum, other) => sum + other.layers.length, 0);
const scorePlace = (step) => state.seed + report.mapSeeds.length
  * ((firstStep(state.mode) + step - 1) * report.images.length + state.image);
// An unchanged map is as similar as can be, by every measure.
const score = (step) => step === 0 ? report.measures[state.measure].equal
  : numbers("scores", state.method, state.measure)[scorePlace(step)];
const isConvention = (step) =>
  step > 0 && isConventionAt(scorePlace(step), state.method, state.measure);
const summary = (method, mode, step) =>
  summaryAt(firstStep(mode) + step - 1, method, state.measure);
// How many of all images and seeds have a value by convention.
const conventionCount = (step) => step === 0 ? 0
  : Number(report.degenerate[state.method][state.measure]
    .split(",")[firstStep(state.mode) + step - 1]);
function health(step) {
  const layer = step === 0 ? null : report.modes[state.mode].layers[step - 1];
  return report.health.find((line) => layer === null ? line.layer === null
    : line.layer === layer && line.mode === report.modes[state.mode].id
      && line.seed === report.mapSeeds[state.seed]);
}
function collapsedSeeds(mode, layer) {
  return report.health.filter((line) => line.mode === report.modes[mode].id
    && line.layer === layer && line.problems.length).length;
}

// Where the map of a step is: the original first, then all steps of each seed.
const position = (step) => step === 0 ? 0
  : 1 + state.seed * report.stepCount + firstStep(state.mode) + step - 1;

function stepName(step) {
  const { id, layers } = report.modes[state.mode];
  if (step === 0) return "nothing is random: the trained network";
  if (id === "independent") return `only ${layers[step - 1]} is random`;
  if (step === 1) return `${layers[0]} is random`;
  if (step === 2) return `${layers[0]} and ${layers[1]} are random`;
  if (step === layers.length) return `all layers are random, ${layers[0]} to ${layers[step - 1]}`;
  return `${layers[0]} to ${layers[step - 1]} are random (${step} layers)`;
}

const modeNow = () => report.modes[state.mode];
// The trained network, and all steps.
const steps = () => [0, ...modeNow().layers.map((_, index) => index + 1)];

function fit() {
  state.step = clamped(state.step, 0, modeNow().layers.length);
}

function listenToSteps() {
  byId("seed").closest("label").hidden = report.mapSeeds.length < 2;
  byId("step").addEventListener("input", (event) => change({ step: Number(event.target.value) }));
  byId("back").addEventListener("click", () => change({ step: state.step - 1 }));
  byId("on").addEventListener("click", () => change({ step: state.step + 1 }));
}
