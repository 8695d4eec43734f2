/// Comprehensiveness and sufficiency: what is lost without the top pixels, and what is lost with them alone.
///
/// Source: DeYoung et al. 2020, ERASER.
public struct Erasure: Sendable, Equatable {
  /// The shares of the pixels whose losses are averaged.
  public var fractions: [Double]

  /// Chooses shares.
  /// - Parameter fractions: Shares of the pixels, in (0, 1].
  public init(fractions: [Double] = [0.01, 0.05, 0.1, 0.2, 0.5]) { self.fractions = fractions }

  /// How many pixels the shares are: `max(1, ceil(fraction P))`.
  /// - Parameter pixels: P.
  /// - Returns: One number for each share.
  public func sizes(pixels: Int) -> [Int] {
    fractions.map { min(pixels, max(1, Int(($0 * Double(pixels)).rounded(.up)))) }
  }

  /// The removals of comprehensiveness: the top pixels go.
  /// - Parameter order: Pixels, most relevant first.
  /// - Returns: One set for each share.
  public func withoutTop(_ order: PixelOrder) -> [PixelMask] {
    let count = order.pixels.count
    return sizes(pixels: count).map { PixelMask(order.pixels.prefix($0), count: count) }
  }

  /// The removals of sufficiency: all others go.
  /// - Parameter order: Pixels, most relevant first.
  /// - Returns: One set for each share.
  public func topAlone(_ order: PixelOrder) -> [PixelMask] { withoutTop(order).map(\.complement) }

  /// The mean of `v(x) - v(x without the top)`: higher is better.
  /// - Parameters:
  ///   - order: Pixels, most relevant first.
  ///   - removal: The image.
  /// - Returns: The mean loss of logit and probability.
  /// - Throws: What the network throws, or `AttributionStopped`.
  public func comprehensiveness(
    _ order: PixelOrder, _ removal: RemovalEvaluator
  ) throws -> TargetValue {
    Self.mean(try removal.drops(without: withoutTop(order)))
  }

  /// The mean of `v(x) - v(the top alone, the rest baseline)`: lower is better.
  /// - Parameters:
  ///   - order: Pixels, most relevant first.
  ///   - removal: The image.
  /// - Returns: The mean loss of logit and probability.
  /// - Throws: What the network throws, or `AttributionStopped`.
  public func sufficiency(_ order: PixelOrder, _ removal: RemovalEvaluator) throws -> TargetValue {
    Self.mean(try removal.drops(without: topAlone(order)))
  }

  private static func mean(_ drops: [TargetValue]) -> TargetValue {
    let count = Double(drops.count)
    return TargetValue(
      logit: drops.reduce(0) { $0 + $1.logit } / count,
      probability: drops.reduce(0) { $0 + $1.probability } / count)
  }
}
