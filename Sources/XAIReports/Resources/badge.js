// The badge of a verdict, a sign and a word, with the reason beside it.
function showVerdict(element, { outcome, outcomeWord, reason }) {
  element.replaceChildren(
    make("span", { class: "badge " + outcome }, outcomeWord),
    make("span", { class: "name" }, " " + reason));
}
