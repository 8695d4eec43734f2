public import XAITensor

/// Missing pixels are imputed linearly, and noise is added **to them only**.
public struct ImputationFill: RemovalFill {
  /// The imputation.
  public var imputation = LinearImputation()
  /// The noise, `[C, H, W]` in normalized units; none where it is `nil`.
  public let noise: Tensor?
  /// What the noise is multiplied by.
  public let scale: Double

  /// Imputes with noise.
  /// - Parameters:
  ///   - noise: Standard-normal noise `[C, H, W]`, one field for each image; none where it is `nil`.
  ///   - scale: 0.01 by default, in normalized units.
  public init(noise: Tensor? = nil, scale: Double = 0.01) {
    (self.noise, self.scale) = (noise, scale)
  }

  /// Imputes the pixels.
  public func write(
    _ image: Tensor, without mask: PixelMask, into target: UnsafeMutableBufferPointer<Float>
  ) {
    for (index, value) in values(image, without: mask).enumerated() {
      target.initializeElement(at: index, to: Float(value))
    }
  }

  /// The image with pixels imputed, in Double.
  /// - Parameters:
  ///   - image: `[C, H, W]`.
  ///   - mask: The pixels that go.
  /// - Returns: `C H W` numbers.
  public func values(_ image: Tensor, without mask: PixelMask) -> [Double] {
    var values = imputation.filled(image, missing: mask)
    guard let noise else { return values }
    noise.withUnsafeElements { noise in
      for pixel in mask.pixels {
        for index in stride(from: pixel, to: values.count, by: mask.count) {
          values[index] += scale * Double(noise[index])
        }
      }
    }
    return values
  }
}
