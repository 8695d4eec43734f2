/// The correlation of summed relevance with what random subsets of one size cost; over several sizes,
/// sensitivity-n by samples.
///
/// In [-1, 1], higher is better.
///
/// Source: Bhatt et al. 2020; Ancona et al. 2018.
///
/// It assumes that relevances add up to differences; for a Grad-CAM map or a magnitude there is no such unit.
/// Small random subsets of pixels test high frequencies only.
/// - Note: Deviation: MuFidelity (Xplique) counts NaN as 0.
public struct FaithfulnessCorrelation: Sendable {
  /// The subsets, all of about one size.
  public let subsets: [PixelMask]

  /// Takes subsets; the page's default are 100 of each of 2, 10 and 30 % of the pixels.
  /// - Parameter subsets: The pixels that go.
  public init(_ subsets: [PixelMask]) { self.subsets = subsets }

  /// What the subsets cost, shared by all methods.
  /// - Parameter removal: The image.
  /// - Returns: The loss of each.
  /// - Throws: What the network throws, or `AttributionStopped`.
  public func drops(_ removal: RemovalEvaluator) throws -> [TargetValue] {
    try removal.drops(without: subsets)
  }

  /// The correlation of a map.
  /// - Parameters:
  ///   - map: The map.
  ///   - drops: What the subsets cost.
  ///   - quantity: Logit or probability.
  ///   - correlation: Which correlation.
  /// - Returns: The correlation; `nil` where either side is constant.
  public func callAsFunction(
    _ map: JudgedMap, drops: [TargetValue], _ quantity: TargetQuantity,
    _ correlation: Correlation = .pearson
  ) -> Double? {
    correlation.of(subsets.map { $0.sum(of: map.values) }, drops.map { $0[quantity] })
  }
}
