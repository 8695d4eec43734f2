public import XAITensor

/// What stands in the place of pixels that are gone.
public protocol RemovalFill {
  /// Writes an image without some of its pixels.
  /// - Parameters:
  ///   - image: The image, `[C, H, W]`.
  ///   - mask: The pixels that go, with all their channels.
  ///   - target: Takes the result in the same layout; it holds no values yet.
  func write(
    _ image: Tensor, without mask: PixelMask, into target: UnsafeMutableBufferPointer<Float>)
}

/// The pixels of another image: black, blurred, zero, of the data.
/// - Note: Deviation: Quantus's `black` is the least value of the image, and its `mean` is computed again from
///   the image that is already disturbed.
public struct BaselineFill: RemovalFill {
  /// The other image, `[C, H, W]`.
  public let baseline: Tensor

  /// Takes pixels from an image.
  /// - Parameter baseline: `[C, H, W]`.
  public init(_ baseline: Tensor) { self.baseline = baseline }

  /// Replaces the pixels.
  public func write(
    _ image: Tensor, without mask: PixelMask, into target: UnsafeMutableBufferPointer<Float>
  ) {
    image.withUnsafeElements { _ = target.initialize(from: $0) }
    baseline.withUnsafeElements { baseline in
      for pixel in mask.pixels {
        for index in stride(from: pixel, to: baseline.count, by: mask.count) {
          target[index] = baseline[index]
        }
      }
    }
  }
}
