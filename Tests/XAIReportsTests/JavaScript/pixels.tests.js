"use strict";

const mapOf = (bytes, scale) => ({ bytes: Uint8Array.from(bytes), scale });

// A chunk of a PNG, without the checksum that nobody reads here.
const chunk = (kind, bytes) => [
  0, 0, 0, bytes.length, ...[...kind].map((letter) => letter.charCodeAt(0)), ...bytes, 0, 0, 0, 0,
];

test("the parts of a PNG are found in their order", () => {
  const head = [0, 0, 0, 5, 0, 0, 0, 7, 8, 0, 0, 0, 0];
  const file = Uint8Array.from([
    ...Array(8).fill(0), ...chunk("IHDR", head), ...chunk("IDAT", [1, 2]), ...chunk("tEXt", [9]),
    ...chunk("IDAT", [3]), ...chunk("IEND", []),
  ]);
  const { width, height, parts } = readChunks(file);
  equal([width, height], [5, 7]);
  equal(parts.map((part) => [...part]), [[1, 2], [3]]);
});

test("each filter of a PNG is undone", () => {
  // By hand from the standard: none, left, above, mean, Paeth.
  const packed = Uint8Array.from([
    0, 10, 20, 30,
    1, 5, 5, 250,
    2, 1, 1, 1,
    3, 10, 10, 10,
    4, 1, 2, 3,
  ]);
  equal([...unfilter(packed, 3, 5)], [
    10, 20, 30,
    5, 10, 4,
    6, 11, 5,
    13, 22, 23,
    14, 24, 27,
  ]);
});

test("colors run from against over none to for", () => {
  equal([-1, 0, 1, 5].map((value) => colorOf(colorMaps["red-green"], value)),
    [[255, 0, 0], [255, 255, 255], [0, 128, 0], [0, 128, 0]]);
  equal(colorOf(colorMaps["blue-orange"], -0.5), [217, 172, 131]);
});

test("colors and words follow what a sign means", () => {
  equal(colorsOf("relevance", "red-green"), colorMaps["red-green"]);
  equal(colorsOf("sensitivity", "blue-orange"), colorMaps["blue-orange"]);
  equal(colorOf(colorsOf("magnitude", "red-green"), -1), [255, 255, 255]);
  equal(colorOf(colorsOf("none", "red-green"), -1), colorOf(colorsOf("none", "red-green"), 1));
  equal(legendOf("relevance", false), ["against the class", "for the class"]);
  equal(legendOf("relevance", true), ["none", "for the class"]);
  equal(legendOf("sensitivity", false)[1], "more of it raises the class");
  equal(legendOf("magnitude", false), ["none", "much"]);
});

test("a byte stands for a part of its map's scale", () => {
  const map = mapOf([], 2);
  equal([1, 128, 255].map((byte) => valueOf(byte, map, 4, "all")), [-0.5, 0, 0.5]);
  equal(valueOf(1, map, 4, "positive"), 0);
  equal(valueOf(255, mapOf([], 0), 0, "all"), 0);
});

test("the extent of a map is its largest magnitude of the chosen sign", () => {
  const map = mapOf([1, 128, 128 + 63], 2);
  equal(extentOf(map, "all"), 2);
  equal(extentOf(map, "positive"), 2 * 63 / 127);
  equal(extentOf(null, "all"), 0);
  equal(wholesOf([map, mapOf([255], 3), null], "all", false), [2, 3, 0]);
  equal(wholesOf([map, mapOf([255], 3), null], "all", true), [3, 3, 3]);
});

test("a difference is between maps that are divided by their wholes", () => {
  const [left, right] = [mapOf([255, 1, 128], 2), mapOf([255, 255, 128], 8)];
  const { bytes, scale } = differenceOf(left, right, [2, 8], "all");
  equal([[...bytes], scale], [[128, 1, 128], 2]);
  equal([...differenceOf(left, right, [2, 8], "positive").bytes], [128, 65, 128]);
  equal(differenceOf(left, null, [2, 8], "all"), null);
});

test("only a negative value speaks against a class", () => {
  equal([isSigned([null, mapOf([128, 255], 1)]), isSigned([mapOf([127], 1)])], [false, true]);
});

test("the size of a map is told in words", () => {
  equal([null, mapOf([], 0), mapOf([], 0.5)].map(sizeWords),
    ["no map", "zero everywhere", "largest magnitude 0.5"]);
});

test("maps are found in their picture, and nothing where there is none", () => {
  const find = mapsOf(Uint8Array.from([1, 2, 3, 4]), { tiles: [1, -1, 0], scales: [5, 0, 7] }, 2);
  equal([...find(0).bytes, find(0).scale], [3, 4, 5]);
  equal([...find(2).bytes, find(2).scale], [1, 2, 7]);
  equal([find(1), find(3)], [null, null]);
  equal(mapsOf(null, { tiles: [0], scales: [1] }, 2)(0), null);
});
