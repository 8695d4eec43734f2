extension ReportPage {
  /// Reports failures, makes elements, writes numbers, and sorts tables.
  static let baseScript = #"""
    const root = document.documentElement;
    // Whoever opens the page sees that something is wrong, and so does a test.
    function fail(message) {
      if (root.dataset.state === "failed") return;
      root.dataset.state = "failed";
      root.dataset.error = String(message);
      const box = document.getElementById("failure");
      if (box) { box.hidden = false; box.textContent = "This page does not work here: " + message; }
    }
    addEventListener("error", (event) => fail(event.message || "a resource is missing"), true);
    addEventListener("unhandledrejection", (event) => fail(event.reason));
    addEventListener("securitypolicyviolation", (event) => fail(
      "the browser refused " + event.violatedDirective + " " + event.blockedURI));

    const byId = (id) => document.getElementById(id);
    const readData = (id) => JSON.parse(byId(id).textContent);

    // Text goes in as text alone, whatever it holds.
    function make(name, attributes, ...children) {
      const isGraphic = ["svg", "g", "path", "line", "circle", "text", "rect", "title"].includes(name);
      const element = isGraphic
        ? document.createElementNS("http://www.w3.org/2000/svg", name)
        : document.createElement(name);
      for (const [key, value] of Object.entries(attributes || {})) {
        if (value !== null && value !== undefined) element.setAttribute(key, value);
      }
      element.append(...children);
      return element;
    }

    // A minus sign as wide as a plus, and never "-0.00".
    function fixed(value, digits) {
      if (value === null || value === undefined || Number.isNaN(value)) return "\u2013";
      const text = value.toFixed(digits);
      return Number(text) === 0 ? text.replace("-", "") : text.replace("-", "\u2212");
    }
    function short(value) {
      if (value === 0) return "0";
      const size = Math.abs(value);
      const text = size >= 0.001 && size < 1e5 ? String(Number(value.toPrecision(3)))
        : value.toExponential(2);
      return text.replace(/-/g, "\u2212");
    }

    // Paper has nothing to unfold.
    addEventListener("beforeprint", () => {
      for (const details of document.querySelectorAll("details")) details.open = true;
    });

    const counted = (number, thing) => `${number} ${thing}${number === 1 ? "" : "s"}`;

    function makeSortable(table) {
      const heads = [...table.tHead.rows[0].cells];
      const body = table.tBodies[0];
      const first = [...body.rows];
      heads.forEach((head, column) => {
        if (head.querySelector("button")) return;
        const button = make("button", { type: "button", class: "sort" }, ...head.childNodes);
        head.append(button);
        button.addEventListener("click", () => {
          const direction = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
          const wasLast = head.getAttribute("aria-sort") === "descending";
          heads.forEach((other) => other.removeAttribute("aria-sort"));
          const value = (row) => row.cells[column].dataset.value ?? row.cells[column].textContent;
          const isNumber = head.dataset.type === "number";
          const rows = wasLast ? first : [...body.rows].sort((left, right) => {
            const [a, b] = [value(left), value(right)];
            if (!isNumber) return direction * a.localeCompare(b, "en", { numeric: true });
            // Rows without a number stay below.
            if (a === "" || b === "") return (a === "") - (b === "");
            return direction * (Number(a) - Number(b));
          });
          if (!wasLast) head.setAttribute("aria-sort", direction > 0 ? "ascending" : "descending");
          body.append(...rows);
        });
      });
    }
    """#
}
