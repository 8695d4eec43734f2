import XAIEvaluation

/// What a user thinks that measures are worth.
struct ScoreWeights {
  private let weights: [String: Double]

  /// Takes weights; nil where there are none.
  /// - Parameters:
  ///   - weights: By the names of measures.
  ///   - columns: What is measured.
  /// - Throws: `EvaluationFailure` where a name is no measure's that ranks, a weight is negative, or all are 0.
  init?(_ weights: [String: Double], columns: [MeasureColumn]) throws(EvaluationFailure) {
    guard !weights.isEmpty else { return nil }
    let known = columns.filter { $0.direction != .describes }.map(\.identifier)
    for (name, weight) in weights.sorted(by: { $0.key < $1.key }) {
      guard known.contains(name) else {
        throw EvaluationFailure(
          .noMeasure(name, among: known), of: "the weights of what is measured and ranks")
      }
      guard weight.isFinite, weight >= 0 else {
        throw EvaluationFailure(
          .parameter("\(weight)", expected: "a number from 0"), of: "the weight of \(name)")
      }
    }
    guard weights.values.contains(where: { $0 > 0 }) else {
      throw EvaluationFailure(
        .parameter("0 everywhere", expected: "at least one above 0"), of: "the weights")
    }
    self.weights = weights
  }

  /// The total score of each method.
  func total(of results: EvaluationResults) -> TotalRecord {
    let table = results.rankedTable
    let all = results.measures.map { weights[$0.identifier] ?? 0 }
    let used = zip(results.measures, all).filter { $1 > 0 }
    return TotalRecord(
      weights: used.map { .init(measure: $0.identifier, weight: $1) },
      scores: results.rankedMethods.indices.map {
        .init(method: results.rankedMethods[$0], score: table.total($0, weights: all))
      })
  }
}

/// A total score by weights that a user brought.
public struct TotalRecord: Codable, Sendable, Equatable {
  /// A measure with its weight.
  public struct Weight: Codable, Sendable, Equatable {
    /// The measure's name.
    public var measure: String
    /// Its weight, above 0.
    public var weight: Double
  }

  /// A method with its score.
  public struct Score: Codable, Sendable, Equatable {
    /// The method's name.
    public var method: String
    /// The weighted mean of `(methods - rank) / (methods - 1)`, in [0, 1]; nil where a measure of weight says nothing
    /// about the method.
    public var score: Double?
  }

  /// The weights, in the order of the measures.
  public var weights: [Weight]
  /// The scores of methods without controls, in their order.
  public var scores: [Score]
}
