import XAIAttribution
import XAIFiles
public import XAIImages
import XAITensor
public import XAIExperiments
import XAIMetrics

/// Everything that shows the outcome of a comparison of pairs of maps: a page, pictures, a chart and
/// tables.
///
/// Equal results and maps give equal bytes.
public struct ContrastReport {
  /// What of the results is shown, and how.
  public struct Options: Sendable {
    /// At most so many images have pictures, and maps in the page; numbers are always about all of them.
    public var shownImages = 12
    /// The colors of the two signs in pictures.
    public var colors = MapColors.blueOrange
    /// The command that made the results, word by word.
    public var command: [String] = []

    /// The usual choices.
    public init() {}
  }

  /// The name of the page.
  public static let pageName = "index.html"

  let results: ContrastResults
  let maps: ContrastMaps
  let pictures: [RGBImage]
  let options: Options
  /// The number of images that are shown.
  let shown: Int

  /// Prepares a report.
  /// - Parameters:
  ///   - results: What the comparison found.
  ///   - maps: The maps of the images that are shown.
  ///   - pictures: The images, of the size that the network sees.
  ///   - options: What is shown.
  public init(
    _ results: ContrastResults, maps: ContrastMaps, pictures: [RGBImage],
    options: Options = Options()
  ) {
    precondition(
      pictures.count == results.images.count,
      "\(pictures.count) pictures of \(results.images.count) images")
    (self.results, self.maps, self.pictures, self.options) = (results, maps, pictures, options)
    shown = min(options.shownImages, pictures.count)
  }

  /// Writes `index.html`, `results.json`, `results.csv`, `summary.csv`, `plots/` and `pictures/`.
  /// - Parameters:
  ///   - folder: The folder, which is created where it is missing.
  ///   - progress: Is told how much of the work is done, from 0 to 1; may throw to end it.
  /// - Throws: Where a file cannot be written, and what `progress` throws.
  public func write(to folder: String, progress: (Double) throws -> Void = { _ in }) throws {
    try Folder.create(folder)
    try AtomicFile.write(
      try JSONText.encode(results), to: "\(folder)/results.json", durability: .later)
    let tables = ContrastTables(results)
    try tables.writeScores(to: "\(folder)/results.csv")
    try tables.writeSummaries(to: "\(folder)/summary.csv")
    try Folder.create("\(folder)/plots")
    try chart.write(to: "\(folder)/plots/similarity")
    try WrittenFolder.clearReport("\(folder)/pictures", of: [".png"])
    if shown > 0 { try Folder.create("\(folder)/pictures") }
    var names = FileNames()
    for image in 0..<shown {
      let name = names.name(for: results.images[image].name)
      try AtomicFile.write(
        try PNG.encode(sheet(image).picture, isDrawn: true), to: "\(folder)/pictures/\(name).png",
        durability: .later)
      try progress(Double(image + 1) / Double(shown + 1))
    }
    try AtomicFile.write(try page(), to: "\(folder)/\(Self.pageName)", durability: .later)
    try Folder.synchronizeAll(in: folder)
    try progress(1)
  }

  /// The headline measure of every method.
  var chart: Plot {
    let places = Dictionary(
      results.summaries.filter { $0.measure == results.headline }.map {
        ([$0.method, $0.contrast], $0)
      }, uniquingKeysWith: { first, _ in first })
    let groups = MethodGroup.allCases.map { group in
      (group, results.methods.filter { $0.group == group }.map(\.identifier))
    }.filter { !$1.isEmpty }
    let methods = groups.flatMap { $1 }
    let series = results.contrasts.map { contrast in
      let found = methods.map { places[[$0, contrast.identifier]] }
      return Plot.Series(
        contrast.identifier, kind: .bar, look: "bar", middle: found.map { $0?.mean },
        lower: found.map { $0?.lower }, upper: found.map { $0?.upper })
    }
    let images = results.images.count
    let subtitle =
      images == 1
      ? "\(results.headline) in \(results.images[0].name)"
      : "\(results.headline), mean over \(counted(images, "image")) with its 95 % interval"
    var plot = Plot(
      title: results.kind.question,
      subtitle: results.contrasts.count == 1
        ? [results.contrasts[0].summary.firstUppercased, subtitle] : [subtitle],
      labels: methods, numberWords: "similarity of the two maps: 1 for equal ones", series: series,
      isHorizontal: true)
    plot.groups = groups.map { Plot.Group($0.reportTitle, count: $1.count) }
    return plot
  }

  /// The maps of an image.
  func sheet(_ image: Int) -> ContrastSheet {
    let sides = results.sides(of: image)
    let pairs = results.pairs.enumerated().filter { $1.image == image }
    var columns: [ContrastSheet.Column] = []
    var last: Int?
    for (note, pair) in pairs.map(\.element).enumerated() {
      guard let left = sides.firstIndex(of: pair.left), let right = sides.firstIndex(of: pair.right)
      else { continue }
      if left != last { columns.append(.map(left, title: results.words(sides[left]))) }
      columns.append(.map(right, title: results.words(sides[right])))
      columns.append(.difference(left, right, note: note))
      last = left
    }
    let headline = results.measures.firstIndex(of: results.headline)
    let scores = Dictionary(grouping: results.scores, by: \.method)
    let name = results.record(of: results.headline).shortName
    let word = name.isEmpty ? "" : name + " "
    let rows = results.methods.enumerated().map { position, method in
      let found = Dictionary(
        (scores[method.identifier] ?? []).map { ($0.pair, $0.values) },
        uniquingKeysWith: { first, _ in first })
      return ContrastSheet.Row(
        method.identifier, maps: sides.map { maps[position, image, $0.side] },
        notes: pairs.map { place, _ in
          let value = headline.flatMap { found[place]?[$0] }
          return value.map { word + fixedPoint($0, digits: 3) } ?? "no value"
        }, look: MapLook(method.shownMeaning, options.colors))
    }
    let record = results.images[image]
    return ContrastSheet(
      of: pictures[image],
      title: [
        record.name, results.kind.question,
        "Maps: divided by their largest magnitude, which stands below them.",
        "Differences: of the maps so divided, whole color at 1; below them \(results.headline).",
      ], columns: columns, rows: rows)
  }
}

extension ContrastResults {
  /// Everything of an image that is explained, each once, in the order of the pairs.
  func sides(of image: Int) -> [ContrastSide] {
    var sides: [ContrastSide] = []
    for pair in pairs where pair.image == image {
      for side in [pair.left, pair.right] where !sides.contains(side) { sides.append(side) }
    }
    return sides
  }

  /// A short name of what a map explains.
  func words(_ side: ContrastSide) -> String {
    let name = side.target.words.firstSynonym
    return networks.count > 1 ? "\(networks[side.network].name): \(name)" : name
  }
}

extension ContrastResults.Kind {
  /// What the comparison asks.
  var question: String {
    switch self {
    case .classSensitivity: "Do explanations depend on the class?"
    case .compare: "Do explanations depend on the network?"
    }
  }
}
