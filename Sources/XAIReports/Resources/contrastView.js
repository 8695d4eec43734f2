// A page about pairs of maps: shows what is chosen.

const digits = 3;

function renderWords() {
  const method = report.methods[state.method];
  const all = summary(state.method, state.measure, pair().contrast);
  byId("where").textContent = `${method.id}: ${pair().title}.`;
  const convention = isConvention(state.method, state.measure)
    ? " (by convention: a map is constant)" : "";
  const facts = [`This pair: ${fixed(score(state.method, state.measure), digits)}${convention}.`];
  if (isSet) {
    facts.push(`All images: ${fixed(all.mean, digits)} \u00b1 ${fixed(all.deviation, digits)}, `
      + `95 % interval of the mean ${fixed(all.lower, digits)} to ${fixed(all.upper, digits)}.`);
  }
  byId("similarity").textContent = facts.join(" ");
  byId("about").textContent = method.summary;
  showImage(image());
  showMeasure();
}

function renderBars() {
  byId("mean-key").hidden = !isSet;
  const values = report.methods.map((_, index) => score(index, state.measure));
  const all = report.methods.map((_, index) => summary(index, state.measure, pair().contrast));
  const means = {
    kind: "dot", look: "dot", middle: all.map((one) => one.mean),
    lower: all.map((one) => one.lower), upper: all.map((one) => one.upper),
  };
  drawPlot(byId("bars"), {
    title: `${report.measures[state.measure].title} of every method, ${pair().title}: `
      + report.methods.map((method, index) => `${method.id} ${fixed(values[index], 2)}`).join(", "),
    labels: report.methods.map((method) => method.id), isHorizontal: true, current: state.method,
    series: [{ kind: "bar", look: "bar", middle: values }, ...(isSet ? [means] : [])],
    hints: report.methods.map((method, index) => `${method.id}: ${fixed(values[index], digits)}`
      + (isSet ? `, all images ${fixed(all[index].mean, digits)}` : "")),
  }, (method) => change({ method }));
}

const head = (text) => ({ text, isNumber: true });
const cell = (value) => ({ value, text: fixed(value, digits) });

function renderMeans() {
  showTable("means", {
    caption: `${report.measures[state.measure].title}`
      + (isSet ? `, this pair and means over ${counted(report.imageCount, "image")}` : ""),
    heads: [{ text: "method" }, head("this pair"), ...(isSet ? report.contrasts.map(head) : [])],
    rows: report.methods.map((method, index) => {
      const value = score(index, state.measure);
      const share = (number) => shareOfScale(number, report.measures[state.measure]);
      const means = (isSet ? report.contrasts : []).map((_, contrast) => {
        const { mean, deviation } = summary(index, state.measure, contrast);
        const hint = mean === null ? "no value" : `\u00b1 ${fixed(deviation, digits)}`;
        return { ...cell(mean), share: share(mean), hint };
      });
      return {
        text: method.id, choice: { method: index }, isChosen: index === state.method,
        cells: [{ ...cell(value), share: share(value) }, ...means],
      };
    }),
  });
}

function renderPanel() {
  showTable("panel", {
    caption: `All measures: ${report.methods[state.method].id}, ${pair().title}`,
    heads: [{ text: "measure" }, head("this pair"), ...(isSet
      ? ["all images", "\u00b1 deviation", "interval from", "to"].map(head) : [])],
    rows: report.measures.map((measure, index) => {
      const value = cell(score(state.method, index));
      if (isConvention(state.method, index)) {
        value.text += "*";
        value.hint = "by convention: a map is constant";
      }
      const all = summary(state.method, index, pair().contrast);
      return {
        text: measure.title, hint: measure.summary, choice: { measure: index },
        isChosen: index === state.measure,
        cells: [value, ...(isSet ? [all.mean, all.deviation, all.lower, all.upper].map(cell) : [])],
      };
    }),
  });
}

// Both maps of a pair and their difference.
function pairOf(find) {
  const both = [find(pair().left), find(pair().right)];
  const shown = wholes(both);
  return [
    ...both.map((map, index) => ({ map, whole: shown[index] })),
    { map: differenceOf(...both, shown, state.sign), whole: 1, sign: "all", meaning: "relevance" },
  ];
}

let round = 0;
async function renderMaps() {
  const mine = ++round;
  const all = await Promise.all(report.methods.map((_, method) => maps(method, state.image)));
  if (mine !== round) return;
  const method = report.methods[state.method].id;
  const [left, right, difference] = pairOf(all[state.method]);
  const names = ["left", "right"].map((which) => sideOf(which).title);
  // The names of color maps are those of their ends.
  const [supporting, against] = state.colors === "red-green"
    ? ["green", "red"] : state.colors.split("-");
  const missing = "no map: it holds NaN or infinity";
  showViewer({
    figures: [
      ...[left, right].map((side, index) => ({
        ...side, id: ["left", "right"][index], name: names[index], missing,
        facts: `${sizeWords(side.map)}; ${sideOf(["left", "right"][index]).facts}`,
        label: `Map of ${method} for ${names[index]}`,
      })),
      {
        ...difference, id: "difference", name: "difference", missing,
        facts: `${supporting}: more for ${names[0]}; ${against}: more for ${names[1]}`,
        label: `Difference of the maps of ${method}, ${names[0]} without `
          + `${names[1]}; similarity ${fixed(score(state.method, state.measure), 2)}`,
      },
    ],
    scale: state.scale === "shared"
      ? `whole color at ${short(left.whole)} in both maps and in their difference`
      : "whole color at each map's own largest value; "
        + "the difference is that of the maps so scaled",
    signed: [left.map, right.map],
    strip: {
      choice: "method",
      items: report.methods.map((one, index) => ({
        name: one.id, value: fixed(score(index, state.measure), 2),
        maps: pairOf(all[index]).map((map) => ({ meaning: one.meaning, ...map })),
      })),
    },
  });
}

function render() {
  fill(byId("pair"), image().pairs.map((one) => one.title));
  showChoices(`${report.methods[state.method].id}, ${image().name}, ${pair().title}, `
    + report.measures[state.measure].title);
  renderWords();
  renderBars();
  renderMeans();
  renderPanel();
  return renderMaps();
}

if (report.methods.length && report.images.length) {
  start({
    sections: ["explore", "numbers"], strip: "method", counts: { pair: 1000 },
    titles: {
      image: report.images.map((one) => one.name),
      measure: report.measures.map((measure) => measure.title),
    },
    redraw: renderBars,
  });
} else root.dataset.state = "ready";
