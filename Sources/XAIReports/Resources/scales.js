// Scales of plots: ticks, gaps, places. Nothing here touches the page.

// Multiples of 1, 2 or 5 times a power of ten, from at or below `low` to at or above `high`.
function ticks(low, high, wished) {
  const raw = (high - low) / wished;
  const power = Math.pow(10, Math.floor(Math.log10(raw)));
  const step = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= raw * 0.999);
  const [from, to] = [Math.floor(low / step + 1e-9), Math.ceil(high / step - 1e-9)];
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return Array.from({ length: to - from + 1 }, (_, index) => (from + index) * step)
    .map((value) => ({ value, text: fixed(value, digits) }));
}

// Quarters between two numbers.
function quarters(low, high) {
  const all = [];
  for (let tick = Math.ceil(low * 4 - 1e-9) / 4; tick <= high + 1e-9; tick += 0.25) {
    all.push({ value: tick, text: fixed(tick, (tick * 2) % 1 ? 2 : 1) });
  }
  return all;
}

const hasValue = (value) => value !== null && value !== undefined;

// The positions of neighbors that have a value, run by run.
function runs(values) {
  const all = [[]];
  values.forEach((value, index) => {
    if (hasValue(value)) all[all.length - 1].push(index);
    else all.push([]);
  });
  return all.filter((run) => run.length);
}

// The function that takes a number between two numbers to its place between two places.
const scale = ([low, high], [from, to]) => (value) =>
  from + (to - from) * (value - low) / (high - low);

// A name in at most so many letters.
const shortened = (name, letters) =>
  name.length > letters ? name.slice(0, letters - 1) + "\u2026" : name;
