import XAIExamples
#if canImport(Glibc)
  import Glibc
#endif

extension RecourseWishes.Cost {
  /// What it costs to move a number, by the share of its distribution below it.
  /// - Parameters:
  ///   - old: The share as it is.
  ///   - new: The share that is set.
  ///   - count: How many observations the distribution would be known from: shares keep that far from 0 and 1.
  /// - Returns: At least 0.
  func price(from old: Double, to new: Double, count: Int) -> Double {
    guard self == .logPercentile else { return abs(new - old) }
    let edge = 1 / Double(max(count, 1) + 1)
    let (before, after) = (min(max(old, edge), 1 - edge), min(max(new, edge), 1 - edge))
    return abs(log((1 - after) / (1 - before)))
  }

  /// What it costs to take another category.
  static let category = 1.0
}

extension RecourseSearch.Feature {
  /// A number with a grid of nine values, the quantiles of 5 to 95 %, within bounds.
  /// - Parameters:
  ///   - share: Where the fact lies.
  ///   - bounds: The shares that are allowed.
  init(number share: Double, within bounds: ClosedRange<Double> = 0...1) {
    let grid = (0..<9).map { 0.05 + 0.9 * Double($0) / 8 }
    let edges = bounds == 0...1 ? [] : [bounds.lowerBound, bounds.upperBound]
    let values = Set((grid + edges).filter { bounds.contains($0) && abs($0 - share) > 1e-6 })
    self.init(share: share, settings: values.sorted().map { .share($0) })
  }
}
