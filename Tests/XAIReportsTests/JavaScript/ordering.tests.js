"use strict";

const sorted = (texts, isNumber, order) =>
  [...texts].sort((left, right) => compareCells(left, right, isNumber, order));

test("clicks go up, down and back", () => {
  equal([null, "ascending", "descending"].map(nextOrder), ["ascending", "descending", null]);
});

test("numbers are ordered as numbers, rows without one stay below", () => {
  equal(sorted(["10", "", "-2", "9"], true, "ascending"), ["-2", "9", "10", ""]);
  equal(sorted(["10", "", "-2", "9"], true, "descending"), ["10", "9", "-2", ""]);
});

test("words are ordered as people count", () => {
  equal(sorted(["conv10", "conv2", "bias"], false, "ascending"), ["bias", "conv2", "conv10"]);
  equal(sorted(["conv10", "conv2", "bias"], false, "descending"), ["conv10", "conv2", "bias"]);
});
