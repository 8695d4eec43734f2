public import XAITensor

extension PixelImages {
  /// The pictures of 8 bits nearest to normalized images: what a file would hold of them.
  /// - Parameters:
  ///   - images: `[N, C, H, W]`, normalized.
  ///   - normalization: Mean and deviation.
  /// - Throws: `RepresentationFailure` where the shape has no four axes, or a number is not finite.
  public init(
    rounding images: Tensor, by normalization: PixelNormalization
  ) throws(RepresentationFailure) {
    let shape = images.shape
    guard shape.count == 4, normalization.deviation.count == shape[1] else {
      throw RepresentationFailure(
        .shape(
          of: "the normalized images", found: shape,
          expected: "[N, \(normalization.deviation.count), H, W]"))
    }
    guard images.isFinite else { throw RepresentationFailure(.notFinite("a normalized image")) }
    let (channels, area) = (shape[1], shape[2] * shape[3])
    let bytes = images.withUnsafeElements { source in
      (0..<source.count).map { index -> UInt8 in
        let (channel, position) = (index % channels, index / channels % area)
        let image = index / (channels * area)
        let value = Double(source[(image * channels + channel) * area + position])
        let share =
          value * normalization.deviation[channel] + normalization.mean(channel, position, area)
        return UInt8(min(max((share * 255).rounded(), 0), 255))
      }
    }
    try self.init(shape: [shape[0], shape[2], shape[3], channels], bytes)
  }
}
