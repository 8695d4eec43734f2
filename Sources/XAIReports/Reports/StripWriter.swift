import XAIAttribution
import XAIFiles
import XAIImages
import XAITensor
import XAIExperiments
import XAIMetrics

/// Writes `strips/MODE/METHOD/IMAGE.png`.
struct StripWriter {
  private let results: RandomizationResults
  private let pictures: [RGBImage]
  private let seed: Int
  private let folder: String
  private let methodNames: [String: String]
  private let looks: [String: MapMeaning]
  private let colors: MapColors
  private let imageNames: [String]
  private let scores: [Subject: [RandomizedStep: Double]]
  private let collapsed: Set<RandomizedStep>

  private struct Subject: Hashable {
    let image: Int
    let method: String
  }

  init(_ report: RandomizationReport, folder: String) {
    (results, pictures, self.folder) = (report.results, report.pictures, folder)
    colors = report.options.colors
    let seed = report.options.mapSeeds.first ?? 0
    self.seed = seed
    var names = FileNames()
    methodNames = Dictionary(
      results.methods.map { ($0.identifier, names.name(for: $0.identifier)) },
      uniquingKeysWith: { first, _ in first })
    looks = Dictionary(
      results.methods.map { ($0.identifier, $0.shownMeaning) }, uniquingKeysWith: { $1 })
    names = FileNames()
    imageNames = results.images.map { names.name(for: $0.name) }
    let headline = results.measures.firstIndex(of: results.headline)
    var scores: [Subject: [RandomizedStep: Double]] = [:]
    for row in results.scores where row.step.seed == seed {
      guard let headline, let value = row.values[headline] else { continue }
      scores[Subject(image: row.image, method: row.method), default: [:]][row.step] = value
    }
    self.scores = scores
    collapsed = Set(results.health.filter { !$0.problems.isEmpty }.compactMap(\.step))
  }

  func write(_ maps: MapSet) throws {
    guard let method = methodNames[maps.method] else { return }
    let scores = scores[Subject(image: maps.image, method: maps.method)] ?? [:]
    for plan in results.plans {
      let steps = plan.layers.map { RandomizedStep(mode: plan.mode, layer: $0, seed: seed) }
      let columns = steps.map { step in
        HeatmapStrip.Column(
          step.layer, map: maps.randomized[step],
          note: scores[step].map { fixedPoint($0, digits: 3) } ?? "",
          hasCollapsed: collapsed.contains(step))
      }
      // Without any map of the mode there is nothing to see.
      guard columns.contains(where: { $0.map != nil }) else { continue }
      let original = HeatmapStrip.Column(
        "trained", map: maps.original, note: results.record(of: results.headline).shortName,
        hasCollapsed: false)
      let image = results.images[maps.image]
      let strip = HeatmapStrip(
        of: pictures[maps.image],
        title: [
          "\(maps.method): \(plan.mode.title)",
          "image \(image.name), class \(image.target.words); seed \(seed);"
            + " below each map its similarity to the trained network's",
        ], columns: [original] + columns, look: MapLook(looks[maps.method] ?? .relevance, colors))
      let place = "\(folder)/\(plan.mode.rawValue)/\(method)"
      try Folder.create(place, durability: .later)
      try AtomicFile.write(
        try PNG.encode(strip.picture, isDrawn: true),
        to: "\(place)/\(imageNames[maps.image]).png", durability: .later)
    }
  }
}

extension RandomizationMode {
  /// What the mode does, in a few words.
  var title: String {
    switch self {
    case .cascading: "cascading (top down)"
    case .independent: "independent (one at a time)"
    case .bottomUp: "cascading (bottom up)"
    }
  }
}
