// The script of the page that PageOfPartsTests make: a method's map, its numbers and its verdict.

const state = { method: 0, image: 0, measure: headline, ...usualLook };
const values = (method) => numbers("scores", method, state.measure)
  .slice(3 * state.image, 3 * state.image + 3);

function fit() {
  state.method = clamped(state.method, 0, report.methods.length - 1);
}

async function renderMaps() {
  const finders = await Promise.all(report.methods.map((_, index) => maps(index, state.image)));
  const all = finders.map((find) => find(0));
  const shown = wholes(all);
  showViewer({
    figures: [{
      id: "map", map: all[state.method], whole: shown[state.method],
      name: report.methods[state.method].id, facts: sizeWords(all[state.method]), label: "a map",
    }],
    scale: "whole color", signed: all,
    strip: {
      choice: "method",
      items: report.methods.map((method, index) => ({
        name: method.id, value: "", maps: [{ map: all[index], whole: shown[index] }],
      })),
    },
  });
}

function renderNumbers() {
  drawPlot(byId("curve"), {
    title: "Values over layers", labels: report.layers,
    series: [{ look: "mean", hasMarks: true, middle: values(state.method) }],
  });
  showTable("means", {
    caption: "Values", heads: [{ text: "method" },
      ...report.layers.map((text) => ({ text, isNumber: true }))],
    rows: report.methods.map((method, index) => ({
      text: method.id, choice: { method: index }, isChosen: index === state.method,
      cells: values(index).map((value) => ({ value, text: fixed(value, 2), share: value })),
    })),
  });
}

function render() {
  showChoices(report.methods[state.method].id);
  showImage(report.images[state.image]);
  showMeasure();
  showVerdict(byId("verdict"), report.methods[state.method]);
  renderNumbers();
  return renderMaps();
}

start({
  sections: ["explore"], strip: "method", counts: {}, redraw: renderNumbers,
  titles: {
    image: report.images.map((image) => image.name),
    measure: report.measures.map((measure) => measure.title),
  },
});
