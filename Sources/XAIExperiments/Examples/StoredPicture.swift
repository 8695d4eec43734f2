import FoundationEssentials
import XAIImages

/// A picture in a part that is kept.
struct StoredPicture: Codable {
  private let height: Int
  private let width: Int
  private let pixels: Data

  init(_ picture: RGBImage) {
    (height, width) = (picture.height, picture.width)
    pixels = Data(picture.pixels)
  }

  /// The picture; black where bytes are missing.
  var picture: RGBImage {
    let (height, width) = (max(height, 1), max(width, 1))
    guard pixels.count == 3 * height * width else {
      return RGBImage(height: height, width: width, repeating: (0, 0, 0))
    }
    return RGBImage(height: height, width: width, pixels: Array(pixels))
  }
}
