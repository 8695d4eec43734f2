extension ReportPage {
  /// What pages have in common that a person explores: choices, numbers, maps, the address.
  ///
  /// A page has a `state`, and the functions `change` and `render`.
  static let exploreScript = #"""
    const report = readData("report-data");
    const headline = Math.max(0,
      report.measures.findIndex((measure) => measure.id === report.headline));
    const looks = {
      sign: ["all", "positive"], scale: ["own", "shared"], colours: Object.keys(colourMaps),
    };

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
    // Mean, deviation and both ends of the mean's interval.
    function summaryAt(place, method, measure) {
      const [mean, deviation, lower, upper] =
        numbers("summaries", method, measure).slice(4 * place, 4 * place + 4);
      return { mean, deviation, lower, upper };
    }
    function isConventionAt(place, method, measure) {
      const known = report.conventions[method][measure];
      return known !== "" && known.split(",").includes(String(place));
    }

    // The maps of an image by a method: a function of their position.
    const sprites = new Map();
    async function maps(method, image) {
      const key = `maps-${method}-${image}`;
      const damaged = () => {
        throw new Error(`the maps of method ${method} and image ${image} are damaged`);
      };
      if (!sprites.has(key)) {
        const element = byId(key);
        if (sprites.size > 99) sprites.delete(sprites.keys().next().value);
        sprites.set(key, element ? readGray(element.textContent).catch(damaged)
          : Promise.resolve(null));
      }
      const bytes = await sprites.get(key);
      const { tiles, scales } = report.maps[method][image];
      const size = report.height * report.width;
      if (bytes && bytes.length !== (Math.max(...tiles) + 1) * size) damaged();
      return (position) => tiles[position] < 0 || !bytes ? null : {
        bytes: bytes.subarray(tiles[position] * size, (tiles[position] + 1) * size),
        scale: scales[position],
      };
    }
    // The magnitude of a map, after the sign is chosen, that gets the whole colour.
    const extent = (map) => map ? map.scale * largest(map, state.sign) : 0;
    // Maps without a negative value say nothing against a class.
    const isSigned = (maps) => maps.some((map) => map && map.bytes.some((byte) => byte < 128));
    const showLegend = (maps) => byId("legend").classList.toggle("positive",
      state.sign === "positive" || !isSigned(maps));
    const sizeWords = (map) => !map ? "no map" : map.scale === 0 ? "zero everywhere"
      : "largest magnitude " + short(map.scale);

    function fill(select, options, chosen) {
      select.replaceChildren(...options.map(([value, text]) => make("option", { value }, text)));
      select.value = String(chosen);
    }
    function fillMethods() {
      byId("method").replaceChildren(...report.groups.map((group) => {
        const options = make("optgroup", { label: group.title });
        report.methods.forEach((method, index) => {
          if (method.group === group.id) options.append(make("option", { value: index }, method.id));
        });
        return options;
      }));
    }
    // Changes the state with the selections and switches of the page, and with its links to methods.
    function listen(selections) {
      for (const name of selections) {
        byId(name).addEventListener("change", (event) => change({ [name]: Number(event.target.value) }));
      }
      for (const name of Object.keys(looks)) {
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
    }
    function showChoices(selections) {
      for (const name of selections) byId(name).value = String(state[name]);
      for (const name of Object.keys(looks)) {
        for (const input of document.getElementsByName(name)) {
          input.checked = input.value === state[name];
        }
      }
      byId("legend").className = "legend " + state.colours + " " + state.sign;
    }

    // The row of small maps: arrow keys move along it.
    function listenToStrip(move) {
      byId("strip").addEventListener("keydown", (event) => {
        const moves = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -1, ArrowDown: 1, Home: -999, End: 999 };
        if (!(event.key in moves)) return;
        event.preventDefault();
        move(moves[event.key]);
        byId("strip").querySelector("[aria-pressed=true]").focus();
      });
    }
    function showInStrip(index, hadFocus) {
      const strip = byId("strip");
      const current = strip.children[index];
      if (hadFocus) current.focus({ preventScroll: true });
      const [from, to] = [current.offsetLeft, current.offsetLeft + current.offsetWidth];
      if (from < strip.scrollLeft || to > strip.scrollLeft + strip.clientWidth) {
        strip.scrollLeft = from - strip.clientWidth / 2;
      }
    }
    // The deeper the colour of a cell, the more alike the maps.
    function shade(cell, value) {
      cell.style.setProperty("--share", `${Math.round(65 * Math.min(Math.max(value ?? 0, 0), 1))}%`);
      return cell;
    }

    // What is shown is in the address, so that it can be passed on and survives a reload.
    function remember() {
      const words = new URLSearchParams(Object.entries(state).map(([k, v]) => [k, String(v)]));
      try { history.replaceState(null, "", "#" + words); } catch { /* Not allowed: no harm. */ }
    }
    function recall(counts) {
      const words = new URLSearchParams(location.hash.slice(1));
      for (const [name, count] of Object.entries(counts)) {
        const value = Number(words.get(name) ?? NaN);
        if (Number.isInteger(value) && value >= 0 && value < count) state[name] = value;
      }
      for (const [name, allowed] of Object.entries(looks)) {
        if (allowed.includes(words.get(name))) state[name] = words.get(name);
      }
    }

    // Shows the sections that need scripts; `redraw` is for what depends on the width.
    async function start(sections, counts, build, redraw) {
      const part = location.hash.includes("=") ? null : byId(location.hash.slice(1));
      recall(counts);
      build();
      document.querySelectorAll("table.sortable").forEach(makeSortable);
      for (const section of sections) byId(section).hidden = false;
      await change({});
      if (part) part.scrollIntoView();
      let width = innerWidth;
      addEventListener("resize", () => {
        if (width === innerWidth) return;
        width = innerWidth;
        redraw();
      });
      if (root.dataset.state === "loading") root.dataset.state = "ready";
    }
    """#
}
