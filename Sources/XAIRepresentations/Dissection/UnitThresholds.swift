import XAIStatistics
public import XAITensor

/// The activation that each unit of a layer exceeds at a share of all positions, exactly and in one pass.
///
/// With N positions of all images and m = floor(share N), the threshold is the (m + 1)-th largest value; `>` is
/// strict, so that at most m positions exceed it.
/// - Note: Deviation from NetDissect, whose randomized sketch reads another quantile.
public struct UnitThresholds: Sendable {
  /// The default share.
  ///
  /// Bau et al. 2017.
  public static let defaultShare = 0.005

  /// The number of positions that may exceed a threshold.
  public let most: Int
  private var values: [TopValues]

  /// Starts without images.
  /// - Parameters:
  ///   - units: The number of units.
  ///   - positions: N, over all images that will come.
  ///   - share: More than 0, less than 1.
  public init(units: Int, positions: Int, share: Double = defaultShare) {
    precondition(share > 0 && share < 1, "the largest \(share) of values")
    most = Int((share * Double(positions) + 1e-9).rounded(.down))
    values = Array(repeating: TopValues(count: most + 1), count: units)
  }

  /// Takes outputs of images.
  /// - Parameter outputs: `[n, C, h, w]`.
  public mutating func insert(_ outputs: Tensor) {
    let area = outputs.rowCount / values.count
    outputs.withUnsafeElements { elements in
      for image in 0..<outputs.rows {
        for unit in values.indices {
          let start = image * outputs.rowCount + unit * area
          values[unit].insert(elements[start..<start + area])
        }
      }
    }
  }

  /// The threshold of each unit; nil of units of which fewer values were seen.
  public var thresholds: [Float?] { values.map { $0.value(ofRank: most) } }
}

/// The images that excite each unit most.
public struct TopImages: Sendable {
  /// For each unit, images with their largest activation, largest first; the earlier image where equal.
  public private(set) var images: [[(index: Int, value: Float)]]
  private let count: Int

  /// Starts without images.
  /// - Parameters:
  ///   - units: The number of units.
  ///   - count: How many images are kept of each.
  public init(units: Int, count: Int = 9) {
    images = Array(repeating: [], count: units)
    self.count = count
  }

  /// Takes outputs of images.
  /// - Parameters:
  ///   - outputs: `[n, C, ...]`.
  ///   - first: The index of the first image.
  public mutating func insert(_ outputs: Tensor, from first: Int) {
    let area = outputs.rowCount / images.count
    outputs.withUnsafeElements { elements in
      for image in 0..<outputs.rows {
        for unit in images.indices {
          let start = image * outputs.rowCount + unit * area
          let value = elements[start..<start + area].max() ?? 0
          images[unit].append((first + image, value))
          images[unit].sort { ($1.value, $0.index) < ($0.value, $1.index) }
          if images[unit].count > count { images[unit].removeLast() }
        }
      }
    }
  }
}
