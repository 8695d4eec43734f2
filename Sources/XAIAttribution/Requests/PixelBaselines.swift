public import XAITensor

/// Makes baselines from images and the numbers that normalised them, `x = (pixel - mean) / std`.
public struct PixelBaselines: Sendable {
  /// mean / std for each element of an image `[C, H, W]`.
  private let offsets: Tensor
  /// 1 / std for each element.
  private let scales: Tensor

  /// Prepares for images of one size.
  /// - Parameters:
  ///   - mean: `[C]` or `[C, H, W]`, in units of a pixel's range, 0 to 1.
  ///   - standardDeviation: `[C]`.
  ///   - shape: `[C, H, W]`.
  /// - Throws: `AttributionFailure` where shapes do not belong together, or a deviation is not positive.
  public init(
    mean: Tensor, standardDeviation: Tensor, shape: [Int]
  ) throws(AttributionFailure) {
    guard shape.count == 3, mean.shape == shape || mean.shape == [shape[0]],
      standardDeviation.shape == [shape[0]], standardDeviation.elements.allSatisfy({ $0 > 0 })
    else {
      throw AttributionFailure(
        .usage,
        "A mean of the shape \(mean.shape) and a deviation of the shape \(standardDeviation.shape) do not "
          + "normalize images of the shape \(shape); give a mean [C, H, W] or [C] and a positive deviation [C]"
      )
    }
    let plane = shape[1] * shape[2]
    let deviations = standardDeviation.elements
    let means = mean.elements
    let isColour = mean.shape.count == 1
    let scales = (0..<shape[0] * plane).map { 1 / deviations[$0 / plane] }
    self.scales = Tensor(shape: [1] + shape, scales)
    offsets = Tensor(
      shape: [1] + shape,
      scales.enumerated().map { $1 * (isColour ? means[$0 / plane] : means[$0]) })
  }

  /// Blurred images.
  ///
  /// The picture is blurred and then normalised like any other. Where the mean is one colour for
  /// each channel that is the same as blurring the normalised image; a mean image is not blurred.
  /// - Parameter images: `[N, C, H, W]`, normalised.
  /// - Returns: The same shape.
  public func blurred(_ images: Tensor) -> Tensor {
    let blur = GaussianBlur()
    // blur(x + mean / std) - mean / std
    let correction = blur(offsets).combined(with: offsets, -)
    return Tensor(
      stacking: (0..<images.rows).map { blur(images.row($0)).combined(with: correction, +) })
  }

  /// A picture of one brightness.
  /// - Parameter value: 0 for black, 1 for white.
  /// - Returns: `[1, C, H, W]`, normalised.
  public func uniform(_ value: Float) -> Tensor {
    scales.combined(with: offsets) { scale, offset in value * scale - offset }
  }

  /// A picture of the mean colour of the data.
  /// - Returns: `[1, C, H, W]`, normalised; zero where the mean is one colour for each channel.
  public func meanColour() -> Tensor {
    let plane = offsets.shape[2] * offsets.shape[3]
    let channels = offsets.reshaped(to: [offsets.shape[1], plane]).rowSums.map {
      Float($0 / Double(plane))
    }
    return Tensor(
      shape: offsets.shape,
      offsets.elements.enumerated().map { channels[$0 / plane] - $1 })
  }

  /// Standard-normal noise.
  /// - Parameters:
  ///   - seed: Where it is drawn from.
  ///   - keys: Which image each row belongs to.
  /// - Returns: `[keys, C, H, W]`.
  public func noise(seed: UInt64, keys: [Int]) -> Tensor {
    Tensor(
      stacking: keys.map { key in
        var stream = RandomStream(seed: seed, purpose: "baseline/noise", key)
        return stream.normal(shape: offsets.shape)
      })
  }
}
