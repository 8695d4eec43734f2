#if canImport(Glibc)
  import Glibc
#endif

/// The window in which SSIM takes means and variances.
public enum SimilarityWindow: String, Sendable, Hashable, CaseIterable, Codable {
  /// 11x11: a Gaussian of standard deviation 1.5, cut off at 3.5 deviations (Wang et al. 2004).
  case gaussian
  /// 9x9: the same Gaussian, cut off nearer, for maps that are too small for 11x11.
  case gaussian9
  /// 7x7: the same Gaussian.
  case gaussian7
  /// 5x5: the same Gaussian.
  case gaussian5
  /// 3x3: the same Gaussian.
  case gaussian3
  /// 7x7, every pixel with the same weight (the default of scikit-image).
  case uniform
  /// 5x5, every pixel with the same weight (Sixt et al. 2020).
  case uniform5
  /// The whole map as one window: the formula as the thesis prints it (equation 5.1).
  case global

  /// The largest window of the Gaussian that lies inside a map; the whole map where none does.
  /// - Parameters:
  ///   - height: Rows of the map.
  ///   - width: Columns of the map.
  /// - Returns: The window of 11x11 for every map that is not smaller.
  public static func largestGaussian(height: Int, width: Int) -> SimilarityWindow {
    [gaussian, gaussian9, gaussian7, gaussian5, gaussian3]
      .first { $0.extent <= min(height, width) } ?? .global
  }

  /// Rows and columns of the window; 1 for the whole map, which fits every map.
  public var extent: Int { max(weights.count, 1) }

  /// The window in words.
  var phrase: String {
    switch self {
    case .uniform, .uniform5: "a uniform \(extent)x\(extent) window"
    case .global: "the whole map as one window"
    case .gaussian, .gaussian9, .gaussian7, .gaussian5, .gaussian3:
      "a Gaussian window (sigma 1.5, \(extent)x\(extent))"
    }
  }

  /// The weights along one axis, which sum to 1; none for the whole map.
  var weights: [Double] {
    switch self {
    case .uniform: Self.seven
    case .uniform5: Self.five
    case .global: []
    case .gaussian: Self.bells[0]
    case .gaussian9: Self.bells[1]
    case .gaussian7: Self.bells[2]
    case .gaussian5: Self.bells[3]
    case .gaussian3: Self.bells[4]
    }
  }

  private static let seven = Array(repeating: 1.0 / 7, count: 7)
  private static let five = Array(repeating: 1.0 / 5, count: 5)
  private static let bells: [[Double]] = [5, 4, 3, 2, 1].map { radius in
    let weights = (-radius...radius).map { exp(-Double($0 * $0) / (2 * 1.5 * 1.5)) }
    return weights.map { $0 / weights.reduce(0, +) }
  }

  /// The factor of sample variances, `n / (n - 1)` with n pixels in the window; the whole map has
  /// the population variance.
  var varianceFactor: Double {
    let count = Double(weights.count * weights.count)
    return count == 0 ? 1 : count / (count - 1)
  }

  /// Whether the window lies inside a map somewhere.
  func fits(_ map: RelevanceMap) -> Bool { min(map.height, map.width) >= extent }

  /// Weighted means over every window that lies inside the map.
  /// - Parameters:
  ///   - values: `height * width` values in row-major order.
  ///   - width: Columns.
  /// - Returns: One mean for each position.
  func means(_ values: [Double], width: Int) -> [Double] {
    let weights = weights
    guard !weights.isEmpty else { return [values.reduce(0, +) / Double(values.count)] }
    let height = values.count / width
    let (rows, columns) = (height - weights.count + 1, width - weights.count + 1)
    var vertical = Array(repeating: 0.0, count: rows * width)
    for row in 0..<rows {
      for (offset, weight) in weights.enumerated() {
        for column in 0..<width {
          vertical[row * width + column] += weight * values[(row + offset) * width + column]
        }
      }
    }
    var means = Array(repeating: 0.0, count: rows * columns)
    for row in 0..<rows {
      for (offset, weight) in weights.enumerated() {
        for column in 0..<columns {
          means[row * columns + column] += weight * vertical[row * width + column + offset]
        }
      }
    }
    return means
  }
}
