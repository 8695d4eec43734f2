extension ReportPage {
  /// What a person chooses in a page about pairs of maps, and where its numbers and maps are.
  static let contrastScript = #"""
    const report = readData("report-data");
    const state = {
      image: 0, pair: 0, method: 0, measure: Math.max(0, report.measures.findIndex(
        (measure) => measure.id === report.headline)),
      sign: "all", scale: "own", colours: "red-green",
    };
    const sprites = new Map();

    // A report's numbers: [method][measure] holds text that is read when it is needed.
    const unpacked = new Map();
    function numbers(kind, method, measure) {
      const key = `${kind} ${method} ${measure}`;
      if (!unpacked.has(key)) {
        unpacked.set(key, report[kind][method][measure].split(",")
          .map((text) => text === "" ? null : Number(text) / 1000000));
      }
      return unpacked.get(key);
    }
    const image = () => report.images[state.image];
    const pair = () => image().pairs[state.pair];
    const score = (method, measure) => numbers("scores", method, measure)[pair().place];
    function isConvention(method, measure) {
      const known = report.conventions[method][measure];
      return known !== "" && known.split(",").includes(String(pair().place));
    }
    // Mean, deviation and both ends of the mean's interval over all images.
    function summary(method, measure, contrast) {
      const [mean, deviation, lower, upper] =
        numbers("summaries", method, measure).slice(4 * contrast, 4 * contrast + 4);
      return { mean, deviation, lower, upper };
    }

    // The maps of an image by a method: a function of the position of a side.
    async function maps(method, which) {
      const key = `maps-${method}-${which}`;
      if (!sprites.has(key)) {
        const element = byId(key);
        sprites.set(key, element ? readGray(element.textContent) : Promise.resolve(null));
      }
      const bytes = await sprites.get(key);
      const { tiles, scales } = report.maps[method][which];
      const size = report.height * report.width;
      if (bytes && bytes.length !== (Math.max(...tiles) + 1) * size) {
        throw new Error(`the maps of method ${method} and image ${which} are damaged`);
      }
      return (position) => tiles[position] < 0 || !bytes ? null : {
        bytes: bytes.subarray(tiles[position] * size, (tiles[position] + 1) * size),
        scale: scales[position],
      };
    }

    // The magnitude of a map, after the sign is chosen, that gets the whole colour.
    const extent = (map) => map ? map.scale * largest(map, state.sign) : 0;
    function wholes(left, right) {
      const shared = Math.max(extent(left), extent(right));
      return state.scale === "shared" ? [shared, shared] : [extent(left), extent(right)];
    }
    // Left without right, each divided by its whole: from -2 to 2, as a map of its own.
    function difference(left, right) {
      if (!left || !right) return null;
      const parts = [left, right].map((map, index) => {
        const whole = wholes(left, right)[index];
        return (byte) => {
          const value = whole > 0 ? (byte - 128) / 127 * map.scale / whole : 0;
          return state.sign === "positive" ? Math.max(value, 0) : value;
        };
      });
      const bytes = left.bytes.map((byte, pixel) =>
        128 + Math.round(127 * (parts[0](byte) - parts[1](right.bytes[pixel])) / 2));
      return { bytes, scale: 2 };
    }

    function fill(select, options, chosen) {
      select.replaceChildren(...options.map(([value, text]) => make("option", { value }, text)));
      select.value = String(chosen);
    }

    function buildControls() {
      fill(byId("image"), report.images.map((one, index) => [index, one.name]), state.image);
      byId("method").replaceChildren(...report.groups.map((group) => {
        const options = make("optgroup", { label: group.title });
        report.methods.forEach((method, index) => {
          if (method.group === group.id) options.append(make("option", { value: index }, method.id));
        });
        return options;
      }));
      fill(byId("measure"), report.measures.map((measure, index) => [index, measure.title]),
        state.measure);
      for (const name of ["image", "method", "pair", "measure"]) {
        byId(name).addEventListener("change", (event) => change({ [name]: Number(event.target.value) }));
      }
      for (const name of ["sign", "scale", "colours"]) {
        for (const input of document.getElementsByName(name)) {
          input.addEventListener("change", () => change({ [name]: input.value }));
        }
      }
      for (const link of document.querySelectorAll("[data-method]")) {
        link.addEventListener("click", (event) => {
          // Without a change of the address, which holds what is shown.
          event.preventDefault();
          change({ method: Number(link.dataset.method) });
          byId("explore").scrollIntoView();
          byId("method").focus({ preventScroll: true });
        });
      }
      byId("strip").addEventListener("keydown", (event) => {
        const moves = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -1, ArrowDown: 1, Home: -999, End: 999 };
        if (!(event.key in moves)) return;
        event.preventDefault();
        const last = report.methods.length - 1;
        change({ method: Math.min(Math.max(state.method + moves[event.key], 0), last) });
        byId("strip").querySelector("[aria-pressed=true]").focus();
      });
    }

    function change(changes) {
      Object.assign(state, changes);
      state.pair = Math.min(state.pair, image().pairs.length - 1);
      render();
    }

    // What is shown is in the address, so that it can be passed on and survives a reload.
    function remember() {
      const words = new URLSearchParams(Object.entries(state).map(([k, v]) => [k, String(v)]));
      try { history.replaceState(null, "", "#" + words); } catch { /* Not allowed: no harm. */ }
    }
    function recall() {
      const words = new URLSearchParams(location.hash.slice(1));
      const ranges = {
        image: report.images.length, method: report.methods.length, measure: report.measures.length,
        pair: 1000,
      };
      for (const [name, count] of Object.entries(ranges)) {
        const value = Number(words.get(name) ?? NaN);
        if (Number.isInteger(value) && value >= 0 && value < count) state[name] = value;
      }
      const switches = { sign: ["all", "positive"], scale: ["own", "shared"],
        colours: Object.keys(colourMaps) };
      for (const [name, allowed] of Object.entries(switches)) {
        if (allowed.includes(words.get(name))) state[name] = words.get(name);
      }
      state.pair = Math.min(state.pair, image().pairs.length - 1);
    }
    """#
}
