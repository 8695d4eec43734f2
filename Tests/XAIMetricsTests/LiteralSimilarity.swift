import Foundation
import XAIMetrics

/// SSIM as it was printed in 2004: window by window, all weights written out.
struct LiteralSSIM {
  /// Wrong rules, for showing that a comparison notices them.
  enum Fault: CaseIterable {
    case populationVariance
    case wrongRange
    case absoluteValues
    case narrowWindow
    case constantsNotSquared
  }

  let window: SimilarityWindow
  let range: Double
  var fault: Fault?

  private var isBell: Bool { window.rawValue.hasPrefix("gaussian") }
  private let radii: [SimilarityWindow: Int] = [
    .gaussian: 5, .gaussian9: 4, .gaussian7: 3, .gaussian5: 2, .gaussian3: 1,
  ]

  init(window: SimilarityWindow, range: Double, fault: Fault? = nil) {
    (self.window, self.range, self.fault) = (window, range, fault)
  }

  func value(_ left: RelevanceMap, _ right: RelevanceMap) -> Double {
    let (x, y) = (scaled(left), scaled(right))
    let radius = radii[window, default: 3] - (fault == .narrowWindow ? 1 : 0)
    var sum = 0.0
    var windows = 0
    for row in radius..<left.height - radius {
      for column in radius..<left.width - radius {
        sum += local(x, y, left.width, row, column, radius)
        windows += 1
      }
    }
    return sum / Double(windows)
  }

  private func scaled(_ map: RelevanceMap) -> [Double] {
    let values = fault == .absoluteValues ? map.values.map(abs) : map.values
    let (least, greatest) = (values.min() ?? 0, values.max() ?? 0)
    return values.map { greatest == least ? 0 : ($0 - least) / (greatest - least) }
  }

  private func local(
    _ x: [Double], _ y: [Double], _ width: Int, _ row: Int, _ column: Int, _ radius: Int
  ) -> Double {
    var weights: [Double] = []
    var pairs: [(x: Double, y: Double)] = []
    for down in -radius...radius {
      for right in -radius...radius {
        let distance = Double(down * down + right * right)
        weights.append(isBell ? exp(-distance / (2 * 1.5 * 1.5)) : 1)
        let place = (row + down) * width + column + right
        pairs.append((x[place], y[place]))
      }
    }
    let total = weights.reduce(0, +)
    func mean(_ value: ((x: Double, y: Double)) -> Double) -> Double {
      zip(weights, pairs).reduce(0) { $0 + $1.0 / total * value($1.1) }
    }
    let (ux, uy) = (mean { $0.x }, mean { $0.y })
    let count = Double(pairs.count)
    let factor = fault == .populationVariance ? 1 : count / (count - 1)
    let vx = factor * mean { ($0.x - ux) * ($0.x - ux) }
    let vy = factor * mean { ($0.y - uy) * ($0.y - uy) }
    let vxy = factor * mean { ($0.x - ux) * ($0.y - uy) }
    let dynamic = fault == .wrongRange ? 1 : range
    let power = fault == .constantsNotSquared ? 1.0 : 2.0
    let (c1, c2) = (pow(0.01 * dynamic, power), pow(0.03 * dynamic, power))
    return (2 * ux * uy + c1) * (2 * vxy + c2) / ((ux * ux + uy * uy + c1) * (vx + vy + c2))
  }
}

/// Rank correlation by counting: no sorting, no shared code.
enum LiteralRanks {
  static func correlation(_ x: [Double], _ y: [Double]) -> Double {
    func ranks(_ values: [Double]) -> [Double] {
      values.map { value in
        let below = values.count { $0 < value }
        let equal = values.count { $0 == value }
        return Double(below) + Double(equal + 1) / 2
      }
    }
    let (a, b) = (ranks(x), ranks(y))
    let mean = Double(x.count + 1) / 2
    func sum(_ left: [Double], _ right: [Double]) -> Double {
      zip(left, right).reduce(0) { $0 + ($1.0 - mean) * ($1.1 - mean) }
    }
    return sum(a, b) / (sum(a, a) * sum(b, b)).squareRoot()
  }
}
