public import XAITensor

/// How a map of a layer's extent becomes one of the image's.
public enum Upsampling: String, Sendable, Codable, CaseIterable {
  /// Each pixel has the value of the position that it lies in.
  case nearest
  /// Linear between the centres of positions, constant outside of them (`align_corners` false).
  case bilinear
  /// Not at all: the map keeps the layer's extent.
  case none

  /// Enlarges maps.
  /// - Parameters:
  ///   - maps: `[N, 1, h, w]`.
  ///   - extent: H and W.
  /// - Returns: `[N, 1, H, W]`, or the maps themselves for `none`.
  public func enlarge(_ maps: Tensor, to extent: [Int]) -> Tensor {
    guard self != .none else { return maps }
    let rows = taps(from: maps.shape[2], to: extent[0])
    let columns = taps(from: maps.shape[3], to: extent[1])
    var result = Tensor(shape: [maps.rows, 1] + extent)
    result.withUnsafeMutableElements { target in
      maps.withUnsafeElements { source in
        var index = 0
        for image in 0..<maps.rows {
          let start = image * maps.rowCount
          for row in rows {
            for column in columns {
              func value(_ row: Int, _ column: Int) -> Double {
                Double(source[start + row * maps.shape[3] + column])
              }
              let upper = blend(
                value(row.first, column.first), value(row.first, column.second), column.share)
              let lower = blend(
                value(row.second, column.first), value(row.second, column.second), column.share)
              target[index] = Float(blend(upper, lower, row.share))
              index += 1
            }
          }
        }
      }
    }
    return result
  }

  /// Which two positions a pixel lies between, and the share of the second.
  fileprivate struct Tap {
    let first: Int
    let second: Int
    let share: Double
  }

  fileprivate func taps(from count: Int, to extent: Int) -> [Tap] {
    (0..<extent).map { pixel in
      guard self == .bilinear else {
        let position = pixel * count / extent
        return Tap(first: position, second: position, share: 0)
      }
      let centre = max(0, (Double(pixel) + 0.5) * Double(count) / Double(extent) - 0.5)
      let first = min(Int(centre), count - 1)
      return Tap(first: first, second: min(first + 1, count - 1), share: centre - Double(first))
    }
  }

  private func blend(_ first: Double, _ second: Double, _ share: Double) -> Double {
    // Without a share nothing is added, so that nearest copies even what is not finite.
    share == 0 ? first : (1 - share) * first + share * second
  }
}

extension Upsampling {
  /// What a change of each position changes: the transposed of `enlarge`, for gradients.
  /// - Parameters:
  ///   - gradient: `[H, W]`, by each pixel.
  ///   - extent: H and W.
  ///   - size: h and w.
  /// - Returns: `[h, w]`, by each position.
  func gathered(_ gradient: [Double], of extent: [Int], to size: [Int]) -> [Double] {
    var result = Array(repeating: 0.0, count: size[0] * size[1])
    let columns = taps(from: size[1], to: extent[1])
    for (y, row) in taps(from: size[0], to: extent[0]).enumerated() {
      for (x, column) in columns.enumerated() {
        let value = gradient[y * extent[1] + x]
        for (place, share) in [(row.first, 1 - row.share), (row.second, row.share)] {
          result[place * size[1] + column.first] += share * (1 - column.share) * value
          result[place * size[1] + column.second] += share * column.share * value
        }
      }
    }
    return result
  }

  /// Enlarges one map in Double.
  /// - Parameters:
  ///   - map: `[h, w]`.
  ///   - size: h and w.
  ///   - extent: H and W.
  /// - Returns: `[H, W]`.
  func enlarged(_ map: [Double], _ size: [Int], to extent: [Int]) -> [Double] {
    let columns = taps(from: size[1], to: extent[1])
    return taps(from: size[0], to: extent[0]).flatMap { row in
      columns.map { column in
        func value(_ row: Int) -> Double {
          (1 - column.share) * map[row * size[1] + column.first]
            + column.share * map[row * size[1] + column.second]
        }
        return (1 - row.share) * value(row.first) + row.share * value(row.second)
      }
    }
  }
}
