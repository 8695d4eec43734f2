// Maps as bytes and colors. Nothing here touches the page.
//
// A map is { bytes, scale }: byte 1 is -scale, 128 is 0, 255 is scale.

// The size and the packed pixels of a gray PNG of 8 bits without interlacing (W3C, PNG, section 5).
function readChunks(file) {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const parts = [];
  for (let at = 8; at < file.length;) {
    const length = view.getUint32(at);
    const kind = String.fromCharCode(...file.subarray(at + 4, at + 8));
    if (kind === "IDAT") parts.push(file.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  return { width: view.getUint32(16), height: view.getUint32(20), parts };
}

// The pixels that a PNG's filters made smaller (W3C, PNG, section 9).
function unfilter(packed, width, height) {
  const out = new Uint8Array(width * height);
  for (let row = 0; row < height; row++) {
    const filter = packed[row * (width + 1)];
    for (let column = 0; column < width; column++) {
      const at = row * width + column;
      const left = column ? out[at - 1] : 0;
      const up = row ? out[at - width] : 0;
      const corner = column && row ? out[at - width - 1] : 0;
      let guess = 0;
      if (filter === 1) guess = left;
      else if (filter === 2) guess = up;
      else if (filter === 3) guess = (left + up) >> 1;
      else if (filter === 4) {
        const [a, b, c] = [
          Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner),
        ];
        guess = a <= b && a <= c ? left : b <= c ? up : corner;
      }
      out[at] = packed[row * (width + 1) + 1 + column] + guess;
    }
  }
  return out;
}

const colorMaps = {
  "blue-orange": [[179, 88, 6], [255, 255, 255], [5, 85, 160]],
  "red-green": [[255, 0, 0], [255, 255, 255], [0, 128, 0]],
};

// Colors of maps without two signs: amounts in one hue, and what explains nothing.
const plainColorMaps = {
  magnitude: [[255, 255, 255], [255, 255, 255], [84, 39, 136]],
  none: [[70, 70, 70], [255, 255, 255], [70, 70, 70]],
};

// The colors of maps of a meaning, where `colors` are chosen for two signs.
const colorsOf = (meaning, colors) => plainColorMaps[meaning] ?? colorMaps[colors];

// What the ends of the legend say, the positive one last; one-sided maps have no negative end.
function legendOf(meaning, isOneSided) {
  if (meaning === "none") return ["", "no explanation: a control"];
  if (meaning === "magnitude") return ["none", "much"];
  const [below, above] = meaning === "sensitivity"
    ? ["more of it lowers the class", "more of it raises the class"]
    : ["against the class", "for the class"];
  return [isOneSided ? "none" : below, above];
}

// The color of a value from -1 to 1, between three colors.
function colorOf([against, none, supporting], value) {
  const strength = Math.min(Math.abs(value), 1);
  const end = value < 0 ? against : supporting;
  return none.map((from, channel) => Math.round(from + strength * (end[channel] - from)));
}

// What a byte of a map stands for, where `whole` is 1, after the sign is chosen.
function valueOf(byte, map, whole, sign) {
  const value = whole > 0 ? (byte - 128) / 127 * map.scale / whole : 0;
  return sign === "positive" ? Math.max(value, 0) : value;
}

// The largest magnitude of a map after the sign is chosen; 0 without a map.
function extentOf(map, sign) {
  if (!map) return 0;
  let most = 0;
  for (const byte of map.bytes) {
    const value = byte - 128;
    most = Math.max(most, sign === "positive" ? value : Math.abs(value));
  }
  return map.scale * (most / 127);
}

// The magnitudes that get the whole color, of each map or of all.
function wholesOf(maps, sign, isShared) {
  const own = maps.map((map) => extentOf(map, sign));
  return isShared ? own.map(() => Math.max(...own)) : own;
}

// Left without right, each divided by its whole: from -2 to 2, as a map of its own.
function differenceOf(left, right, wholes, sign) {
  if (!left || !right) return null;
  const bytes = left.bytes.map((byte, pixel) => 128 + Math.round(127
    * (valueOf(byte, left, wholes[0], sign) - valueOf(right.bytes[pixel], right, wholes[1], sign))
    / 2));
  return { bytes, scale: 2 };
}

// Maps without a negative value say nothing against a class.
const isSigned = (maps) => maps.some((map) => map && map.bytes.some((byte) => byte < 128));

const sizeWords = (map) =>
  !map ? "no map"
    : map.scale === 0 ? "zero everywhere"
      : "largest magnitude " + short(map.scale);

// The maps of a picture that holds several below each other: a function of their position.
function mapsOf(bytes, { tiles, scales }, size) {
  return (position) => {
    const tile = tiles[position];
    if (tile === undefined || tile < 0 || !bytes) return null;
    return { bytes: bytes.subarray(tile * size, (tile + 1) * size), scale: scales[position] };
  };
}
