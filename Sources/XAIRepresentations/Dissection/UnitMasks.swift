import XAIAttribution
public import XAITensor

/// Where units are active in images: their maps, enlarged to the image, above a threshold.
///
/// Enlarging is bilinear between centers of positions, which in these networks are the centers of receptive
/// fields.
public struct UnitMasks: Sendable {
  private let thresholds: [Float]
  private let extent: [Int]

  /// Prepares masks.
  /// - Parameters:
  ///   - thresholds: One for each unit; `>` is strict.
  ///   - extent: Rows and columns of an image.
  public init(thresholds: [Float], extent: [Int]) {
    (self.thresholds, self.extent) = (thresholds, extent)
  }

  /// The masks of one image.
  /// - Parameter outputs: `[1, C, h, w]`.
  /// - Returns: One for each unit.
  public func masks(of outputs: Tensor) -> [PixelMask] {
    let maps = outputs.reshaped(
      to: [outputs.shape[1], 1, outputs.shape[2], outputs.shape[3]])
    let count = extent[0] * extent[1]
    return thresholds.indices.map { unit in
      // Between positions nothing is larger than at the largest.
      let map = maps.row(unit)
      guard map.withUnsafeElements({ $0.contains { $0 > thresholds[unit] } }) else {
        return PixelMask(count: count)
      }
      let enlarged = Upsampling.bilinear.enlarge(map, to: extent)
      return enlarged.withUnsafeElements { elements in
        PixelMask(count: count) { elements[$0] > thresholds[unit] }
      }
    }
  }
}
