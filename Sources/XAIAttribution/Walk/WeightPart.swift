public import XAITensor

/// What a rule reads in place of a weight matrix W: a function of W, under a key.
///
/// The device keeps what was made of a layer's weights under the key, as long as the layer lives; so two
/// functions must not have one key. A parameter of the function belongs into the key:
///
///     func halved(by number: Float) -> WeightPart {
///       WeightPart("halved by \\(number)") { $0.map { $0 / number } }
///     }
public struct WeightPart: Sendable {
  /// What tells this part from all others.
  public let key: String
  private let make: @Sendable (Tensor) -> Tensor

  /// Describes a part; it cannot be taken for one of those below, whatever its key.
  /// - Parameters:
  ///   - key: What tells it from all other parts, parameters included.
  ///   - make: Computes it from W, in the shape of W; biases are treated alike.
  public init(_ key: String, _ make: @escaping @Sendable (Tensor) -> Tensor) {
    self.init(key: "own.\(key)", make)
  }

  private init(key: String, _ make: @escaping @Sendable (Tensor) -> Tensor) {
    (self.key, self.make) = (key, make)
  }

  /// The part of a tensor.
  /// - Parameter weights: W.
  /// - Returns: The shape of W.
  public func of(_ weights: Tensor) -> Tensor { make(weights) }
}

extension WeightPart {
  /// W.
  public static let all = WeightPart(key: "all") { $0 }
  /// `max(W, 0)`.
  public static let positive = WeightPart(key: "positive") { $0.map { max($0, 0) } }
  /// `min(W, 0)`.
  public static let negative = WeightPart(key: "negative") { $0.map { min($0, 0) } }
  /// `W * W`, elementwise.
  public static let squared = WeightPart(key: "squared") { $0.map { $0 * $0 } }
  /// `|W|`.
  public static let absolute = WeightPart(key: "absolute") { $0.map { abs($0) } }
  /// Ones in the shape of W.
  public static let ones = WeightPart(key: "ones") { Tensor(shape: $0.shape, repeating: 1) }

  /// `W + gamma max(W, 0)`.
  /// - Parameter gamma: How much positive weights are favored.
  /// - Returns: The part.
  public static func favoringPositive(by gamma: Float) -> WeightPart {
    WeightPart(key: "positive times 1 + \(gamma)") { $0.map { $0 + gamma * max($0, 0) } }
  }

  /// `W + gamma min(W, 0)`.
  /// - Parameter gamma: How much negative weights are favored.
  /// - Returns: The part.
  public static func favoringNegative(by gamma: Float) -> WeightPart {
    WeightPart(key: "negative times 1 + \(gamma)") { $0.map { $0 + gamma * min($0, 0) } }
  }
}

extension WeightPart: Hashable {
  /// Parts are the same where their keys are.
  public static func == (first: WeightPart, second: WeightPart) -> Bool { first.key == second.key }

  /// Hashes the key.
  /// - Parameter hasher: Takes it.
  public func hash(into hasher: inout Hasher) { hasher.combine(key) }
}
