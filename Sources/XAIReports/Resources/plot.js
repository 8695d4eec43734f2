// Draws a plot, whose marks `marks.js` places, as wide as its holder; `pick` is told of clicks.
function drawPlot(holder, plot, pick) {
  const usual = plot.isHorizontal ? 560 : 640;
  const { width, height, look, marks } =
    marksOf(plot, Math.max(280, Math.round(holder.clientWidth) || usual));
  const svg = make("svg", {
    viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": plot.title, class: look,
  });
  for (const [name, attributes, text, picked] of marks) {
    const isPicked = hasValue(picked);
    const words = isPicked ? make("title", {}, text) : text;
    const element = make(name, attributes, ...(words === undefined ? [] : [words]));
    if (isPicked) element.addEventListener("click", () => pick(picked));
    svg.append(element);
  }
  holder.replaceChildren(svg);
}
