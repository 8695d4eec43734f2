import Glibc
public import XAITensor

/// A Gaussian filter for images, separable, with a mirror at the border.
///
/// The border is reflected without repeating the outermost pixel (`reflect-101`), as often as an image
/// smaller than the kernel needs it. Defaults: 15 x 15 with the sigma that OpenCV and torchvision
/// derive from that size, `0.3 ((15 - 1) / 2 - 1) + 0.8 = 2.6`.
public struct GaussianBlur: Sendable {
  /// The weights of one axis; their sum is 1.
  private let weights: [Double]

  /// Makes the filter.
  /// - Parameters:
  ///   - size: The number of weights of one axis, odd.
  ///   - sigma: The standard deviation in pixels, positive.
  /// - Throws: `AttributionFailure` where they are not.
  public init(size: Int = 15, sigma: Double) throws(AttributionFailure) {
    guard size % 2 == 1, 1...Self.largest ~= size, sigma > 0, sigma.isFinite else {
      throw AttributionFailure(
        .usage,
        "A Gaussian filter of \(size) weights and sigma \(sigma) cannot be made; give an odd number of at most "
          + "\(Self.largest) and a positive sigma")
    }
    self.init(weights: size, sigma)
  }

  /// Makes the filter of 15 x 15 weights with sigma 2.6.
  public init() { self.init(weights: 15, 2.6) }

  private static let largest = 9999

  private init(weights size: Int, _ sigma: Double) {
    let exponentials = (0..<size).map { position in
      let distance = Double(position - size / 2) / sigma
      return exp(-0.5 * distance * distance)
    }
    let sum = exponentials.reduce(0, +)
    weights = exponentials.map { $0 / sum }
  }

  /// Blurs each plane of a tensor.
  /// - Parameter images: `[..., H, W]`.
  /// - Returns: The same shape.
  public func callAsFunction(_ images: Tensor) -> Tensor {
    let (height, width) = (
      images.shape[images.shape.count - 2], images.shape[images.shape.count - 1]
    )
    let rows = sources(width)
    let columns = sources(height)
    return Tensor(shape: images.shape) { target in
      images.withUnsafeElements { source in
        var between = [Double](repeating: 0, count: height * width)
        for first in stride(from: 0, to: source.count, by: height * width) {
          for y in 0..<height {
            for x in 0..<width {
              between[y * width + x] = zip(weights, rows[x]).reduce(0) {
                $0 + $1.0 * Double(source[first + y * width + $1.1])
              }
            }
          }
          for y in 0..<height {
            for x in 0..<width {
              target[first + y * width + x] = Float(
                zip(weights, columns[y]).reduce(0) { $0 + $1.0 * between[$1.1 * width + x] })
            }
          }
        }
      }
    }
  }

  /// For each position of an axis, the positions that are summed up there.
  private func sources(_ extent: Int) -> [[Int]] {
    let period = max(2 * (extent - 1), 1)
    return (0..<extent).map { center in
      weights.indices.map { index in
        let position = center + index - weights.count / 2
        let wrapped = ((position % period) + period) % period
        return min(wrapped, period - wrapped)
      }
    }
  }
}
