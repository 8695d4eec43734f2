public import XAITensor

/// The smallest and the largest value that each pixel can have, normalized as the network takes images.
public struct PixelBounds: Sendable, Equatable {
  /// `[1, C, H, W]`.
  public let low: Tensor
  /// `[1, C, H, W]`.
  public let high: Tensor

  /// Groups bounds.
  /// - Parameters:
  ///   - low: `[1, C, H, W]`.
  ///   - high: The same shape, nowhere below `low`.
  /// - Throws: `AttributionFailure` where shapes differ, or where a pixel could have no value.
  public init(low: Tensor, high: Tensor) throws(AttributionFailure) {
    guard low.shape == high.shape, low.shape.count == 4, low.rows == 1 else {
      throw AttributionFailure(
        .usage,
        "the bounds of pixels have the shapes \(low.shape) and \(high.shape); expected [1, C, H, W] twice"
      )
    }
    guard zip(low.elements, high.elements).allSatisfy({ $0 <= $1 && ($1 - $0).isFinite }) else {
      throw AttributionFailure(
        .usage, "a lower bound of pixels is above the upper one, or one of them is not finite")
    }
    (self.low, self.high) = (low, high)
  }

  /// Black and white.
  init(_ baselines: PixelBaselines) {
    (low, high) = (baselines.uniform(0), baselines.uniform(1))
  }
}

extension PixelBaselines {
  /// What pixels of pictures can be: black and white, `[1, C, H, W]` each.
  public var bounds: PixelBounds { PixelBounds(self) }
}
