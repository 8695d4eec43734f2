// What a person chooses in a page about pairs of maps, and where its numbers and maps are.

const state = {
  image: 0, pair: 0, method: 0, measure: headline, sign: "all", scale: "own", colours: "red-green",
};
const selections = ["image", "method", "pair", "measure"];

const image = () => report.images[state.image];
const pair = () => image().pairs[state.pair];
const score = (method, measure) => numbers("scores", method, measure)[pair().place];
const isConvention = (method, measure) => isConventionAt(pair().place, method, measure);
const summary = (method, measure, contrast) => summaryAt(contrast, method, measure);

function buildControls() {
  fill(byId("image"), report.images.map((one, index) => [index, one.name]), state.image);
  fillMethods();
  fill(byId("measure"), report.measures.map((measure, index) => [index, measure.title]),
    state.measure);
  listen(selections);
  listenToStrip((move) => change({ method: state.method + move }));
}

function change(changes) {
  Object.assign(state, changes);
  state.pair = Math.min(state.pair, image().pairs.length - 1);
  state.method = clamped(state.method, 0, report.methods.length - 1);
  return render();
}
