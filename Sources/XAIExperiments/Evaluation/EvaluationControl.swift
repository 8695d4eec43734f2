import XAIEvaluation
import XAIMetrics

/// Maps that give scores their scale, besides those of the catalog.
enum EvaluationControl: String, CaseIterable {
  case random
  case constant
  case center
  case oracle

  /// One line about it.
  var summary: String {
    switch self {
    case .random: "random orders of the pixels, the mean of four"
    case .constant: "the same everywhere, so that ties decide: another random order"
    case .center: "relevance that falls with the distance from the middle"
    case .oracle: "the order of the cells that no other order beats, for each baseline and quantity"
    }
  }

  /// How many random orders make the mean.
  static let randomOrders = 4

  /// The maps whose numbers are averaged for a column.
  func maps(
    on image: JudgedImage, for column: MeasureColumn?, tables: [String: CoalitionTable],
    first baseline: String?
  ) -> [RelevanceMap] {
    switch self {
    case .random: return (0..<Self.randomOrders).map { ControlMaps.random(image, $0) }
    case .constant: return [ControlMaps.constant(height: image.height, width: image.width)]
    case .center: return [ControlMaps.center(height: image.height, width: image.width)]
    case .oracle:
      guard let name = column?.baseline ?? baseline, let table = tables[name] else { return [] }
      return [ControlMaps.oracle(table, column?.quantity ?? .logit)]
    }
  }
}
