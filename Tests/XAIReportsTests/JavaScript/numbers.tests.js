"use strict";

test("a number has its digits, a wide minus sign, and no negative zero", () => {
  equal(fixed(0.12345, 3), "0.123");
  equal(fixed(-1.5, 2), "\u22121.50");
  equal(fixed(-0.001, 2), "0.00");
  equal([fixed(null, 2), fixed(undefined, 2), fixed(NaN, 2)], ["\u2013", "\u2013", "\u2013"]);
});

test("a short number has three significant digits", () => {
  equal([0, 0.01234, 123456, -0.0001234].map(short),
    ["0", "0.0123", "1.23e+5", "\u22121.23e\u22124"]);
  equal(short(99999), "100000");
});

test("things are counted in singular and plural", () => {
  equal([counted(0, "seed"), counted(1, "seed"), counted(5, "seed")],
    ["0 seeds", "1 seed", "5 seeds"]);
});

test("packed numbers are millionths, and empty ones are none", () => {
  equal(unpackNumbers("1000000,-250000,,0"), [1, -0.25, null, 0]);
  equal(unpackNumbers(""), [null]);
});

test("a summary is four numbers at its place", () => {
  equal(summaryOf([1, 2, 3, 4, 5, 6, 7, null], 1),
    { mean: 5, deviation: 6, lower: 7, upper: null });
});

test("a place is found whole, never as a part of another", () => {
  equal(["3", "1", "4", "14"].map((place) => listsPlace("3,14", Number(place))),
    [true, false, false, true]);
  equal(listsPlace("", 0), false);
});
