import XAIImages
import XAIPlots

/// Pictures of one size beside each other.
struct PictureStrip {
  private let pictures: [RGBImage]
  private let columns: Int
  private let scale: Int

  /// Plans a strip.
  /// - Parameters:
  ///   - pictures: The pictures, all of one size.
  ///   - columns: At most so many beside each other.
  ///   - scale: Pixels of the strip for each pixel of a picture, across and down.
  init(_ pictures: [RGBImage], columns: Int = 16, scale: Int = 1) {
    (self.pictures, self.columns, self.scale) = (pictures, columns, scale)
  }

  private static let gap = 2

  /// Draws the strip; white where there is no picture.
  var picture: RGBImage {
    guard let first = pictures.first else {
      return RGBImage(height: 1, width: 1, repeating: (255, 255, 255))
    }
    let across = min(columns, pictures.count)
    let down = (pictures.count + across - 1) / across
    let (height, width) = (scale * first.height + Self.gap, scale * first.width + Self.gap)
    var canvas = Canvas(height: down * height - Self.gap, width: across * width - Self.gap)
    for (index, picture) in pictures.enumerated() {
      canvas.draw(
        picture, x: index % across * width, y: index / across * height, scale: scale)
    }
    return canvas.image
  }
}
