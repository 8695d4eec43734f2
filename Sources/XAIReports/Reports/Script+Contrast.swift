extension ReportPage {
  /// What a person chooses in a page about pairs of maps, and where its numbers and maps are.
  static let contrastScript = #"""
    const state = {
      image: 0, pair: 0, method: 0, measure: headline, sign: "all", scale: "own", colours: "red-green",
    };
    const selections = ["image", "method", "pair", "measure"];

    const image = () => report.images[state.image];
    const pair = () => image().pairs[state.pair];
    const score = (method, measure) => numbers("scores", method, measure)[pair().place];
    const isConvention = (method, measure) => isConventionAt(pair().place, method, measure);
    const summary = (method, measure, contrast) => summaryAt(contrast, method, measure);

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

    function buildControls() {
      fill(byId("image"), report.images.map((one, index) => [index, one.name]), state.image);
      fillMethods();
      fill(byId("measure"), report.measures.map((measure, index) => [index, measure.title]),
        state.measure);
      listen(selections);
      listenToStrip((move) => change({ method: state.method + move }));
    }

    function change(changes) {
      Object.assign(state, changes);
      state.pair = Math.min(state.pair, image().pairs.length - 1);
      state.method = Math.min(Math.max(state.method, 0), report.methods.length - 1);
      return render();
    }
    """#
}
