// Tables: those that scripts fill, and those that sort themselves by a click on a heading.

function makeSortable(table) {
  const heads = [...table.tHead.rows[0].cells];
  const body = table.tBodies[0];
  const first = [...body.rows];
  heads.forEach((head, column) => {
    if (head.querySelector("button")) return;
    const button = make("button", { type: "button", class: "sort" }, ...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const order = nextOrder(head.getAttribute("aria-sort"));
      const value = (row) => row.cells[column].dataset.value ?? row.cells[column].textContent;
      const isNumber = head.dataset.type === "number";
      const rows = !order ? first : [...body.rows].sort((left, right) =>
        compareCells(value(left), value(right), isNumber, order));
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      if (order) head.setAttribute("aria-sort", order);
      body.append(...rows);
    });
  });
}

// table = { caption, heads: [{ text, isNumber, className }], rows: [row] }
// row = { text, hint, choice, isChosen, cells: [{ value, text, hint, share, className }] }
//
// The caption stands in the element "ID-caption". A row's name is a button that makes its choice;
// the share of a cell colors it.
function showTable(id, { caption, heads, rows }) {
  const table = byId(id);
  byId(`${id}-caption`).textContent = caption;
  table.tHead.replaceChildren(make("tr", {}, ...heads.map((head) => make("th", {
    scope: "col", "data-type": head.isNumber ? "number" : null, class: head.className,
  }, head.text))));
  table.tBodies[0].replaceChildren(...rows.map((row) => {
    const name = make("button", { type: "button", class: "link", title: row.hint }, row.text);
    name.addEventListener("click", () => change(row.choice));
    return make("tr", { class: row.isChosen ? "chosen" : null },
      make("th", { scope: "row" }, name), ...row.cells.map(makeCell));
  }));
  makeSortable(table);
}

function makeCell({ value, text, hint, share, className }) {
  const cell = make("td", { "data-value": value ?? "", title: hint, class: className }, text);
  if (share !== undefined) cell.style.setProperty("--share", shareOf(share));
  return cell;
}
