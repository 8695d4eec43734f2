// Draws horizontal bars under each other.

// chart = { title, rows: [{ name, value, mean, lower, upper, hint }], current, pick(index) }
function drawBars(holder, chart) {
  const width = Math.max(280, Math.round(holder.clientWidth) || 560);
  const longest = Math.max(...chart.rows.map((row) => row.name.length));
  const left = Math.min(Math.round(width * 0.46), 16 + Math.round(6.6 * longest));
  const [right, top, step] = [48, 6, 22];
  const height = top + step * chart.rows.length + 26;
  const values = chart.rows.flatMap((row) => [row.value, row.mean, row.lower, row.upper])
    .filter(hasValue).concat([0, 1]);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const x = scale([low, high], [left, width - right]);
  const svg = make("svg", {
    viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": chart.title, class: "bars",
  });
  const bottom = height - 22;
  for (const { value, text } of quarters(low, high)) {
    svg.append(
      make("line", { x1: x(value), x2: x(value), y1: top, y2: bottom, class: "grid" }),
      make("text", { x: x(value), y: height - 6, class: "tick middle" }, text));
  }
  svg.append(make("line", { x1: x(0), x2: x(0), y1: top, y2: bottom, class: "axis" }));
  chart.rows.forEach((row, index) => {
    const y = top + step * index;
    const isNow = index === chart.current;
    const name = shortened(row.name, Math.floor((left - 12) / 6.4));
    svg.append(make("text", { x: left - 8, y: y + 15,
      class: "tick end" + (isNow ? " name-now" : "") }, name));
    if (row.value !== null) {
      svg.append(make("rect", { x: Math.min(x(0), x(row.value)), y: y + 4, height: step - 8,
        width: Math.abs(x(row.value) - x(0)), class: "bar" + (isNow ? " now" : "") }));
    }
    if (row.mean !== null) {
      if (row.lower !== null) {
        svg.append(make("line", { x1: x(row.lower), x2: x(row.upper), y1: y + step / 2,
          y2: y + step / 2, class: "whisker" }));
      }
      svg.append(make("circle", { cx: x(row.mean), cy: y + step / 2, r: 4, class: "dot" }));
    }
    const end = Math.max(...[0, row.value, row.mean, row.upper].filter((one) => one !== null));
    svg.append(make("text", { x: x(end) + 7, y: y + 15,
      class: "tick" + (isNow ? " name-now" : "") }, fixed(row.value, 3)));
    const area = make("rect", { x: 0, y, width, height: step, class: "hit" });
    area.append(make("title", {}, row.hint));
    area.addEventListener("click", () => chart.pick(index));
    svg.append(area);
  });
  holder.replaceChildren(svg);
}
