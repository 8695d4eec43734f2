"use strict";

// Whether two values are written alike; typed arrays are made arrays by the tests.
function equal(found, expected) {
  const [left, right] = [found, expected].map((value) => JSON.stringify(value));
  if (left !== right) throw new Error(`found ${left}, expected ${right}`);
}
