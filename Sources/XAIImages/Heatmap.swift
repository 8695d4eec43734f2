import XAIFiles
public import XAITensor

/// Which relevance a heatmap shows.
public enum MapSign: String, Sendable, Codable, CaseIterable {
  /// Both signs.
  case all
  /// What speaks for the class.
  case positive
  /// What speaks against it.
  case negative
  /// How much there is, whatever its sign.
  case absolute
}

/// One number for each pixel, and how it is shown.
///
/// Channels are summed, then the sign is chosen, then everything is divided by the largest magnitude
/// (Nuzzo 2020, section 7.2). A map that is zero everywhere stays zero.
public struct Heatmap: Sendable {
  /// The number of rows.
  public let height: Int
  /// The number of columns.
  public let width: Int
  /// From -1 to 1, row by row; NaN where the map holds NaN or infinity.
  public let values: [Double]
  /// What the sums were divided by: their largest magnitude unless another number was asked for; 0
  /// where all are zero.
  public let scale: Double

  /// Prepares a map.
  /// - Parameters:
  ///   - map: `[C, H, W]`, or `[1, C, H, W]`.
  ///   - sign: Which relevance.
  public init(_ map: Tensor, sign: MapSign = .all) {
    precondition(map.shape.count >= 3, "a map of the shape \(map.shape)")
    let extents = map.shape.suffix(2)
    let (height, width) = (extents[extents.startIndex], extents[extents.startIndex + 1])
    let plane = height * width
    var sums = [Double](repeating: 0, count: plane)
    map.withUnsafeElements { elements in
      for (index, element) in elements.enumerated() { sums[index % plane] += Double(element) }
    }
    self.init(sums, height: height, width: width, sign: sign, scale: nil)
  }

  /// Prepares a map whose channels are summed already.
  /// - Parameters:
  ///   - sums: One number for each pixel, row by row.
  ///   - height: The number of rows.
  ///   - width: The number of columns.
  ///   - sign: Which relevance.
  ///   - scale: What to divide by, such as the largest magnitude of several maps; by default the
  ///     map's own.
  package init(_ sums: [Double], height: Int, width: Int, sign: MapSign, scale: Double?) {
    let chosen = sums.map { sum -> Double in
      guard sum.isFinite else { return .nan }
      switch sign {
      case .all: return sum
      case .positive: return Swift.max(sum, 0)
      case .negative: return Swift.min(sum, 0)
      case .absolute: return abs(sum)
      }
    }
    let scale = scale ?? chosen.reduce(0) { $1.isNaN ? $0 : Swift.max($0, abs($1)) }
    (self.height, self.width, self.scale) = (height, width, scale)
    values = chosen.map { $0.isNaN ? .nan : scale > 0 ? $0 / scale : 0 }
  }

  /// The heatmap in red (against), white (none) and green (for); gray where it is NaN.
  public var picture: RGBImage {
    ColorMap.redWhiteGreen.image(of: values, height: height, width: width, range: -1...1)
  }

  /// The heatmap over the image, which is drawn in faint gray; the stronger, the less of it is seen.
  /// - Parameter image: The image, of the same size.
  /// - Returns: The picture.
  public func overlay(on image: RGBImage) -> RGBImage {
    precondition(
      (image.height, image.width) == (height, width),
      "an image of \(image.height) x \(image.width) below a map of \(height) x \(width)")
    let colours = picture
    var result = image
    for pixel in values.indices {
      let bytes = 3 * pixel..<3 * pixel + 3
      let luma = zip(image.pixels[bytes], [0.299, 0.587, 0.114]).reduce(0) {
        $0 + Double($1.0) * $1.1
      }
      // The root keeps weak relevance visible.
      let opacity = values[pixel].isNaN ? 1 : 0.9 * abs(values[pixel]).squareRoot()
      let background = 0.6 * luma + 0.4 * 255
      // The pure colour of the sign: its strength is the opacity.
      let pure = ColorMap.redWhiteGreen.color(at: values[pixel] < 0 ? 0 : 1)
      let hue =
        values[pixel].isNaN ? [UInt8](colours.pixels[bytes]) : [pure.red, pure.green, pure.blue]
      for (offset, byte) in bytes.enumerated() {
        let mixed = (1 - opacity) * background + opacity * Double(hue[offset])
        result.pixels[byte] = UInt8(clamping: Int(mixed.rounded()))
      }
    }
    return result
  }
}

extension Heatmap {
  /// Writes the picture of the heatmap as a PNG file.
  /// - Parameters:
  ///   - path: The file, which is replaced as a whole.
  ///   - factor: The side of the square that each pixel becomes.
  /// - Throws: `FileFailure` where the file cannot be written, `ImageFailure` where memory runs out.
  public func write(to path: String, enlarged factor: Int = 1) throws {
    try picture.enlarged(by: factor).write(to: path)
  }
}

extension RGBImage {
  /// Writes the picture as a PNG file.
  /// - Parameter path: The file, which is replaced as a whole.
  /// - Throws: `FileFailure` where the file cannot be written, `ImageFailure` where memory runs out.
  public func write(to path: String) throws {
    try AtomicFile.write(try PNG.encode(self), to: path)
  }

  /// The picture with each pixel as a square.
  /// - Parameter factor: The side of a square.
  /// - Returns: The larger picture.
  public func enlarged(by factor: Int) -> RGBImage {
    precondition(factor > 0, "a factor of \(factor)")
    var pixels: [UInt8] = []
    pixels.reserveCapacity(self.pixels.count * factor * factor)
    for row in 0..<height {
      var line: [UInt8] = []
      line.reserveCapacity(width * factor * 3)
      for column in 0..<width {
        let start = (row * width + column) * 3
        for _ in 0..<factor { line += self.pixels[start..<start + 3] }
      }
      for _ in 0..<factor { pixels += line }
    }
    return RGBImage(height: height * factor, width: width * factor, pixels: pixels)
  }
}
