// What is chosen, and the address that holds it. Nothing here touches the page.

// The choices of an address such as "#method=2&sign=all": numbers below their counts, and words
// that are allowed.
function readChoices(hash, counts, words) {
  const parts = new URLSearchParams(hash.replace(/^#/, ""));
  const found = {};
  for (const [name, count] of Object.entries(counts)) {
    const value = Number(parts.get(name) ?? NaN);
    if (Number.isInteger(value) && value >= 0 && value < count) found[name] = value;
  }
  for (const [name, allowed] of Object.entries(words)) {
    if (allowed.includes(parts.get(name))) found[name] = parts.get(name);
  }
  return found;
}

const writeChoices = (state) =>
  "#" + new URLSearchParams(Object.entries(state).map(([name, value]) => [name, String(value)]));

const clamped = (value, least, most) => Math.min(Math.max(value, least), most);

// How far a key moves along a row; far for its ends, and null for other keys.
const movesOfKeys = {
  ArrowLeft: -1, ArrowRight: 1, ArrowUp: -1, ArrowDown: 1, Home: -999, End: 999,
};
const moveOf = (key) => (Object.hasOwn(movesOfKeys, key) ? movesOfKeys[key] : null);

// Where a row must be scrolled to, for something to be seen; null where it is seen already.
function scrollFor([from, to], [start, width]) {
  return from < start || to > start + width ? from - width / 2 : null;
}

// How far a value is on the way from unrelated (0), or from the end of a distance, to equal maps;
// null where the scale has no end to measure by.
function shareOfScale(value, { range: [least, greatest], equal }) {
  if (value === null || least === null || greatest === null) return null;
  const far = equal === greatest ? Math.max(least, 0) : greatest;
  return (value - far) / (equal - far);
}

// The deeper the color of a cell, the more alike the maps.
const shareOf = (value) => `${Math.round(65 * clamped(value ?? 0, 0, 1))}%`;
