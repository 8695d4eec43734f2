public import XAIRepresentations
import XAITensor

/// An order in which filters go.
public struct PruningCurve: Codable, Sendable, Equatable {
  /// What results and files call it: `lrp`, `lrp-randomized`, `random-1`.
  public var name: String
  /// What decides.
  public var criterion: FilterCriterion
  /// Which of several random orders, from 0.
  public var draw: Int
  /// Whether the criterion looks at a network of random weights instead: such an order knows nothing of what was
  /// learned.
  public var isRandomized: Bool

  /// The orders that are compared.
  ///
  /// Chance is always among them.
  /// - Parameters:
  ///   - criteria: What decides, each once.
  ///   - randomOrders: How many random orders, at least 1.
  ///   - includesRandomized: Whether criteria that look at images also look at networks of random weights.
  /// - Returns: The criteria in their order, then their controls, then random orders.
  public static func all(
    of criteria: [FilterCriterion], randomOrders: Int, includesRandomized: Bool
  ) -> [PruningCurve] {
    var own: [PruningCurve] = []
    for criterion in criteria
    where criterion != .random && !own.contains(where: { $0.criterion == criterion }) {
      own.append(
        PruningCurve(
          name: criterion.rawValue, criterion: criterion, draw: 0, isRandomized: false))
    }
    let controls = includesRandomized ? own.filter(\.criterion.looksAtImages) : []
    return own
      + controls.map {
        PruningCurve(
          name: "\($0.name)-randomized", criterion: $0.criterion, draw: 0, isRandomized: true)
      }
      + (0..<max(randomOrders, 1)).map {
        PruningCurve(name: "random-\($0 + 1)", criterion: .random, draw: $0, isRandomized: false)
      }
  }

  /// Whether it is what others are held against.
  public var isControl: Bool { isRandomized || criterion == .random }

  /// What decides the random choices of a step.
  func seed(_ seed: UInt64, step: Int) -> UInt64 {
    var stream = RandomStream(seed: seed, purpose: "pruning/order", draw, step)
    return stream.next()
  }

  enum CodingKeys: String, CodingKey {
    case name, criterion, draw
    case isRandomized = "randomized"
  }
}

extension FilterCriterion {
  /// Whether it needs images.
  var looksAtImages: Bool { [.lrp, .taylor, .gradient].contains(self) }
}
