"use strict";

const curvesOfTests = {
  title: "t", labels: ["a", "b", "c", "d"], current: 1, flagged: [false, false, true, false],
  series: [{
    look: "mean", hasMarks: true, middle: [1, 0.5, null, 0], lower: [null, 0.4, null, 0],
    upper: [null, 0.6, null, 0.2],
  }],
  references: [
    { value: 0.9, text: "margin", look: "margin", atEnd: true },
    { value: 0.1, upTo: 0.2, text: "floors", look: "floor" },
  ],
  hints: ["A", "B", "C", "D"],
};
const marksNamed = (plot, look, width = 458) => marksOf(plot, width).marks
  .filter(([, attributes]) => attributes.class === look).map(([, attributes]) => attributes);

test("a plot of curves is as wide as its window, and not too high", () => {
  const sizes = [280, 458, 2000].map((width) => marksOf(curvesOfTests, width))
    .map(({ width, height }) => [width, height]);
  equal(sizes, [[280, 270], [458, 270], [2000, 400]]);
});

test("a curve breaks where a number is missing", () => {
  // 400 wide for four labels, from 46: their centers are 96, 196, 296, 396; up from 236 to 14.
  equal(marksNamed(curvesOfTests, "curve mean").map((path) => path.d),
    ["M96,14L196,125", "M396,236"]);
  equal(marksNamed(curvesOfTests, "mark mean").map(({ cx, cy, r }) => [cx, cy, r]),
    [[96, 14, 3.5], [196, 125, 6], [396, 236, 3.5]]);
});

test("a band runs along its upper edge and back along its lower", () => {
  const bands = marksNamed(curvesOfTests, "band mean").map((path) => path.d);
  equal(bands.map((d) => d.split("L").length), [2, 2]);
  equal(bands[1], "M396,191.6L396,236Z");
});

test("lines and areas mark references", () => {
  const [line] = marksNamed(curvesOfTests, "rule margin");
  equal([line.x1, line.x2, Math.round(10 * line.y1) / 10], [46, 446, 36.2]);
  const [area] = marksNamed(curvesOfTests, "range floor");
  equal([area.x, area.width, Math.round(10 * area.height) / 10], [46, 400, 22.2]);
});

test("what is chosen, flagged and picked stands at its label", () => {
  equal(marksNamed(curvesOfTests, "here").map(({ x, width }) => [x, width]), [[146, 100]]);
  equal(marksNamed(curvesOfTests, "tick middle flag").map(({ x }) => x), [296]);
  const picks = marksOf(curvesOfTests, 458).marks.filter((mark) => mark.length === 4)
    .map(([, , hint, index]) => [hint, index]);
  equal(picks, [["A", 0], ["B", 1], ["C", 2], ["D", 3]]);
});

test("labels are tilted where they have little room", () => {
  equal(marksNamed(curvesOfTests, "tick middle now").length, 1);
  const plot = { ...curvesOfTests, labels: Array(12).fill("conv10") };
  equal(marksNamed(plot, "tick end now").length, 1);
});

const barsOfTests = {
  title: "t", labels: ["first", "second"], isHorizontal: true, current: 1,
  series: [
    { kind: "bar", look: "bar", middle: [0.5, -1] },
    { kind: "dot", look: "dot", middle: [0.25, null], lower: [0, null], upper: [1, null] },
  ],
};

test("bars begin at zero and go to their number, on either side", () => {
  // Names take 16 + 40, numbers 48: from -1 at 56 to 1 at 456.
  equal(marksNamed(barsOfTests, "bar", 504).map(({ x, width }) => [x, width]), [[256, 100]]);
  equal(marksNamed(barsOfTests, "bar now", 504).map(({ x, width }) => [x, width]), [[56, 200]]);
});

test("a dot has its whisker, and none without a number", () => {
  equal(marksNamed(barsOfTests, "dot", 504).map(({ cx, cy }) => [cx, cy]), [[306, 17]]);
  equal(marksNamed(barsOfTests, "whisker", 504).map(({ x1, x2 }) => [x1, x2]), [[256, 456]]);
});

test("a row's number stands behind all that is drawn in it", () => {
  const words = marksOf(barsOfTests, 504).marks.filter((mark) => mark[2] === "0.500");
  equal(words.map(([, attributes]) => attributes.x), [463]);
});
