// Draws curves with bands over named positions.

// plot = { title, labels, vertical, curves: [{ className, middle, low, high, marks }],
//          lines: [{ value, text, className, atRight }], current, flagged: [bool], pick(index) }
function drawPlot(holder, plot) {
  const width = Math.max(280, Math.round(holder.clientWidth) || 640);
  const height = Math.round(Math.min(400, Math.max(270, width * 0.56)));
  const [left, right, top] = [46, 12, 14];
  const slot = (width - left - right) / plot.labels.length;
  const isTilted = slot < 44;
  const bottom = height - (isTilted ? 54 : 34);
  const values = plot.curves.flatMap((curve) =>
    [...curve.middle, ...(curve.low || []), ...(curve.high || [])])
    .concat(plot.lines.map((line) => line.value), [0, 1])
    .filter(hasValue);
  const marks = ticks(Math.min(...values), Math.max(...values), 6);
  const [low, high] = [marks[0].value, marks[marks.length - 1].value];
  const x = (index) => left + slot * (index + 0.5);
  const y = scale([low, high], [bottom, top]);
  const svg = make("svg", {
    viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": plot.title, class: "plot",
  });
  for (const { value, text } of marks) {
    svg.append(
      make("line", { x1: left, x2: width - right, y1: y(value), y2: y(value), class: "grid" }),
      make("text", { x: left - 7, y: y(value) + 4, class: "tick end" }, text));
  }
  if (plot.current !== undefined) {
    svg.append(make("rect", {
      x: x(plot.current) - slot / 2, y: top, width: slot, height: bottom - top, class: "here",
    }));
  }
  plot.labels.forEach((label, index) => {
    const place = isTilted
      ? { x: x(index) + 4, y: bottom + 13, transform: `rotate(-45 ${x(index) + 4} ${bottom + 13})`,
        class: "tick end" }
      : { x: x(index), y: bottom + 18, class: "tick middle" };
    if (index === plot.current) place.class += " now";
    svg.append(make("text", place, label));
    if (plot.flagged && plot.flagged[index]) {
      svg.append(make("text", { x: x(index), y: bottom - 5, class: "tick middle flag" }, "!"));
    }
  });
  svg.append(make("line", { x1: left, x2: width - right, y1: bottom, y2: bottom, class: "axis" }));
  for (const line of plot.lines) {
    svg.append(make("line", { x1: left, x2: width - right, y1: y(line.value), y2: y(line.value),
      class: "rule " + line.className }));
  }
  for (const curve of plot.curves) {
    const points = (numbers, run) => run.map((index) => `${x(index)},${y(numbers[index])}`);
    for (const run of curve.low ? runs(curve.low) : []) {
      svg.append(make("path", { class: "band " + curve.className, d: "M" +
        [...points(curve.high, run), ...points(curve.low, run).reverse()].join("L") + "Z" }));
    }
    for (const run of runs(curve.middle)) {
      svg.append(make("path", { class: "curve " + curve.className,
        d: "M" + points(curve.middle, run).join("L") }));
      for (const index of curve.marks ? run : []) {
        svg.append(make("circle", { cx: x(index), cy: y(curve.middle[index]),
          r: index === plot.current ? 6 : 3.5, class: "mark " + curve.className }));
      }
    }
  }
  // Over the curves, which would strike them out.
  for (const line of plot.lines) {
    svg.append(make("text", line.atRight
      ? { x: width - right - 3, y: y(line.value) + 15, class: "tick end" }
      : { x: left + 4, y: y(line.value) - 5, class: "tick" }, line.text));
  }
  if (plot.pick) {
    plot.labels.forEach((label, index) => {
      const area = make("rect", { x: x(index) - slot / 2, y: top, width: slot,
        height: height - top, class: "hit" });
      area.append(make("title", {}, plot.hint(index)));
      area.addEventListener("click", () => plot.pick(index));
      svg.append(area);
    });
  }
  holder.replaceChildren(svg);
}
