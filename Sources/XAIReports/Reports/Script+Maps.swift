extension ReportPage {
  /// Reads pictures of maps and paints them.
  ///
  /// A picture is unpacked by hand and not through a canvas: browsers that protect against
  /// fingerprinting change what is read back from one.
  static let mapScript = #"""
    async function inflate(bytes) {
      const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
      return new Uint8Array(await new Response(stream).arrayBuffer());
    }

    // The bytes of a gray PNG of 8 bits without interlacing (W3C, PNG, sections 5 and 9).
    async function readGray(base64) {
      const text = atob(base64);
      const file = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
      const view = new DataView(file.buffer);
      const [width, height] = [view.getUint32(16), view.getUint32(20)];
      const parts = [];
      for (let at = 8; at < file.length;) {
        const length = view.getUint32(at);
        if (text.substr(at + 4, 4) === "IDAT") parts.push(file.subarray(at + 8, at + 8 + length));
        at += length + 12;
      }
      const packed = await inflate(await new Blob(parts).arrayBuffer());
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
            const [a, b, c] = [Math.abs(up - corner), Math.abs(left - corner),
              Math.abs(left + up - 2 * corner)];
            guess = a <= b && a <= c ? left : b <= c ? up : corner;
          }
          out[at] = packed[row * (width + 1) + 1 + column] + guess;
        }
      }
      return out;
    }

    const colourMaps = {
      "red-green": [[255, 0, 0], [255, 255, 255], [0, 128, 0]],
      "orange-blue": [[179, 88, 6], [255, 255, 255], [5, 85, 160]],
    };
    function colour(map, value) {
      const [against, none, supporting] = colourMaps[map];
      const strength = Math.min(Math.abs(value), 1);
      const end = value < 0 ? against : supporting;
      return none.map((from, channel) => Math.round(from + strength * (end[channel] - from)));
    }

    // The largest magnitude of a map after the sign is chosen, as a part of its scale.
    function largest(map, sign) {
      let most = 0;
      for (const byte of map.bytes) {
        const value = byte - 128;
        most = Math.max(most, sign === "positive" ? value : Math.abs(value));
      }
      return most / 127;
    }

    // Paints a map { bytes, scale }; `whole` is the magnitude that gets the whole colour.
    function paint(canvas, map, width, height, { sign, whole, colours }) {
      [canvas.width, canvas.height] = [width, height];
      const context = canvas.getContext("2d");
      if (!map) { context.clearRect(0, 0, width, height); return; }
      const picture = context.createImageData(width, height);
      const table = [];
      for (let byte = 0; byte < 256; byte++) {
        let value = whole > 0 ? (byte - 128) / 127 * map.scale / whole : 0;
        if (sign === "positive") value = Math.max(value, 0);
        table.push(colour(colours, value));
      }
      map.bytes.forEach((byte, pixel) => picture.data.set([...table[byte], 255], 4 * pixel));
      context.putImageData(picture, 0, 0);
    }
    """#
}
