"use strict";

const chartOfTests = {
  title: "t", across: { words: "x", range: [0, 1] }, upward: { words: "y", range: [0, 1] },
  bands: [{ look: "range", low: [[0, 0], [1, 0]], high: [[0, 1], [1, 0.5]] }],
  curves: [{ look: "c0", points: [[0, 1], [0.5, 0.5], [1, 0]] }],
  dots: [
    {
      look: "best", x: 0.5, y: 0.5, widths: [0.25, 0.75], heights: null, label: "one",
      isNamed: true,
    },
    { look: "", x: 1, y: 1, label: "second", isNamed: true },
    { look: "", x: 0, y: 0, label: "third" },
  ],
  hints: ["A", "B", "C"],
};
// From 52 to 452 across and from 262 up to 22.
const chartMarksNamed = (look, plot = chartOfTests) => marksOf(plot, 466).marks
  .filter(([, attributes]) => attributes.class === look).map(([, attributes]) => attributes);

test("a chart has numbers on both sides", () => {
  const { width, height } = marksOf(chartOfTests, 466);
  equal([width, height], [466, 308]);
  equal(chartMarksNamed("curve c0").map((path) => path.d), ["M52,22L252,142L452,262"]);
});

test("a band runs along its upper line and back along its lower", () => {
  equal(chartMarksNamed("band range").map((path) => path.d), ["M52,22L452,142L452,262L52,262Z"]);
});

test("a dot has its whiskers, and a click on it picks it", () => {
  equal(chartMarksNamed("point best").map(({ cx, cy }) => [cx, cy]), [[252, 142]]);
  equal(chartMarksNamed("reach best").map(({ x1, x2, y1, y2 }) => [x1, x2, y1, y2]),
    [[152, 352, 142, 142]]);
  const picks = marksOf(chartOfTests, 466).marks.filter((mark) => mark.length === 4);
  equal(picks.map(([, , hint, index]) => [hint, index]), [["A", 0], ["B", 1], ["C", 2]]);
});

test("names stand where there is room, and never over each other", () => {
  equal(chartMarksNamed("tick name").map(({ x, y }) => [x, y]), [[261, 146]]);
  equal(chartMarksNamed("tick name end").map(({ x, y }) => [x, y]), [[443, 26]]);
  const [one, other] = namesOf([
    { x: 0, y: 10, label: "alpha" }, { x: 1, y: 12, label: "beta" },
  ], (x) => x, (y) => y, 400).map(([, { y }]) => y);
  equal(other - one >= 12, true);
});

test("a chart of equal numbers has an axis all the same", () => {
  const plot = {
    title: "t", across: { words: "x" }, upward: { words: "y" },
    dots: [{ look: "", x: 3, y: -1, label: "one" }],
  };
  const [dot] = chartMarksNamed("point ", plot);
  equal([Number.isFinite(dot.cx), Number.isFinite(dot.cy)], [true, true]);
});

test("no other point beats those of the front, whichever way is better", () => {
  const points = [[1, 1], [2, 2], [3, 1], [null, 9], [2, 2]];
  equal(frontOf(points, [1, 1]), [false, true, true, false, true]);
  equal(frontOf(points, [-1, 1]), [true, true, false, false, true]);
  equal(frontOf(points, [-1, -1]), [true, false, false, false, false]);
  equal(frontOf([], [1, 1]), []);
});

test("steps enclose what a front beats", () => {
  // More is better on both sides: down, then to the right.
  equal(stepsOf([[2, 1], [1, 3]], 1), [[1, 3], [1, 1], [2, 1]]);
  // Less of x is better: to the right, then up.
  equal(stepsOf([[2, 3], [1, 1]], -1), [[1, 1], [2, 1], [2, 3]]);
});

test("what is gone becomes what is shown", () => {
  equal(backwards([[0, 5], [0.25, 4], [1, 0]]), [[0, 0], [0.75, 4], [1, 5]]);
});
