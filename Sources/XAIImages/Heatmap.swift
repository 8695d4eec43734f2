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
  ///   - clip: The share of the map's mass that the largest magnitudes hold and that pictures do not tell apart:
  ///     the divisor is the magnitude at which the sorted others reach the rest, and what is above it is 1.
  public init(_ map: Tensor, sign: MapSign = .all, clip: Double = 0) {
    precondition(map.shape.count >= 3, "a map of the shape \(map.shape)")
    let extents = map.shape.suffix(2)
    let (height, width) = (extents[extents.startIndex], extents[extents.startIndex + 1])
    let plane = height * width
    var sums = [Double](repeating: 0, count: plane)
    map.withUnsafeElements { elements in
      for (index, element) in elements.enumerated() { sums[index % plane] += Double(element) }
    }
    self.init(sums, height: height, width: width, sign: sign, scale: nil, clip: clip)
  }

  /// Prepares a map whose channels are summed already.
  /// - Parameters:
  ///   - sums: One number for each pixel, row by row.
  ///   - height: The number of rows.
  ///   - width: The number of columns.
  ///   - sign: Which relevance.
  ///   - scale: What to divide by, such as the largest magnitude of several maps; by default the
  ///     map's own.
  ///   - clip: The share of the mass above the divisor, where it is the map's own.
  package init(
    _ sums: [Double], height: Int, width: Int, sign: MapSign, scale: Double?, clip: Double = 0
  ) {
    let chosen = sums.map { sum -> Double in
      guard sum.isFinite else { return .nan }
      switch sign {
      case .all: return sum
      case .positive: return Swift.max(sum, 0)
      case .negative: return Swift.min(sum, 0)
      case .absolute: return abs(sum)
      }
    }
    let scale = scale ?? Self.extent(of: chosen, clip: clip)
    let values = chosen.map { value -> Double in
      if value.isNaN { return .nan }
      guard scale > 0 else { return 0 }
      return clip > 0 ? Swift.min(Swift.max(value / scale, -1), 1) : value / scale
    }
    self.init(height: height, width: width, values: values, scale: scale)
  }

  /// The largest magnitude, or the one at which the sorted magnitudes hold all mass but a share (as Captum's
  /// `outlier_perc`).
  private static func extent(of values: [Double], clip: Double) -> Double {
    let sorted = values.filter { !$0.isNaN }.map(abs).sorted()
    guard clip > 0, let greatest = sorted.last, greatest > 0 else { return sorted.last ?? 0 }
    // Divided first: the sum of large numbers overflows.
    let wanted = (1 - clip) * sorted.reduce(0) { $0 + $1 / greatest }
    var sum = 0.0
    for value in sorted {
      sum += value / greatest
      if sum >= wanted { return value }
    }
    return greatest
  }

  /// The heatmap in blue (positive), white and orange (negative); gray where it is NaN.
  public var picture: RGBImage { picture(in: .signed(.blueOrange)) }

  /// The heatmap as a picture, gray where it is NaN.
  /// - Parameter palette: Its colors.
  /// - Returns: The picture, a pixel for each number.
  public func picture(in palette: MapPalette) -> RGBImage {
    var pixels: [UInt8] = []
    pixels.reserveCapacity(3 * values.count)
    for value in values {
      let color = palette.color(at: value)
      pixels += [color.red, color.green, color.blue]
    }
    return RGBImage(height: height, width: width, pixels: pixels)
  }

  /// The heatmap over the image in its own colors, a little lighter; the stronger, the less of it is seen.
  /// - Parameters:
  ///   - image: The image, of the same size.
  ///   - palette: The heatmap's colors.
  /// - Returns: The picture.
  public func overlay(on image: RGBImage, in palette: MapPalette) -> RGBImage {
    precondition(
      (image.height, image.width) == (height, width),
      "an image of \(image.height) x \(image.width) below a map of \(height) x \(width)")
    var result = image
    for (pixel, value) in values.enumerated() {
      let strength = value.isNaN ? 1 : palette.isOneSided ? Swift.max(value, 0) : abs(value)
      // The root keeps weak relevance visible.
      let opacity = value.isNaN ? 1 : 0.9 * strength.squareRoot()
      // The pure color of the sign: its strength is the opacity.
      let color = palette.color(at: value.isNaN ? .nan : value < 0 ? -1 : 1)
      for (offset, over) in [color.red, color.green, color.blue].enumerated() {
        let below = 0.8 * Double(image.pixels[3 * pixel + offset]) + 0.2 * 255
        let mixed = (1 - opacity) * below + opacity * Double(over)
        result.pixels[3 * pixel + offset] = UInt8(clamping: Int(mixed.rounded()))
      }
    }
    return result
  }

  /// The heatmap at another size, numbers between pixel centers by straight lines (bilinear).
  /// - Parameters:
  ///   - newHeight: Rows.
  ///   - newWidth: Columns.
  /// - Returns: The heatmap; edges go on as they end.
  public func resized(toHeight newHeight: Int, width newWidth: Int) -> Heatmap {
    func places(_ count: Int, _ newCount: Int) -> [(low: Int, high: Int, share: Double)] {
      (0..<newCount).map { index in
        let place = (Double(index) + 0.5) * Double(count) / Double(newCount) - 0.5
        let low = Int(place.rounded(.down))
        return (Swift.max(low, 0), Swift.min(low + 1, count - 1), place - Double(low))
      }
    }
    let columns = places(width, newWidth)
    let numbers = places(height, newHeight).flatMap { row in
      columns.map { column -> Double in
        func across(_ row: Int) -> Double {
          (1 - column.share) * values[row * width + column.low]
            + column.share * values[row * width + column.high]
        }
        return (1 - row.share) * across(row.low) + row.share * across(row.high)
      }
    }
    return Heatmap(height: newHeight, width: newWidth, values: numbers, scale: scale)
  }

  /// The heatmap without the squares that enlarging a coarse map left: numbers between their centers by straight
  /// lines.
  /// - Returns: The heatmap of the same size; itself where it has no squares of more than one pixel.
  public func smoothed() -> Heatmap {
    let sides = (1...Swift.min(height, width)).reversed().filter {
      height.isMultiple(of: $0) && width.isMultiple(of: $0)
    }
    func isCoarse(_ side: Int) -> Bool {
      values.indices.allSatisfy { index in
        let (row, column) = index.quotientAndRemainder(dividingBy: width)
        let first = values[row / side * side * width + column / side * side]
        return values[index] == first || values[index].isNaN && first.isNaN
      }
    }
    guard let side = sides.first(where: isCoarse), side > 1 else { return self }
    let coarse = (0..<height / side).flatMap { row in
      (0..<width / side).map { values[row * side * width + $0 * side] }
    }
    return Heatmap(height: height / side, width: width / side, values: coarse, scale: scale)
      .resized(toHeight: height, width: width)
  }

  private init(height: Int, width: Int, values: [Double], scale: Double) {
    (self.height, self.width, self.values, self.scale) = (height, width, values, scale)
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
