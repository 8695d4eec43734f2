"use strict";

test("ticks are round numbers around everything that is shown", () => {
  equal(ticks(0, 1, 6).map((tick) => tick.text), ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
  equal(ticks(-0.13, 1, 6).map((tick) => tick.text),
    ["\u22120.2", "0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
  equal(ticks(0, 25, 5).map((tick) => tick.value), [0, 5, 10, 15, 20, 25]);
});

test("quarters lie between both ends", () => {
  equal(quarters(-0.3, 1).map((tick) => tick.text),
    ["\u22120.25", "0.0", "0.25", "0.5", "0.75", "1.0"]);
});

test("a gap ends a run", () => {
  equal(runs([null, 1, 2, undefined, 0]), [[1, 2], [4]]);
  equal([runs([]), runs([null])], [[], []]);
});

test("a scale takes ends to ends, also downwards", () => {
  const down = scale([0, 2], [300, 100]);
  equal([0, 1, 2].map(down), [300, 200, 100]);
});

test("a long name is cut where it would not fit", () => {
  equal([shortened("saliency", 8), shortened("saliency", 5)], ["saliency", "sali\u2026"]);
});
