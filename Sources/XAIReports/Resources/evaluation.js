// The page of an evaluation: what is chosen, and where its numbers and curves are.

const state = {
  image: 0, method: report.best[0] ?? 0, baseline: 0, quantity: 0, across: 0, upward: 0,
  others: report.best.slice(1, 3).join("."), ...usualLook,
};

// The methods whose curves are shown beside the chosen one's; the address holds them as "2.5".
const most = 6;
const others = () => state.others.split(".").filter((one) => one !== "").map(Number)
  .filter((one) => one !== state.method);
const readOthers = (text) => (text ?? "").split(".").filter((one) => /^\d{1,4}$/.test(one))
  .map(Number).filter((one) => one < report.methods.length).slice(0, most).join(".");
const wanted = new URLSearchParams(location.hash.replace(/^#/, ""));
if (wanted.has("others")) state.others = readOthers(wanted.get("others"));
// Two sides that differ, where there are two.
state.upward = Math.min(1, report.measures.length - 1);

const image = () => report.images[state.image];
const sortedQuantities = ["probability", "logit"];
const quantityName = () => sortedQuantities[state.quantity];
const baselineName = () => report.baselines[state.baseline];
const curvesOf = () => report.curves.find((one) =>
  one.image === state.image && one.baseline === baselineName());

function fit() {
  state.method = clamped(state.method, 0, report.methods.length - 1);
  state.others = readOthers(state.others);
}

// Value and both ends of its interval: of all images, by method and measure.
const summaryOver = (method, measure) => {
  const [value, lower, upper] = numbers("summaries", method, measure);
  return { value, lower, upper };
};
const scoreOn = (method, measure) => numbers("scores", method, measure)[state.image];

// Whether a measure is about the baseline and the quantity that are chosen, or about none.
const isChosen = ({ baseline, quantity }) => (!baseline || baseline === baselineName())
  && (!quantity || quantity === quantityName());

// The measure that a strip of maps shows: the first headline, as it is chosen.
const shownMeasure = () => Math.max(0, report.measures.findIndex((measure) =>
  measure.name === report.measures[0].name && isChosen(measure)));

// A packed curve as points [share of pixels gone, value].
function pointsOf(shares, text) {
  const values = unpackNumbers(text);
  return unpackNumbers(shares).map((share, index) => [share, values[index]])
    .filter((point) => point.every(hasValue));
}
