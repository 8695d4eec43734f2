/// Dropout of one node in one step.
public struct Dropout: Sendable {
  /// The share of elements set to 0, in 256ths: the random numbers are bytes.
  public let threshold: UInt8
  /// Decides which: element `i` depends on key and `i` alone.
  public let key: UInt64

  /// Describes a dropout.
  /// - Parameters:
  ///   - probability: The share set to 0, in [0, 1); rounded to 256ths (0.25 and 0.5 are exact).
  ///   - key: From the random stream of seed, node and step.
  public init(probability: Double, key: UInt64) {
    precondition(0..<1 ~= probability, "a dropout of \(probability) is not in [0, 1)")
    threshold = UInt8(min(255, (probability * 256).rounded()))
    self.key = key
  }

  /// What surviving elements are multiplied with: 1 / (1 - share).
  public var scale: Float { 256 / (256 - Float(threshold)) }
}

/// The constants of one step of gradient descent.
public struct DescentUpdate: Sendable {
  /// The learning rate.
  public var rate: Float
  /// The momentum.
  public var momentum: Float
  /// The L2 coefficient.
  public var decay: Float
  /// Whether Nesterov's form is used.
  public var nesterov: Bool
  /// A factor of the gradient, for clipping by the norm.
  public var gradientScale: Float

  /// Groups the constants.
  /// - Parameters:
  ///   - rate: The learning rate.
  ///   - momentum: The momentum.
  ///   - decay: The L2 coefficient.
  ///   - nesterov: Whether Nesterov's form is used.
  ///   - gradientScale: A factor of the gradient.
  public init(
    rate: Float, momentum: Float, decay: Float, nesterov: Bool, gradientScale: Float = 1
  ) {
    self.rate = rate
    self.momentum = momentum
    self.decay = decay
    self.nesterov = nesterov
    self.gradientScale = gradientScale
  }
}
