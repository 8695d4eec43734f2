// Tables that sort themselves by a click on a heading.

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
