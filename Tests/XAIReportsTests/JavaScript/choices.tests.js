"use strict";

const looksOfTests = { sign: ["all", "positive"] };

test("an address is read as far as it makes sense", () => {
  equal(readChoices("#method=2&sign=positive&other=1", { method: 3 }, looksOfTests),
    { method: 2, sign: "positive" });
  const strange = ["", "#", "#method=3", "#method=-1", "#method=1.5", "#method=x", "#sign=%00"];
  for (const hash of strange) {
    equal(readChoices(hash, { method: 3 }, looksOfTests), {});
  }
});

test("what is written into an address is read again", () => {
  const state = { method: 1, sign: "positive" };
  equal(writeChoices(state), "#method=1&sign=positive");
  equal(readChoices(writeChoices(state), { method: 3 }, looksOfTests), state);
});

test("keys move along a row, and other keys do not", () => {
  equal(["ArrowLeft", "ArrowDown", "Home", "a", "toString"].map(moveOf), [-1, 1, -999, null, null]);
  equal([-999, 1, 999].map((move) => clamped(2 + move, 0, 4)), [0, 3, 4]);
});

test("a row is scrolled to what is outside of it alone", () => {
  equal(scrollFor([100, 150], [50, 200]), null);
  equal(scrollFor([300, 350], [50, 200]), 200);
  equal(scrollFor([10, 60], [50, 200]), -90);
});

test("a share of color is between none and 65 percent", () => {
  equal([null, -1, 0.5, 2].map(shareOf), ["0%", "0%", "33%", "65%"]);
});

test("a bar says how far a value is on the way to equal maps, on any scale", () => {
  const correlation = { range: [-1, 1], equal: 1 };
  equal([1, 0.25, -0.5, null].map((value) => shareOfScale(value, correlation)),
    [1, 0.25, -0.5, null]);
  const bounded = { range: [0, 4], equal: 0 };
  equal([0, 1, 4].map((value) => shareOfScale(value, bounded)), [1, 0.75, 0]);
  equal(shareOfScale(3, { range: [0, null], equal: 0 }), null);
});
