package import XAITensor

/// Images from the one that a mask of 0 shows to the one that a mask of 1 shows.
package struct MaskBlend {
  private let levels: Tensor

  /// Takes the images.
  /// - Parameter levels: `[L, C, H, W]`, at least 2.
  package init(_ levels: Tensor) { self.levels = levels }

  private var shape: [Int] { Array(levels.shape.dropFirst()) }

  /// The two levels around a value, and the share of the second.
  private func place(_ value: Double) -> (level: Int, share: Double) {
    let position = min(max(value, 0), 1) * Double(levels.rows - 1)
    let level = min(Int(position), levels.rows - 2)
    return (level, position - Double(level))
  }

  /// What a mask shows.
  /// - Parameter mask: `[H, W]`.
  /// - Returns: `[1, C, H, W]`.
  package func image(under mask: [Double]) -> Tensor {
    let (size, plane) = (levels.rowCount, mask.count)
    return Tensor(shape: [1] + shape) { target in
      levels.withUnsafeElements { source in
        for index in target.indices {
          let (level, share) = place(mask[index % plane])
          let (low, high) = (source[level * size + index], source[(level + 1) * size + index])
          target[index] = Float((1 - share) * Double(low) + share * Double(high))
        }
      }
    }
  }

  /// What a derivative by each element of the image says about the mask.
  func gradient(_ signal: Tensor, under mask: [Double]) -> [Double] {
    let (size, plane) = (levels.rowCount, mask.count)
    var gradient = Array(repeating: 0.0, count: plane)
    signal.withUnsafeElements { signal in
      levels.withUnsafeElements { source in
        for index in signal.indices {
          let level = place(mask[index % plane]).level
          let slope =
            Double(source[(level + 1) * size + index]) - Double(source[level * size + index])
          gradient[index % plane] += Double(signal[index]) * slope * Double(levels.rows - 1)
        }
      }
    }
    return gradient
  }
}
