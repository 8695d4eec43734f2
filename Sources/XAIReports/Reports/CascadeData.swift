import XAIAttribution
import XAIImages
import XAITensor
import XAIExperiments

/// What the scripts of a randomization report read.
struct CascadeData: Encodable {
  struct Image: Encodable {
    let name: String
    let facts: String
    let picture: String
  }
  struct Method: Encodable {
    let id: String
    let group: String
    let meaning: MapMeaning
    let summary: String
    let outcome: String
    let outcomeWord: String
    let reason: String
    @Nullable var floor: Double?
  }
  struct Mode: Encodable {
    let id: String
    let title: String
    let layers: [String]
  }
  struct Health: Encodable {
    @Nullable var mode: String?
    @Nullable var layer: String?
    @Nullable var seed: Int?
    let problems: [String]
    let spread: Double
    let entropy: Double
    @Nullable var accuracy: Double?
  }
  struct Convergence: Encodable {
    let method: Int
    let plot: Plot
  }

  let height: Int
  let width: Int
  let images: [Image]
  let imageCount: Int
  let groups: [PageChoice]
  let methods: [Method]
  let modes: [Mode]
  let stepCount: Int
  let measures: [PageMeasure]
  let headline: String
  let margin: Double
  let seeds: Int
  let mapSeeds: [Int]
  let health: [Health]
  let convergence: [Convergence]
  let maps: [[SpriteSheet.Index]]
  /// For each method and measure: millionths, separated by commas, by step, image and seed.
  let scores: [[String]]
  /// Which of these numbers are conventions.
  let conventions: [[String]]
  /// How many values of each step are, over all images and seeds.
  let degenerate: [[String]]
  /// For each method and measure: mean, deviation, lower and upper end, by step.
  let summaries: [[String]]
}

extension CascadeData {
  init(_ report: RandomizationReport, sprites: SpriteSheet) {
    let results = report.results
    let numbers = PackedNumbers(
      results, images: sprites.images.count, seeds: report.options.mapSeeds)
    let verdicts = Dictionary(
      results.verdicts.map { ($0.method, $0) }, uniquingKeysWith: { first, _ in first })
    height = report.pictures.first?.height ?? 1
    width = report.pictures.first?.width ?? 1
    images = zip(results.images, sprites.images).map { image, picture in
      Image(name: image.name, facts: image.facts, picture: picture)
    }
    imageCount = results.images.count
    groups = PageChoice.groups(of: results.methods)
    methods = results.methods.map { method in
      let verdict = verdicts[method.identifier]
      return Method(
        id: method.identifier, group: method.group.rawValue, meaning: method.shownMeaning,
        summary: method.summary,
        outcome: verdict?.shownDegree.look ?? "inconclusive",
        outcomeWord: verdict?.shownDegree.badgeWord ?? "no verdict", reason: verdict?.reason ?? "",
        floor: verdict?.floor.flatMap { $0.isFinite ? $0 : nil })
    }
    modes = results.plans.map {
      Mode(id: $0.mode.rawValue, title: $0.mode.title, layers: $0.layers)
    }
    stepCount = numbers.stepCount
    measures = PageMeasure.measures(results)
    headline = results.headline
    margin = report.options.margin
    seeds = results.seeds
    mapSeeds = report.options.mapSeeds
    health = results.health.map { record in
      Health(
        mode: record.step?.mode.rawValue, layer: record.step?.layer, seed: record.step?.seed,
        problems: record.problems, spread: record.health.logitSpread,
        entropy: record.health.predictionEntropy, accuracy: record.health.accuracy)
    }
    convergence = results.convergence.compactMap { curve in
      guard let method = results.methods.firstIndex(where: { $0.identifier == curve.method })
      else { return nil }
      return Convergence(method: method, plot: Plot(curve))
    }
    maps = sprites.indices
    (scores, conventions, summaries) = (numbers.scores, numbers.conventions, numbers.summaries)
    degenerate = numbers.degenerate
  }
}

extension Plot {
  /// How the signals of a method become alike on their way down.
  fileprivate init(_ curve: ConvergenceCurve) {
    let words = zip(curve.layers, curve.median).map { layer, median in
      "\(layer) \(median.isFinite ? fixedPoint(median, digits: 2) : "\u{2013}")"
    }
    var series = Series(
      curve.method, look: "other", middle: curve.median, lower: curve.lower, upper: curve.upper)
    series.hasMarks = curve.layers.count < 30
    self.init(
      title: "Convergence of the signals of \(curve.method): median cosine similarity, from the "
        + "output down: " + words.joined(separator: ", "),
      labels: curve.layers, labelWords: "layers from the output down",
      numberWords: "magnitude of the cosine", series: [series])
  }
}

extension TestedImage {
  /// What it shows, what the network takes it for and what is explained, in a line.
  fileprivate var facts: String {
    let probability = "(\(fixedPoint(100 * predicted.probability, digits: 1)) %)"
    if label?.index == predicted.index, predicted.index == target.index {
      return "\(target.words), recognized \(probability)"
    }
    let shown = label.map { "shows \($0.words), " } ?? ""
    return "\(shown)taken for \(predicted.words) \(probability), explained: \(target.words)"
  }
}

/// A value whose absence is written as `null` instead of nothing.
@propertyWrapper
struct Nullable<Value: Encodable>: Encodable {
  var wrappedValue: Value?

  init(wrappedValue: Value?) { self.wrappedValue = wrappedValue }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if let wrappedValue { try container.encode(wrappedValue) } else { try container.encodeNil() }
  }
}
