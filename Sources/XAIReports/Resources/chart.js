// Charts: plots with numbers on both sides. Nothing here touches the page.
//
// plot = { title, across, upward, bands, curves, dots, front, hints }
//   across, upward = { words, range }: what the side shows; the range is in it in any case
//   bands = [{ look, low, high }]: between two lines of points [x, y]
//   curves = [{ look, points }]
//   dots = [{ look, x, y, widths, heights, label, isNamed }]: with whiskers from one number to
//     another, and a name beside those that are named
//   hints = [words]: for each dot what it says, so that a click picks it

function chartMarks(plot, width) {
  const height = Math.round(clamped(width * 0.66, 270, 460));
  const [left, right, top, bottom] = [52, 14, 22, height - 46];
  const end = width - right;
  const { bands = [], curves = [], dots = [] } = plot;
  const points = [
    ...bands.flatMap(({ low, high }) => [...low, ...high]),
    ...curves.flatMap((curve) => curve.points),
    ...dots.flatMap(({ x, y, widths, heights }) => [
      [x, y], ...(widths ?? []).map((one) => [one, y]), ...(heights ?? []).map((one) => [x, one]),
    ]),
  ];
  const side = (index, { range }, wished, ends) => {
    const numbers = [...points.map((point) => point[index]), ...(range ?? [])].filter(hasValue);
    const [low, high] = numbers.length ? [Math.min(...numbers), Math.max(...numbers)] : [0, 1];
    const all = low < high ? ticks(low, high, wished) : ticks(low - 0.5, low + 0.5, wished);
    return [all, scale([all[0].value, all[all.length - 1].value], ends)];
  };
  const [columns, x] = side(0, plot.across, width < 400 ? 4 : 8, [left, end]);
  const [rows, y] = side(1, plot.upward, 6, [bottom, top]);
  const at = ([across, upward]) => `${places(x(across))},${places(y(upward))}`;
  const line = (path) => "M" + path.map(at).join("L");
  const marks = [
    ...rows.flatMap(({ value, text }) => [
      ["line", { x1: left, x2: end, y1: y(value), y2: y(value), class: "grid" }],
      ["text", { x: left - 7, y: y(value) + 4, class: "tick end" }, text],
    ]),
    ...columns.flatMap(({ value, text }) => [
      ["line", { x1: x(value), x2: x(value), y1: bottom, y2: bottom + 5, class: "axis" }],
      ["text", { x: x(value), y: bottom + 19, class: "tick middle" }, text],
    ]),
    ["line", { x1: left, x2: end, y1: bottom, y2: bottom, class: "axis" }],
    ["line", { x1: left, x2: left, y1: top, y2: bottom, class: "axis" }],
    ["text", { x: (left + end) / 2, y: height - 8, class: "tick middle" }, plot.across.words],
    ["text", { x: 4, y: 12, class: "tick" }, plot.upward.words],
  ];
  for (const { look, low, high } of bands) {
    const back = [...low].reverse();
    marks.push(["path", { class: `band ${look}`, d: `${line([...high, ...back])}Z` }]);
  }
  for (const { look, points: path } of curves) {
    marks.push(["path", { class: `curve ${look}`, d: line(path) }]);
  }
  for (const dot of dots) marks.push(...dotMarks(dot, x, y));
  marks.push(...namesOf(dots.filter((dot) => dot.isNamed), x, y, end));
  (plot.hints ?? []).forEach((hint, index) => {
    const { x: across, y: upward } = dots[index];
    marks.push(["circle", { cx: x(across), cy: y(upward), r: 13, class: "hit" }, hint, index]);
  });
  return { width, height, look: "plot", marks };
}

// Tenths of a pixel are enough.
const places = (number) => Math.round(10 * number) / 10;

function dotMarks({ look, x: across, y: upward, widths, heights }, x, y) {
  const whisker = (x1, x2, y1, y2) => ["line", { x1, x2, y1, y2, class: `reach ${look}` }];
  return [
    ...(widths ? [whisker(x(widths[0]), x(widths[1]), y(upward), y(upward))] : []),
    ...(heights ? [whisker(x(across), x(across), y(heights[0]), y(heights[1]))] : []),
    ["circle", { cx: x(across), cy: y(upward), r: 5, class: `point ${look}` }],
  ];
}

// Names beside their dots, on the side where there is room; one that would lie over another moves
// down.
function namesOf(dots, x, y, end) {
  const taken = [];
  return dots.map((dot) => ({ dot, left: x(dot.x), top: y(dot.y) }))
    .sort((one, other) => one.top - other.top)
    .map(({ dot, left, top }) => {
      const long = 6.4 * dot.label.length;
      const isLeft = left + 9 + long > end;
      const from = isLeft ? left - 9 - long : left + 9;
      let row = top + 4;
      const collides = () => taken.some((other) => Math.abs(other.row - row) < 12
        && other.from < from + long && from < other.from + other.long);
      while (collides()) row += 2;
      taken.push({ row, from, long });
      return ["text", {
        x: isLeft ? left - 9 : left + 9, y: row, class: `tick name${isLeft ? " end" : ""}`,
      }, dot.label];
    });
}

// The edge of what some points beat, from left to right, in steps; `sign` is 1 where more of x is
// better and -1 where less is.
function stepsOf(points, sign) {
  const sorted = [...points].sort((one, other) => one[0] - other[0]);
  return sorted.flatMap((point, index) => {
    if (!index) return [point];
    const last = sorted[index - 1];
    return [sign > 0 ? [last[0], point[1]] : [point[0], last[1]], point];
  });
}

// Which of some points no other beats, where each side has a sign: 1 where higher is better, -1
// where lower is. A point without both numbers is not among them.
function frontOf(points, signs) {
  const isWhole = (point) => point.every(hasValue);
  const beats = (one, other) => signs.every((sign, side) => sign * (one[side] - other[side]) >= 0)
    && signs.some((sign, side) => one[side] !== other[side]);
  return points.map((point) => isWhole(point)
    && !points.some((other) => isWhole(other) && beats(other, point)));
}

// A curve's points backwards: what is gone becomes what is shown.
const backwards = (points) => points.map(([x, y]) => [1 - x, y]).reverse();
