// Plots as marks: where every line, area and word of a plot stands. Nothing here touches the page.
//
// plot = { title, labels, series, references, isHorizontal, current, flagged, hints }
//   series = [{ kind, look, middle, lower, upper, hasMarks }]: a number for each label, null
//     where there is none; `kind` is "curve" with a band, or "bar", or "dot" with a whisker
//   references = [{ value, upTo, text, look, atEnd }]: a number that a line marks, or numbers from
//     one to another that an area does
// Labels stand side by side and numbers go up; where the plot is horizontal, labels stand below
// each other and numbers go to the right. A chart, with `across` and `upward`, has numbers on both
// sides (`chart.js`).
//
// A mark is [name, attributes, text] of a graphic's element, or one with a fourth entry: the label
// that a click on it picks.

const numbersOf = (plot) => plot.series
  .flatMap(({ middle, lower, upper }) => [...middle, ...(lower ?? []), ...(upper ?? [])])
  .concat((plot.references ?? []).flatMap(({ value, upTo }) => [value, upTo]))
  .filter(hasValue);

// The marks of a plot in a window: { width, height, look, marks }.
const marksOf = (plot, width) =>
  (plot.across ? chartMarks : plot.isHorizontal ? rowMarks : columnMarks)(plot, width);

function columnMarks(plot, width) {
  const height = Math.round(clamped(width * 0.56, 270, 400));
  const [left, right, top] = [46, 12, 14];
  const end = width - right;
  const slot = (end - left) / plot.labels.length;
  const isTilted = slot < 44;
  const bottom = height - (isTilted ? 54 : 34);
  const numbers = [...numbersOf(plot), 0, 1];
  const all = ticks(Math.min(...numbers), Math.max(...numbers), 6);
  const x = (index) => left + slot * (index + 0.5);
  const y = scale([all[0].value, all[all.length - 1].value], [bottom, top]);
  const across = (value, look) =>
    ["line", { x1: left, x2: end, y1: y(value), y2: y(value), class: look }];
  const column = (index, height, look) =>
    ["rect", { x: x(index) - slot / 2, y: top, width: slot, height, class: look }];
  const references = plot.references ?? [];
  const marks = all.flatMap(({ value, text }) => [
    across(value, "grid"), ["text", { x: left - 7, y: y(value) + 4, class: "tick end" }, text],
  ]);
  if (hasValue(plot.current)) marks.push(column(plot.current, bottom - top, "here"));
  plot.labels.forEach((label, index) => {
    const [labelX, labelY] = isTilted ? [x(index) + 4, bottom + 13] : [x(index), bottom + 18];
    marks.push(["text", {
      x: labelX, y: labelY, transform: isTilted ? `rotate(-45 ${labelX} ${labelY})` : null,
      class: `tick ${isTilted ? "end" : "middle"}${index === plot.current ? " now" : ""}`,
    }, label]);
    if (plot.flagged?.[index]) {
      marks.push(["text", { x: x(index), y: bottom - 5, class: "tick middle flag" }, "!"]);
    }
  });
  marks.push(["line", { x1: left, x2: end, y1: bottom, y2: bottom, class: "axis" }]);
  for (const { value, upTo, look } of references) {
    marks.push(!hasValue(upTo) ? across(value, `rule ${look}`) : ["rect", {
      x: left, y: y(upTo), width: end - left, height: y(value) - y(upTo), class: `range ${look}`,
    }]);
  }
  for (const series of plot.series) marks.push(...curveMarks(series, x, y, plot.current));
  // Over the curves, which would strike them out.
  for (const { value, text, atEnd } of references) {
    marks.push(["text", atEnd
      ? { x: end - 3, y: y(value) + 15, class: "tick end" }
      : { x: left + 4, y: y(value) - 5, class: "tick" }, text]);
  }
  (plot.hints ?? []).forEach((hint, index) => {
    marks.push([...column(index, height - top, "hit"), hint, index]);
  });
  return { width, height, look: "plot", marks };
}

// A band around a curve, the curve, and a circle at each of its numbers.
function curveMarks({ look, middle, lower, upper, hasMarks }, x, y, current) {
  const points = (numbers, run) => run.map((index) => `${x(index)},${y(numbers[index])}`);
  const bands = (lower ? runs(lower) : []).map((run) => ["path", {
    class: `band ${look}`,
    d: "M" + [...points(upper, run), ...points(lower, run).reverse()].join("L") + "Z",
  }]);
  const curves = runs(middle).flatMap((run) => [
    ["path", { class: `curve ${look}`, d: "M" + points(middle, run).join("L") }],
    ...(hasMarks ? run : []).map((index) => ["circle", {
      cx: x(index), cy: y(middle[index]), r: index === current ? 6 : 3.5, class: `mark ${look}`,
    }]),
  ]);
  return [...bands, ...curves];
}

function rowMarks(plot, width) {
  const longest = Math.max(...plot.labels.map((label) => label.length));
  const left = Math.min(Math.round(width * 0.46), 16 + Math.round(6.6 * longest));
  const [right, top, step] = [48, 6, 22];
  const height = top + step * plot.labels.length + 26;
  const bottom = height - 22;
  const numbers = [...numbersOf(plot), 0, 1];
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  const x = scale([low, high], [left, width - right]);
  const down = (value, look) =>
    ["line", { x1: x(value), x2: x(value), y1: top, y2: bottom, class: look }];
  const marks = quarters(low, high).flatMap(({ value, text }) => [
    down(value, "grid"), ["text", { x: x(value), y: height - 6, class: "tick middle" }, text],
  ]);
  marks.push(down(0, "axis"));
  plot.labels.forEach((label, index) => {
    const y = top + step * index;
    const isNow = index === plot.current;
    const tick = isNow ? " name-now" : "";
    const name = shortened(label, Math.floor((left - 12) / 6.4));
    marks.push(["text", { x: left - 8, y: y + 15, class: `tick end${tick}` }, name]);
    for (const series of plot.series) marks.push(...barMarks(series, index, x, y, step, isNow));
    const ends = plot.series.flatMap(({ middle, upper }) => [middle[index], upper?.[index]]);
    const end = Math.max(0, ...ends.filter(hasValue));
    marks.push(["text", { x: x(end) + 7, y: y + 15, class: `tick${tick}` },
      fixed(plot.series[0].middle[index], 3)]);
    const area = { x: 0, y, width, height: step, class: "hit" };
    if (plot.hints) marks.push(["rect", area, plot.hints[index], index]);
  });
  return { width, height, look: "bars", marks };
}

// A bar from zero, or a dot with its whisker.
function barMarks({ kind, look, middle, lower, upper }, index, x, y, step, isNow) {
  const value = middle[index];
  if (!hasValue(value)) return [];
  if (kind === "bar") {
    return [["rect", {
      x: Math.min(x(0), x(value)), y: y + 4, height: step - 8, width: Math.abs(x(value) - x(0)),
      class: `bar${isNow ? " now" : ""}`,
    }]];
  }
  const center = y + step / 2;
  const dot = ["circle", { cx: x(value), cy: center, r: 4, class: look }];
  if (!hasValue(lower?.[index])) return [dot];
  return [["line", {
    x1: x(lower[index]), x2: x(upper[index]), y1: center, y2: center, class: "whisker",
  }], dot];
}
