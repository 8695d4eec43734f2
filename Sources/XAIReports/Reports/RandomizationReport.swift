import XAIAttribution
import XAIFiles
public import XAIImages
public import XAIExperiments
import XAIMetrics

/// Everything that shows the outcome of a randomization test: a page, pictures, plots and tables.
///
/// Equal results and maps give equal bytes.
public struct RandomizationReport {
  /// What of the results is shown, and how.
  public struct Options: Sendable {
    /// The seeds whose maps are in the page; those of the first one are also the strips.
    public var mapSeeds: [Int] = [0]
    /// At most so many images have their maps in the page; numbers are always about all of them.
    public var mapImages = 12
    /// The measures that are plotted; nothing for the headline alone.
    public var plottedMeasures: [String]?
    /// The similarity at and above which a method has not reacted, as the rule of the verdicts has it.
    public var margin = 0.95
    /// The command that made the results, word by word.
    public var command: [String] = []
    /// Whether strips are drawn, which takes most of the time.
    public var drawsStrips = true
    /// The colors of the two signs in strips.
    public var colors = MapColors.blueOrange

    /// The usual choices.
    public init() {}
  }

  /// The name of the page.
  public static let pageName = "index.html"
  /// The name of the record.
  static let resultsName = "results.json"

  let results: RandomizationResults
  let maps: any MapSource
  let pictures: [RGBImage]
  let options: Options

  /// Prepares a report.
  /// - Parameters:
  ///   - results: What the test found.
  ///   - maps: Where its maps are.
  ///   - pictures: Its images, of the size that the network sees.
  ///   - options: What is shown.
  public init(
    _ results: RandomizationResults, maps: any MapSource, pictures: [RGBImage],
    options: Options = Options()
  ) {
    precondition(
      pictures.count == results.images.count,
      "\(pictures.count) pictures of \(results.images.count) images")
    (self.results, self.maps, self.pictures, self.options) = (results, maps, pictures, options)
  }

  /// Writes `results.json`, `index.html`, `results.csv`, `summary.csv`, `verdicts.csv`,
  /// `complexity.csv`, `plots/` and `strips/`, replacing older ones.
  ///
  /// All is written into a hidden folder first. Whatever ends the program leaves the older report, or, in
  /// the moment in which names change, one without `results.json`: where that is, all else belongs to it.
  /// - Parameters:
  ///   - folder: The folder, which is created where it is missing.
  ///   - progress: Is told how much of the work is done, from 0 to 1; may throw to end it.
  /// - Throws: Where a file cannot be written or a map cannot be read, and what `progress` throws.
  public func write(to folder: String, progress: (Double) throws -> Void = { _ in }) throws {
    try Folder.create(folder)
    let draft = "\(folder)/.report.part"
    try Folder.remove(draft)
    try Folder.create(draft)
    defer { try? Folder.remove(draft) }
    try writeParts(to: draft, progress)
    try Folder.synchronizeAll(in: draft)
    try AtomicFile.write(try JSONText.encode(results), to: "\(draft)/\(Self.resultsName)")
    let written = try Folder.entries(of: draft).filter { $0 != Self.resultsName }
    try Folder.remove("\(folder)/\(Self.resultsName)")
    try Folder.synchronize(folder)
    // Of methods and images that are no longer asked for nothing must stay.
    for older in ["plots", "strips"] { try Folder.remove("\(folder)/\(older)") }
    for name in written + [Self.resultsName] {
      try Folder.rename("\(draft)/\(name)", to: "\(folder)/\(name)")
    }
  }

  private func writeParts(to folder: String, _ progress: (Double) throws -> Void) throws {
    let tables = RandomizationTables(results)
    try tables.writeScores(to: "\(folder)/results.csv")
    try tables.writeSummaries(to: "\(folder)/summary.csv")
    try tables.writeVerdicts(to: "\(folder)/verdicts.csv")
    try tables.writeComplexity(to: "\(folder)/complexity.csv")
    try writePlots(to: "\(folder)/plots")
    let pairs = results.methods.count * results.images.count
    var sprites = SpriteSheet(results: results, options: options)
    let strips = options.drawsStrips ? StripWriter(self, folder: "\(folder)/strips") : nil
    for (method, record) in results.methods.enumerated() {
      for image in results.images.indices {
        let part = try MapSet(method: record.identifier, image: image, of: self)
        try strips?.write(part)
        try sprites.add(part, picture: pictures[image])
        try progress(Double(method * results.images.count + image + 1) / Double(pairs))
      }
    }
    try AtomicFile.write(try page(sprites), to: "\(folder)/\(Self.pageName)")
  }

  /// Writes the plots of each mode and group of methods.
  private func writePlots(to folder: String) throws {
    try Folder.create(folder)
    for figure in SimilarityPlots(results, margin: options.margin)
      .plots(of: options.plottedMeasures ?? [results.headline])
    {
      try figure.plot.write(to: "\(folder)/\(figure.name)")
    }
  }
}

/// The maps of an image and method: the original one, and those of all steps under some seeds.
struct MapSet {
  let method: String
  let image: Int
  let original: RelevanceMap?
  let randomized: [RandomizedStep: RelevanceMap]

  init(method: String, image: Int, of report: RandomizationReport) throws {
    (self.method, self.image) = (method, image)
    original = try report.maps.map(MapKey(image: image, method: method, step: nil))
    var randomized: [RandomizedStep: RelevanceMap] = [:]
    for seed in report.options.mapSeeds {
      for plan in report.results.plans {
        for layer in plan.layers {
          let step = RandomizedStep(mode: plan.mode, layer: layer, seed: seed)
          randomized[step] = try report.maps.map(
            MapKey(image: image, method: method, step: step))
        }
      }
    }
    self.randomized = randomized
  }
}
