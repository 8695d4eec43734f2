// Reads pictures of maps and paints them.
//
// A picture is unpacked by hand and not through a canvas: browsers that protect against
// fingerprinting change what is read back from one.

async function inflate(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

// The bytes of a gray PNG as base64.
async function readGray(base64) {
  const file = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const { width, height, parts } = readChunks(file);
  return unfilter(await inflate(await new Blob(parts).arrayBuffer()), width, height);
}

// Paints a map in three colors; `whole` is the magnitude that gets the whole color.
function paint(canvas, map, width, height, { sign, whole, colors }) {
  [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext("2d");
  if (!map) {
    context.clearRect(0, 0, width, height);
    return;
  }
  const picture = context.createImageData(width, height);
  const table = Array.from({ length: 256 }, (_, byte) =>
    [...colorOf(colors, valueOf(byte, map, whole, sign)), 255]);
  map.bytes.forEach((byte, pixel) => picture.data.set(table[byte], 4 * pixel));
  context.putImageData(picture, 0, 0);
}
