// A report's data: what is explained, its numbers and its maps.

const report = readData("report-data");
const headline = Math.max(0,
  report.measures.findIndex((measure) => measure.id === report.headline));

// A report's numbers: [method][measure] holds text that is read when it is needed.
const unpacked = new Map();
function numbers(kind, method, measure) {
  const key = `${kind} ${method} ${measure}`;
  if (!unpacked.has(key)) {
    unpacked.set(key, unpackNumbers(report[kind][method][measure]));
  }
  return unpacked.get(key);
}
const summaryAt = (place, method, measure) =>
  summaryOf(numbers("summaries", method, measure), place);
const isConventionAt = (place, method, measure) =>
  listsPlace(report.conventions[method][measure], place);

// The maps of an image by a method: a function of their position.
const sprites = new Map();
async function maps(method, image) {
  const key = `maps-${method}-${image}`;
  const damaged = () => {
    throw new Error(`the maps of method ${method} and image ${image} are damaged`);
  };
  if (!sprites.has(key)) {
    const element = byId(key);
    if (sprites.size > 99) sprites.delete(sprites.keys().next().value);
    sprites.set(key, element ? readGray(element.textContent).catch(damaged)
      : Promise.resolve(null));
  }
  const bytes = await sprites.get(key);
  const index = report.maps[method][image];
  const size = report.height * report.width;
  if (bytes && bytes.length !== (Math.max(...index.tiles) + 1) * size) damaged();
  return mapsOf(bytes, index, size);
}
