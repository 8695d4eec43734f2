// A page about pairs of maps: what is chosen, and where its numbers and maps are.

const state = { image: 0, pair: 0, method: 0, measure: headline, ...usualLook };

const image = () => report.images[state.image];
const pair = () => image().pairs[state.pair];
const score = (method, measure) => numbers("scores", method, measure)[pair().place];
const isConvention = (method, measure) => isConventionAt(pair().place, method, measure);
const summary = (method, measure, contrast) => summaryAt(contrast, method, measure);

const sideOf = (which) => image().sides[pair()[which]];
const isSet = report.imageCount > 1;

function fit() {
  state.pair = Math.min(state.pair, image().pairs.length - 1);
  state.method = clamped(state.method, 0, report.methods.length - 1);
}
