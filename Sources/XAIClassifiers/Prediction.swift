#if canImport(Glibc)
  import Glibc
#endif

/// What a network says about an image.
public struct Prediction: Sendable, Equatable {
  /// One logit for each class.
  public let logits: [Float]

  /// Takes down what a network says.
  /// - Parameter logits: One logit for each class.
  public init(logits: [Float]) { self.logits = logits }

  /// The class of the largest logit, the first of several.
  public var predicted: Int {
    logits.indices.max { logits[$0] < logits[$1] || (logits[$0] == logits[$1] && $0 > $1) } ?? 0
  }

  /// The classes of the largest logits.
  /// - Parameter count: How many.
  /// - Returns: The classes, the likeliest first; of equal ones the first.
  public func likeliest(_ count: Int) -> [Int] {
    Array(logits.indices.sorted { (-logits[$0], $0) < (-logits[$1], $1) }.prefix(count))
  }

  /// The share of a class in the softmax of the logits.
  /// - Parameter target: The class.
  /// - Returns: Its probability.
  public func probability(of target: Int) -> Double {
    let greatest = Double(logits[predicted])
    let sum = logits.reduce(0) { $0 + exp(Double($1) - greatest) }
    return exp(Double(logits[target]) - greatest) / sum
  }

  /// Whether every logit is a number.
  public var isFinite: Bool { logits.allSatisfy(\.isFinite) }
}
