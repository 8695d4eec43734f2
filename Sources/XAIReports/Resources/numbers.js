// Numbers as text, and numbers out of the text that pages hold. Nothing here touches the page.

// A minus sign as wide as a plus, and never "-0.00".
function fixed(value, digits) {
  if (value === null || value === undefined || Number.isNaN(value)) return "\u2013";
  const text = value.toFixed(digits);
  return Number(text) === 0 ? text.replace("-", "") : text.replace("-", "\u2212");
}

// Three significant digits.
function short(value) {
  if (value === 0) return "0";
  const size = Math.abs(value);
  const text = size >= 0.001 && size < 1e5
    ? String(Number(value.toPrecision(3)))
    : value.toExponential(2);
  return text.replace(/-/g, "\u2212");
}

const counted = (number, thing) => `${number} ${thing}${number === 1 ? "" : "s"}`;

// Millionths, separated by commas, empty where there is none.
function unpackNumbers(text) {
  return text.split(",").map((one) => (one === "" ? null : Number(one) / 1000000));
}

// Mean, deviation and both ends of the mean's interval: the four numbers of a place.
function summaryOf(numbers, place) {
  const [mean, deviation, lower, upper] = numbers.slice(4 * place, 4 * place + 4);
  return { mean, deviation, lower, upper };
}

// Whether a place is among those of a list such as "3,14".
const listsPlace = (text, place) => text !== "" && text.split(",").includes(String(place));
