// A page whose parts stand in it from the start: tables can be sorted.

document.querySelectorAll("table.sortable").forEach(makeSortable);
if (root.dataset.state === "loading") root.dataset.state = "ready";
