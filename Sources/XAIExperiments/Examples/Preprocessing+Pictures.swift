import XAIDatasets
import XAIImages
import XAIKernels
import XAIRepresentations
import XAITensor

extension Preprocessing {
  /// How images are made of bytes, channels in the network's order.
  var normalization: PixelNormalization {
    PixelNormalization(
      mean: mean.elements.map(Double.init),
      deviation: standardDeviation.elements.map(Double.init))
  }

  /// The picture of 8 bits nearest to an image.
  /// - Parameter image: `[1, 3, H, W]`, normalized.
  /// - Returns: The picture.
  /// - Throws: `RepresentationFailure` where a number is not finite.
  func picture(of image: Tensor) throws(RepresentationFailure) -> RGBImage {
    picture(of: try PixelImages(rounding: image, by: normalization))
  }

  /// A picture as people see it.
  /// - Parameter bytes: One image, channels in the network's order.
  /// - Returns: The picture.
  func picture(of bytes: PixelImages) -> RGBImage {
    var pixels = bytes.bytes
    if reversesChannels {
      for start in stride(from: 0, to: pixels.count, by: 3) { pixels.swapAt(start, start + 2) }
    }
    return RGBImage(height: bytes.height, width: bytes.width, pixels: pixels)
  }
}
