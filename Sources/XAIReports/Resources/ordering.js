// The order of a table's rows. Nothing here touches the page.

// Which order a click on a heading asks for: up, down, and as it was.
const nextOrder = (order) =>
  order === "ascending" ? "descending" : order === "descending" ? null : "ascending";

// Compares two cells by their text. Cells without a number stay below in both directions.
function compareCells(left, right, isNumber, order) {
  const direction = order === "descending" ? -1 : 1;
  if (!isNumber) return direction * left.localeCompare(right, "en", { numeric: true });
  if (left === "" || right === "") return (left === "") - (right === "");
  return direction * (Number(left) - Number(right));
}
