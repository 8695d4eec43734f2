/// How a picture of any size becomes what a network takes.
///
/// Equals torchvision's `Resize` and `CenterCrop` on pictures of Pillow.
public struct ImageFitting: Sendable, Equatable {
  /// How the pixels between pixels are made; bilinear and bicubic ones are antialiased.
  public enum Interpolation: String, Sendable, Codable, CaseIterable {
    /// The pixel in whose area the new one's center lies.
    case nearest
    /// A triangle over the nearest pixels.
    case bilinear
    /// A cubic with *a* = -0.5 (Keys 1981).
    case bicubic
  }

  /// The number of rows that come out.
  public var height: Int
  /// The number of columns that come out.
  public var width: Int
  /// Rows or columns, whichever are fewer, after resizing.
  ///
  /// Then the middle `height` x `width` is cut out. Nil resizes to `height` x `width`, whatever the
  /// aspect.
  public var shorterSide: Int?
  /// Rows and columns after resizing, whatever the aspect, before the middle is cut out; nil where
  /// `shorterSide` or the extent itself says it.
  public var resized: Extent?
  /// How pixels between pixels are made.
  public var interpolation: Interpolation

  /// Rows and columns.
  public struct Extent: Sendable, Equatable {
    /// The number of rows.
    public var height: Int
    /// The number of columns.
    public var width: Int

    /// An extent.
    /// - Parameters:
    ///   - height: The number of rows.
    ///   - width: The number of columns.
    public init(height: Int, width: Int) { (self.height, self.width) = (height, width) }
  }

  /// Describes a fitting.
  /// - Parameters:
  ///   - height: The number of rows that come out, positive.
  ///   - width: The number of columns that come out, positive.
  ///   - shorterSide: The shorter side after resizing, before the middle is cut out; nil cuts nothing.
  ///   - resized: Rows and columns after resizing, before the middle is cut out.
  ///   - interpolation: How pixels between pixels are made.
  public init(
    height: Int, width: Int, shorterSide: Int? = nil, resized: Extent? = nil,
    interpolation: Interpolation = .bilinear
  ) {
    self.height = height
    self.width = width
    self.shorterSide = shorterSide
    self.resized = resized
    self.interpolation = interpolation
  }

  /// Where a picture's pixels go.
  package struct Placement: Sendable, Equatable {
    /// The number of rows after resizing.
    package var height: Int
    /// The number of columns after resizing.
    package var width: Int
    /// The first row of the resized picture that is cut out; negative where black rows come before it.
    package var top: Int
    /// The first column of the resized picture that is cut out, likewise.
    package var left: Int
  }

  /// What becomes of a picture of some size.
  /// - Parameters:
  ///   - rows: The picture's rows, positive.
  ///   - columns: The picture's columns, positive.
  /// - Returns: Its size after resizing, and what is cut out of that.
  package func placement(ofHeight rows: Int, width columns: Int) -> Placement {
    guard let shorterSide else {
      let whole = resized ?? Extent(height: height, width: width)
      return Placement(
        height: whole.height, width: whole.width, top: Self.start(of: height, in: whole.height),
        left: Self.start(of: width, in: whole.width))
    }
    // As Python computes it: the division in floating point, then truncated.
    func longer(_ long: Int, _ short: Int) -> Int {
      Int(Double(shorterSide) * Double(long) / Double(short))
    }
    let (newHeight, newWidth) =
      columns <= rows
      ? (longer(rows, columns), shorterSide) : (shorterSide, longer(columns, rows))
    return Placement(
      height: newHeight, width: newWidth, top: Self.start(of: height, in: newHeight),
      left: Self.start(of: width, in: newWidth))
  }

  /// Where the middle begins; Python rounds halves to even, and pads less before than after.
  private static func start(of part: Int, in whole: Int) -> Int {
    guard part <= whole else { return -((part - whole) / 2) }
    return Int((Double(whole - part) / 2).rounded(.toNearestOrEven))
  }
}

extension RGBImage {
  /// The picture as a network takes it.
  /// - Parameter fitting: Which size, and how it comes about.
  /// - Returns: A picture of `fitting.height` x `fitting.width`; black where this one, resized, does not
  ///   reach.
  public func fitted(_ fitting: ImageFitting) -> RGBImage {
    precondition(
      fitting.height > 0 && fitting.width > 0 && fitting.shorterSide ?? 1 > 0,
      "cannot fit a picture into \(fitting.height) x \(fitting.width) pixels")
    let place = fitting.placement(ofHeight: height, width: width)
    let rows = max(place.top, 0)..<min(place.top + fitting.height, place.height)
    let columns = max(place.left, 0)..<min(place.left + fitting.width, place.width)
    let part = resampled(
      to: (place.height, place.width), rows: rows, columns: columns,
      by: fitting.interpolation)
    guard (part.height, part.width) != (fitting.height, fitting.width) else { return part }
    var whole = RGBImage(height: fitting.height, width: fitting.width, repeating: (0, 0, 0))
    for row in 0..<part.height {
      let start = ((row + max(-place.top, 0)) * fitting.width + max(-place.left, 0)) * 3
      whole.pixels.replaceSubrange(
        start..<start + part.width * 3,
        with: part.pixels[row * part.width * 3..<(row + 1) * part.width * 3])
    }
    return whole
  }
}
