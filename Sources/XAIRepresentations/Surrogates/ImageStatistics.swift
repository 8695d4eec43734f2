/// What a person can see of an image in numbers: mean red, green and blue, contrast, edges across and down.
///
/// Contrast is the deviation of gray, the mean of the channels; edges are mean |differences| of gray along rows
/// and along columns. All from pixel / 255.
public enum ImageStatistics {
  /// The columns' names for images of so many channels.
  /// - Parameter channels: 3, or any other number.
  /// - Returns: Names a person knows.
  public static func names(channels: Int) -> [String] {
    let colors =
      channels == 3
      ? ["mean red", "mean green", "mean blue"] : (0..<channels).map { "mean of channel \($0)" }
    return colors + ["contrast", "edges across", "edges down"]
  }

  /// The statistics of images.
  /// - Parameter images: The images.
  /// - Returns: One row of numbers for each.
  public static func table(_ images: PixelImages) -> [[Double]] {
    let (height, width, channels) = (images.height, images.width, images.channels)
    return (0..<images.count).map { image in
      let start = image * height * width * channels
      func value(_ position: Int, _ channel: Int) -> Double {
        Double(images.bytes[start + position * channels + channel]) / 255
      }
      let area = Double(height * width)
      let means = (0..<channels).map { channel in
        (0..<height * width).reduce(0.0) { $0 + value($1, channel) } / area
      }
      let gray = (0..<height * width).map { position in
        (0..<channels).reduce(0.0) { $0 + value(position, $1) } / Double(channels)
      }
      let mean = gray.reduce(0, +) / area
      let contrast =
        (gray.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / area).squareRoot()
      var (across, down) = (0.0, 0.0)
      for y in 0..<height {
        for x in 0..<width {
          let here = gray[y * width + x]
          if x + 1 < width { across += abs(gray[y * width + x + 1] - here) }
          if y + 1 < height { down += abs(gray[(y + 1) * width + x] - here) }
        }
      }
      return means + [
        contrast, across / Double(max(height * (width - 1), 1)),
        down / Double(max((height - 1) * width, 1)),
      ]
    }
  }
}
