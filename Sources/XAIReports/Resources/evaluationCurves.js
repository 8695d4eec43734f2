// The page of an evaluation: curves of an image, and the scatter of two measures.

// The marks of curves: the chosen method's first.
const lookOf = (place) => `c${place % 7}`;

function chartOf(entry, isInsertion) {
  const turned = (points) => (isInsertion ? backwards(points) : points);
  const quantity = ["logit", "probability"].indexOf(quantityName());
  const points = (shares, text) => turned(pointsOf(shares, text));
  // Packed by quantity, most relevant first and then least relevant first.
  const place = (isInsertion ? 2 : 0) + quantity;
  const methods = [state.method, ...others()];
  const hasEnds = entry.best[quantity] !== undefined;
  const words = isInsertion ? "shown" : "gone";
  return {
    title: `${isInsertion ? "Insertion" : "Deletion"}: ${quantityName()} of the class by the share `
      + `of pixels ${words}; ${methods.map((one) => report.methods[one].id).join(", ")}`,
    across: { words: `share of pixels ${words}, most relevant first`, range: [0, 1] },
    upward: {
      words: `${quantityName()} of the class`, range: quantityName() === "logit" ? [] : [0, 1],
    },
    bands: hasEnds ? [{
      look: "range", low: points(entry.cells, entry.best[quantity]),
      high: points(entry.cells, entry.worst[quantity]),
    }] : [],
    curves: [
      { look: "random", points: points(entry.shares, entry.random[quantity]) },
      ...methods.map((method, index) => (
        { look: lookOf(index), points: points(entry.shares, entry.methods[method][place]) }))
        .filter((curve) => curve.points.length).reverse(),
    ],
  };
}

function renderCurves() {
  const entry = curvesOf();
  byId("curves").hidden = !entry;
  byId("no-curves").hidden = Boolean(entry) || !report.baselines.length;
  if (!entry) return;
  drawPlot(byId("deletion"), chartOf(entry, false));
  drawPlot(byId("insertion"), chartOf(entry, true));
  byId("curve-key").replaceChildren(
    ...[state.method, ...others()].map((method, index) => make("li", { class: "name" },
      make("i", { class: `line ${lookOf(index)}` }), report.methods[method].id)),
    make("li", {}, make("i", { class: "line random" }), "mean of random orders"),
    ...(entry.best.length ? [make("li", {}, make("i", { class: "range" }),
      "between the best and the worst order of the cells")] : []));
}

// The methods whose curves can be shown together.
function renderOthers() {
  if (!byId("others")) return;
  const chosen = others();
  const hadFocus = document.activeElement?.dataset?.other;
  byId("others").replaceChildren(...report.methods.map((method, index) => {
    const box = make("input", {
      type: "checkbox", "data-other": index, checked: chosen.includes(index) ? "" : null,
      disabled: index === state.method || (chosen.length >= most && !chosen.includes(index))
        ? "" : null,
    });
    box.addEventListener("change", () => {
      const rest = chosen.filter((one) => one !== index);
      change({ others: (box.checked ? [...rest, index] : rest).join(".") });
    });
    return make("label", { class: "chip name" }, box, method.id);
  }));
  if (hadFocus !== undefined) byId("others").querySelector(`[data-other="${hadFocus}"]`).focus();
}

const signOf = (measure) => (measure.direction === "lower" ? -1 : 1);
const sideOf = (measure) => `${measure.title}, ${measure.direction} is better`;

function renderScatter() {
  const holder = byId("scatter");
  if (!holder || !report.measures.length) return;
  const sides = [state.across, state.upward].map((index) => report.measures[index]);
  const all = report.methods.map((_, method) =>
    [state.across, state.upward].map((measure) => summaryOver(method, measure)));
  const points = all.map((both) => both.map((one) => one.value));
  // Controls explain nothing, so that none of them can be best.
  const judged = points.map((point, index) =>
    (report.methods[index].group === "control" ? [null, null] : point));
  const isFront = frontOf(judged, sides.map(signOf));
  const shown = points.flatMap((point, index) => (point.every(hasValue) ? [index] : []));
  const isNarrow = holder.clientWidth < 640;
  const facts = (index) => `${report.methods[index].id}: ${sides.map((side, place) =>
    `${side.title} ${short(points[index][place])}`).join(", ")}`;
  const ends = ({ lower, upper }) => (hasValue(lower) && hasValue(upper) ? [lower, upper] : null);
  const front = shown.filter((index) => isFront[index]);
  drawPlot(holder, {
    title: shown.map(facts).join("; "),
    across: { words: sideOf(sides[0]) }, upward: { words: sideOf(sides[1]) },
    curves: front.length > 1
      ? [{ look: "front", points: stepsOf(front.map((one) => points[one]), signOf(sides[0])) }]
      : [],
    dots: shown.map((index) => ({
      x: points[index][0], y: points[index][1], label: report.methods[index].id,
      look: (report.methods[index].group === "control" ? "control" : isFront[index] ? "best" : "")
        + (index === state.method ? " now" : ""),
      widths: ends(all[index][0]), heights: ends(all[index][1]),
      isNamed: !isNarrow || isFront[index] || index === state.method,
    })),
    hints: shown.map(facts),
  }, (dot) => change({ method: shown[dot] }));
  const names = front.map((index) => report.methods[index].id);
  byId("front").textContent = names.length
    ? `No other method is as good in both and better in one: ${names.join(", ")}.`
    : "No method has both numbers.";
}
