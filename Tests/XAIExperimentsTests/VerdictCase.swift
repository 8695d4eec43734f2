import Foundation
import XAIAttribution
import XAIExperiments
import XAIMetrics

/// A randomization test whose scores are made up.
struct VerdictCase {
  static let measures = [SimilarityPanel.headline, "spearman.absolute"]
  static let cascade = ["fc3", "fc2", "fc1", "conv2", "conv1"]
  var rule = VerdictRule(cascade: cascade, denseHead: 3)
  var rows: [ScoreRow] = []
  var health: [HealthRecord] = []
  var group = MethodGroup.gradient

  /// A row of scores, read from JSON as a folder's rows are.
  static func row(
    _ image: Int, _ seed: Int, _ layer: String, _ values: [Double?],
    mode: RandomizationMode = .cascading, degenerate: [String] = [], method: String = "m"
  ) -> ScoreRow {
    let numbers = values.map { $0.map { "\($0)" } ?? "null" }.joined(separator: ",")
    let names = degenerate.map { "\"\($0)\"" }.joined(separator: ",")
    let json = """
      {"image": \(image), "method": "\(method)", "target": 0, "values": [\(numbers)],
       "degenerate": [\(names)],
       "step": {"mode": "\(mode.rawValue)", "layer": "\(layer)", "seed": \(seed)}}
      """
    return decode(json)
  }

  static func decode<Value: Decodable>(_ json: String) -> Value {
    do {
      return try JSONDecoder().decode(Value.self, from: Data(json.utf8))
    } catch {
      preconditionFailure("\(error) in \(json)")
    }
  }

  /// Scores of five images and five seeds around a value; images differ more than seeds.
  mutating func add(
    _ layer: String, _ value: Double, spread: Double = 0.01, ranks: Double = 0.1,
    mode: RandomizationMode = .cascading, degenerate: Int = 0, images: Int = 5, seeds: Int = 5
  ) {
    for image in 0..<images {
      for seed in 0..<seeds {
        let deviation = spread * (Double(image - 2) + 0.1 * Double(seed - 2)) / 2
        let isConvention = image * seeds + seed < degenerate
        rows.append(
          Self.row(
            image, seed, layer, [min(value + deviation, 1), ranks], mode: mode,
            degenerate: isConvention ? [Self.measures[0]] : []))
      }
    }
  }

  /// A test whose cascade has these values.
  init(_ values: [Double], spread: Double = 0.01, ranks: Double = 0.1) {
    for (layer, value) in zip(Self.cascade, values) {
      add(layer, value, spread: spread, ranks: ranks)
    }
  }

  var summaries: [ScoreSummary] {
    ScoreSummary.summaries(
      of: rows, measures: [rule.record, MeasureRecord(identifier: Self.measures[1])],
      methods: ["m"],
      plans: RandomizationMode.allCases.map { mode in
        Self.decode(
          """
          {"mode": "\(mode.rawValue)", "layers": ["\(Self.cascade.joined(separator: "\", \""))"],
           "dense_head": \(mode == .cascading ? 3 : 0)}
          """)
      })
  }

  func verdict(floor: NoiseFloor? = NoiseFloor(similarities: [0.1, 0.2, 0.3])) -> MethodVerdict {
    let method: TestedMethod = Self.decode(
      """
      {"identifier": "m", "method": "saliency", "group": "\(group.rawValue)", "parameters": {},
       "summary": "", "source": ""}
      """)
    return rule.verdicts(
      of: [method], summaries: summaries, health: health,
      floors: floor.map { ["m": $0] } ?? [:], images: Set(rows.map(\.image)).count)[0]
  }

  mutating func collapse(_ layer: String?, mode: RandomizationMode = .cascading) {
    let step = layer.map {
      "\"step\": {\"mode\": \"\(mode.rawValue)\", \"layer\": \"\($0)\", \"seed\": 2},"
    }
    health.append(
      Self.decode(
        """
        {\(step ?? "") "problems": ["all logits are equal"],
         "health": {"images": 2, "logitSpread": 0, "logitVariation": 0, "predictionEntropy": 1,
                    "deadRectifiers": [], "overflows": false}}
        """))
  }
}
