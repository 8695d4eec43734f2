import XAITensor

/// How far the log-odds of a class against another fall when the pixels go that speak for it: higher is
/// better.
///
/// Source: Shrikumar et al. 2017, DeepLIFT.
///
/// `D = M_A - M_B` of two maps of the image, for the target A and another class B. Among pixels with D > 0 the
/// largest go, at most a share of all. The softmax cancels, so that log-odds are differences of logits.
/// - Note: Deviation: the paper removes 157 of 784 pixels of MNIST.
public struct LogOddsMasking: Sendable, Equatable {
  /// The most pixels that go, as a share of all.
  public var share: Double

  /// Chooses a share.
  /// - Parameter share: 0.2 by default.
  public init(share: Double = 0.2) { self.share = share }

  /// The pixels that go.
  /// - Parameters:
  ///   - target: The map of the target.
  ///   - other: The map of the other class.
  /// - Returns: The set; empty where no difference is positive, which makes the score 0.
  public func removal(_ target: JudgedMap, against other: JudgedMap) -> PixelMask {
    let difference = zip(target.values, other.values).map(-)
    let order = PixelOrder(of: difference, ties: target.ties).pixels
    let count = order.count
    return PixelMask(
      order.prefix(share, of: count).prefix { difference[$0] > 0 }, count: count)
  }

  /// The falls of several removals.
  /// - Parameters:
  ///   - masks: The pixels that go.
  ///   - other: The other class.
  ///   - removal: The image, whose target is the first class.
  /// - Returns: `(f_A - f_B)(x) - (f_A - f_B)(x')` for each.
  /// - Throws: `EvaluationFailure` where the other class is none of the network; what the network throws, or
  ///   `AttributionStopped`.
  public static func falls(
    _ masks: [PixelMask], against other: Int, _ removal: RemovalEvaluator
  ) throws -> [Double] {
    guard 0..<removal.network.classes ~= other else {
      throw EvaluationFailure(.outside(other, of: removal.network.classes), of: "the other class")
    }
    let images = ([removal.nothing] + masks).map(removal.image(without:))
    let odds = try removal.network.logits(of: images).map {
      Double($0[removal.target]) - Double($0[other])
    }
    return odds.dropFirst().map { odds[0] - $0 }
  }
}
