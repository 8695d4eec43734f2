// The page of an evaluation: shows what is chosen.

function renderWords() {
  const method = report.methods[state.method];
  byId("where").textContent = `${method.id}, ${image().name}.`;
  const told = report.measures.flatMap((measure, index) => {
    const value = isChosen(measure) ? scoreOn(state.method, index) : null;
    return hasValue(value) ? [`${measure.title} ${short(value)}`] : [];
  });
  byId("numbers").textContent = told.length
    ? `On this image: ${told.join(", ")}. One image proves nothing.`
    : "On this image none of the headline numbers is defined.";
  byId("about").textContent = method.summary;
  showImage(image());
}

let round = 0;
async function renderMaps() {
  const mine = ++round;
  const finders = await Promise.all(report.methods.map((_, method) => maps(method, state.image)));
  if (mine !== round) return;
  const all = finders.map((find) => find(0));
  const shown = wholes(all);
  const measure = shownMeasure();
  const value = (method) => (report.measures.length ? scoreOn(method, measure) : null);
  const method = report.methods[state.method];
  const map = all[state.method];
  showViewer({
    figures: [{
      id: "map", map, whole: shown[state.method], name: method.id,
      facts: sizeWords(map), label: `Map of ${method.id} for ${image().name}`,
      missing: "no map: it holds NaN or infinity",
    }],
    scale: state.scale === "shared"
      ? `whole color at ${short(shown[state.method])} in all maps`
      : "whole color at each map's own largest value",
    signed: [map],
    strip: {
      choice: "method",
      items: report.methods.map((one, index) => ({
        name: one.id, value: hasValue(value(index)) ? short(value(index)) : "",
        maps: [{ map: all[index], whole: shown[index], meaning: one.meaning }],
      })),
    },
  });
  byId("strip-about").textContent = report.measures.length
    ? `Below each map: ${report.measures[measure].title} on this image.` : "";
}

function renderCharts() {
  renderCurves();
  renderScatter();
}

function render() {
  const against = report.baselines.length ? `, against ${baselineName()}, ${quantityName()}` : "";
  showChoices(`${report.methods[state.method].id}, ${image().name}${against}`);
  renderWords();
  renderOthers();
  renderCharts();
  return renderMaps();
}

if (report.methods.length && report.images.length) {
  const titles = report.measures.map((measure) => measure.title);
  if (!report.baselines.length) {
    for (const choice of ["baseline", "quantity"]) byId(choice).closest("label").hidden = true;
  }
  const hasTradeoff = titles.length > 1;
  start({
    sections: ["explore", ...(hasTradeoff ? ["tradeoff"] : [])], strip: "method", counts: {},
    titles: {
      image: report.images.map((one) => one.name),
      baseline: report.baselines, quantity: sortedQuantities,
      ...(hasTradeoff ? { across: titles, upward: titles } : {}),
    },
    redraw: renderCharts,
  });
} else {
  document.querySelectorAll("table.sortable").forEach(makeSortable);
  root.dataset.state = "ready";
}
