// What every page has: failures are shown, elements are made.

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

// Paper has nothing to unfold.
addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll("details")) details.open = true;
});
