public import XAITensor

/// A map of relevance: one finite number for each pixel.
public struct RelevanceMap: Sendable, Equatable {
  /// Rows.
  public let height: Int
  /// Columns.
  public let width: Int
  /// The numbers in row-major order.
  public let values: [Double]

  /// Groups the numbers of a map.
  /// - Parameters:
  ///   - height: Rows.
  ///   - width: Columns.
  ///   - values: `height * width` finite numbers in row-major order.
  public init(height: Int, width: Int, values: [Double]) {
    precondition(height > 0 && width > 0, "a map of \(height) x \(width) pixels")
    precondition(values.count == height * width, "\(values.count) values, \(height) x \(width)")
    precondition(values.allSatisfy(\.isFinite), "a map holds NaN or infinity")
    (self.height, self.width, self.values) = (height, width, values)
  }

  /// Sums the channels of an attribution, which every comparison starts with.
  /// - Parameters:
  ///   - attribution: `[C, H, W]`, or one row `[1, C, H, W]` of a batch.
  ///   - source: Whose map this is, for messages.
  /// - Throws: `MetricFailure` where the attribution holds NaN or infinity.
  public init(
    summingChannelsOf attribution: Tensor, source: String
  ) throws(MetricFailure) {
    let shape = attribution.shape
    precondition(shape.count == 3 || shape.count == 4 && shape[0] == 1, "\(shape) is not one map")
    guard attribution.isFinite else {
      throw MetricFailure(.notFinite, source: source)
    }
    let plane = shape[shape.count - 2] * shape[shape.count - 1]
    let values = attribution.withUnsafeElements { elements in
      var sums = Array(repeating: 0.0, count: plane)
      for (index, value) in elements.enumerated() { sums[index % plane] += Double(value) }
      return sums
    }
    self.init(height: shape[shape.count - 2], width: shape[shape.count - 1], values: values)
  }

  /// The smallest and the largest value.
  public var extremes: (least: Double, greatest: Double) {
    values.reduce(into: (least: values[0], greatest: values[0])) { extremes, value in
      extremes.least = min(extremes.least, value)
      extremes.greatest = max(extremes.greatest, value)
    }
  }

  /// Whether all values are equal, so that the map says nothing about where.
  public var isConstant: Bool { values.allSatisfy { $0 == values[0] } }

  /// The map of absolute values.
  public var absolute: RelevanceMap { map(abs) }

  /// A function of each value.
  func map(_ transform: (Double) -> Double) -> RelevanceMap {
    RelevanceMap(height: height, width: width, values: values.map(transform))
  }
}
