extension ReportPage {
  /// The part of a randomization report that a person uses: chooses, drags, compares.
  static let cascadeScript = #"""
    const report = readData("report-data");
    const state = {
      image: 0, method: 0, mode: 0, measure: Math.max(0, report.measures.findIndex(
        (measure) => measure.id === report.headline)),
      step: 1, seed: 0, sign: "all", scale: "own", colours: "red-green",
    };
    const sprites = new Map();

    // A report's numbers: [method][measure] holds text that is read when it is needed.
    const unpacked = new Map();
    function numbers(kind, method, measure) {
      const key = `${kind} ${method} ${measure}`;
      if (!unpacked.has(key)) {
        unpacked.set(key, report[kind][method][measure].split(",")
          .map((text) => text === "" ? null : Number(text) / 10000));
      }
      return unpacked.get(key);
    }
    const firstStep = (mode) => report.modes.slice(0, mode)
      .reduce((sum, other) => sum + other.layers.length, 0);
    const scorePlace = (step) => state.seed + report.mapSeeds.length
      * ((firstStep(state.mode) + step - 1) * report.images.length + state.image);
    // An unchanged map is as similar as can be, by every measure.
    const score = (step) => step === 0 ? 1
      : numbers("scores", state.method, state.measure)[scorePlace(step)];
    function isConvention(step) {
      const known = report.conventions[state.method][state.measure];
      return step > 0 && known !== "" && known.split(",").includes(String(scorePlace(step)));
    }
    // Mean, deviation and both ends of the mean's interval at a step of a mode.
    function summary(method, mode, step) {
      const at = 4 * (firstStep(mode) + step - 1);
      const [mean, deviation, lower, upper] =
        numbers("summaries", method, state.measure).slice(at, at + 4);
      return { mean, deviation, lower, upper };
    }
    function health(step) {
      const layer = step === 0 ? null : report.modes[state.mode].layers[step - 1];
      return report.health.find((line) => layer === null ? line.layer === null
        : line.layer === layer && line.mode === report.modes[state.mode].id
          && line.seed === report.mapSeeds[state.seed]);
    }
    function collapsedSeeds(mode, layer) {
      return report.health.filter((line) => line.mode === report.modes[mode].id
        && line.layer === layer && line.problems.length).length;
    }

    async function maps(method, image) {
      const key = `maps-${method}-${image}`;
      if (!sprites.has(key)) {
        const element = byId(key);
        if (sprites.size > 11) sprites.delete(sprites.keys().next().value);
        const damaged = () => {
          throw new Error(`the maps of method ${method} and image ${image} are damaged`);
        };
        sprites.set(key, element ? readGray(element.textContent).catch(damaged)
          : Promise.resolve(null));
      }
      const bytes = await sprites.get(key);
      const { tiles, scales } = report.maps[method][image];
      const size = report.height * report.width;
      if (bytes && bytes.length !== (Math.max(...tiles) + 1) * size) {
        throw new Error(`the maps of method ${method} and image ${image} are damaged`);
      }
      return (position) => tiles[position] < 0 || !bytes ? null : {
        bytes: bytes.subarray(tiles[position] * size, (tiles[position] + 1) * size),
        scale: scales[position],
      };
    }
    // Where the map of a step is: the original first, then all steps of each seed.
    const position = (step) => step === 0 ? 0
      : 1 + state.seed * report.stepCount + firstStep(state.mode) + step - 1;

    function stepName(step) {
      const { id, layers } = report.modes[state.mode];
      if (step === 0) return "nothing is random: the trained network";
      if (id === "independent") return `only ${layers[step - 1]} is random`;
      if (step === 1) return `${layers[0]} is random`;
      if (step === 2) return `${layers[0]} and ${layers[1]} are random`;
      if (step === layers.length) return `all layers are random, ${layers[0]} to ${layers[step - 1]}`;
      return `${layers[0]} to ${layers[step - 1]} are random (${step} layers)`;
    }

    function fill(select, options, chosen) {
      select.replaceChildren(...options.map(([value, text]) => make("option", { value }, text)));
      select.value = String(chosen);
    }

    function buildControls() {
      fill(byId("image"), report.images.map((image, index) => [index, image.name]), state.image);
      byId("method").replaceChildren(...report.groups.map((group) => {
        const options = make("optgroup", { label: group.title });
        report.methods.forEach((method, index) => {
          if (method.group === group.id) {
            options.append(make("option", { value: index }, method.id));
          }
        });
        return options;
      }));
      fill(byId("mode"), report.modes.map((mode, index) => [index, mode.title]), state.mode);
      fill(byId("measure"), report.measures.map((measure, index) => [index, measure.title]),
        state.measure);
      fill(byId("seed"), report.mapSeeds.map((seed, index) => [index, String(seed)]), state.seed);
      byId("seed").closest("label").hidden = report.mapSeeds.length < 2;
      for (const name of ["image", "method", "mode", "measure", "seed"]) {
        byId(name).addEventListener("change", (event) => change({ [name]: Number(event.target.value) }));
      }
      for (const name of ["sign", "scale", "colours"]) {
        for (const input of document.getElementsByName(name)) {
          input.addEventListener("change", () => change({ [name]: input.value }));
        }
      }
      byId("step").addEventListener("input", (event) => change({ step: Number(event.target.value) }));
      byId("back").addEventListener("click", () => change({ step: state.step - 1 }));
      byId("on").addEventListener("click", () => change({ step: state.step + 1 }));
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
        change({ step: state.step + moves[event.key] });
        byId("strip").querySelector("[aria-pressed=true]").focus();
      });
    }

    function change(changes) {
      Object.assign(state, changes);
      const last = report.modes[state.mode].layers.length;
      state.step = Math.min(Math.max(state.step, 0), last);
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
        image: report.images.length, method: report.methods.length, mode: report.modes.length,
        measure: report.measures.length, seed: report.mapSeeds.length, step: 1000,
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
      state.step = Math.min(state.step, report.modes[state.mode].layers.length);
    }
    """#
}
