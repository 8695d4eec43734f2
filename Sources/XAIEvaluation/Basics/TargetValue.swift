#if canImport(Glibc)
  import Glibc
#endif

/// What a network says about a class: both numbers come out of the same forward pass.
public struct TargetValue: Sendable, Equatable {
  /// The logit of the class.
  ///
  /// It is what is explained; it has no scale.
  public var logit: Double
  /// The softmax probability of the class.
  ///
  /// It saturates, and moves when other logits do.
  public var probability: Double

  /// Groups the two.
  /// - Parameters:
  ///   - logit: The logit.
  ///   - probability: The softmax probability.
  public init(logit: Double, probability: Double) {
    (self.logit, self.probability) = (logit, probability)
  }

  /// Reads a class, in Double.
  /// - Parameters:
  ///   - logits: One for each class.
  ///   - target: The class.
  public init(_ logits: some RandomAccessCollection<Float>, of target: Int) {
    let logits = logits.map(Double.init)
    let sum = logits.reduce(0) { $0 + exp($1 - logits[target]) }
    self.init(logit: logits[target], probability: 1 / sum)
  }

  /// One of the two.
  /// - Parameter quantity: Which.
  public subscript(quantity: TargetQuantity) -> Double {
    quantity == .logit ? logit : probability
  }

  /// What is lost from the first to the second.
  static func - (left: TargetValue, right: TargetValue) -> TargetValue {
    TargetValue(
      logit: left.logit - right.logit, probability: left.probability - right.probability)
  }
}

/// Which number of a `TargetValue`.
public enum TargetQuantity: String, Sendable, CaseIterable, Codable {
  /// The logit.
  case logit
  /// The softmax probability.
  case probability
}
