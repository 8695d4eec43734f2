import XAIAttribution
import XAITestSupport

/// The class activation maps as their papers write them, one loop for each sum.
enum LiteralActivationMaps {
  /// A map of one image.
  /// - Parameters:
  ///   - weighting: Which one.
  ///   - A: The layer's output `[N, K, h, w]`.
  ///   - g: The gradient by it.
  ///   - n: Which image.
  ///   - wrong: A wrong rule, for showing that a comparison notices it.
  /// - Returns: `[h w]`.
  static func map(
    _ weighting: ActivationWeighting, _ A: ReferenceArray, _ g: ReferenceArray, image n: Int,
    wrong: Bool
  ) -> [Double] {
    let (channels, height, width) = (A.shape[1], A.shape[2], A.shape[3])
    let positions = (0..<height).flatMap { i in (0..<width).map { (i, $0) } }
    if weighting == .eigenCAM {
      let rows = positions.map { i, j in (0..<channels).map { A[n, $0, i, j] } }
      return component(of: rows, centred: !wrong)
    }
    var weights = [Double](repeating: 0, count: channels)
    for k in 0..<channels {
      var (sumA, sumG, sumGA, plus) = (0.0, 0.0, 0.0, 0.0)
      for (i, j) in positions { sumA += A[n, k, i, j] }
      for (i, j) in positions {
        let d = g[n, k, i, j]
        sumG += wrong ? abs(d) : d
        sumGA += d * A[n, k, i, j]
        let denominator = (wrong ? 1 : 2) * d * d + d * d * d * sumA + 1e-6
        let alpha = d == 0 ? 0 : d * d / denominator
        plus += alpha * max(d, 0)
      }
      switch weighting {
      case .gradCAM: weights[k] = sumG / Double(positions.count)
      case .gradCAMPlusPlus: weights[k] = plus
      case .xGradCAM: weights[k] = wrong ? sumGA : sumGA / (sumA + 1e-7)
      case .layerCAM, .hiResCAM, .eigenCAM: break
      }
    }
    return positions.map { i, j in
      (0..<channels).reduce(0) { sum, k in
        let (a, d) = (A[n, k, i, j], g[n, k, i, j])
        switch weighting {
        case .layerCAM: return sum + (wrong ? abs(d) : max(d, 0)) * a
        case .hiResCAM: return sum + (wrong ? abs(d) : d) * a
        default: return sum + weights[k] * a
        }
      }
    }
  }

  /// Rows projected on their first right singular vector, which a power iteration finds.
  private static func component(of rows: [[Double]], centred: Bool) -> [Double] {
    var rows = rows
    let size = rows[0].count
    if centred {
      for k in 0..<size {
        let mean = rows.reduce(0) { $0 + $1[k] } / Double(rows.count)
        for index in rows.indices { rows[index][k] -= mean }
      }
    }
    func product(_ left: [Double], _ right: [Double]) -> Double {
      zip(left, right).reduce(0) { $0 + $1.0 * $1.1 }
    }
    var vector = (0..<size).map { 1 + Double($0 % 3) }
    for _ in 0..<2000 {
      var next = [Double](repeating: 0, count: size)
      for row in rows {
        let share = product(row, vector)
        for k in 0..<size { next[k] += share * row[k] }
      }
      let length = product(next, next).squareRoot()
      vector = next.map { $0 / length }
    }
    let map = rows.map { product($0, vector) }
    let strongest = map.max { abs($0) < abs($1) } ?? 0
    return strongest < 0 ? map.map { -$0 } : map
  }
}
