/// Where an object is: the truth that localization is measured against.
public struct ObjectMask: Sendable {
  /// Rows of the image.
  public let height: Int
  /// Columns of the image.
  public let width: Int
  /// The pixels that show the object.
  public let pixels: PixelMask

  /// Takes a mask.
  /// - Parameters:
  ///   - pixels: The pixels that show the object; empty and full ones make some measures undefined.
  ///   - height: Rows of the image.
  ///   - width: Columns of the image.
  public init(_ pixels: PixelMask, height: Int, width: Int) {
    precondition(pixels.count == height * width, "\(pixels.count) pixels, \(height) x \(width)")
    (self.pixels, self.height, self.width) = (pixels, height, width)
  }

  /// The union of filled boxes, such as all of the explained class.
  /// - Parameters:
  ///   - boxes: Boxes inside of the image.
  ///   - height: Rows of the image.
  ///   - width: Columns of the image.
  public init(_ boxes: [PixelBox], height: Int, width: Int) {
    self.init(
      PixelMask(count: height * width) { pixel in
        boxes.contains { $0.contains(row: pixel / width, column: pixel % width) }
      }, height: height, width: width)
  }

  /// The number of pixels that show the object.
  public var size: Int { pixels.size }

  /// Its share of the image: what a random pixel hits.
  public var areaShare: Double { Double(size) / Double(pixels.count) }

  /// The pixels of the object and those closer to one of them than a distance: `d^2 < r^2`.
  /// - Parameter radius: r in pixels; 0 adds nothing.
  /// - Returns: The set.
  public func grown(by radius: Double) -> PixelMask {
    var grown = pixels
    let reach = max(0, Int(radius.rounded(.up)))
    var offsets: [(y: Int, x: Int)] = []
    for y in -reach...reach {
      for x in -reach...reach where Double(y * y + x * x) < radius * radius {
        offsets.append((y, x))
      }
    }
    for pixel in pixels.pixels {
      let (row, column) = (pixel / width, pixel % width)
      for (y, x) in offsets where 0..<height ~= row + y && 0..<width ~= column + x {
        grown.insert((row + y) * width + column + x)
      }
    }
    return grown
  }
}

/// A rectangle of whole pixels, all four ends **inclusive**.
public struct PixelBox: Sendable, Equatable {
  /// The first column.
  public var x0: Int
  /// The first row.
  public var y0: Int
  /// The last column.
  public var x1: Int
  /// The last row.
  public var y1: Int

  /// Takes four ends.
  /// - Parameters:
  ///   - x0: The first column.
  ///   - y0: The first row.
  ///   - x1: The last column.
  ///   - y1: The last row.
  ///   - height: Rows of the image.
  ///   - width: Columns of the image.
  ///   - subject: What the box is of, for messages.
  /// - Throws: `EvaluationFailure` where the box has no pixel or leaves the image.
  public init(
    x0: Int, y0: Int, x1: Int, y1: Int, height: Int, width: Int, subject: String
  ) throws(EvaluationFailure) {
    guard 0 <= x0, x0 <= x1, x1 < width, 0 <= y0, y0 <= y1, y1 < height else {
      throw EvaluationFailure(.box([x0, y0, x1, y1], height: height, width: width), of: subject)
    }
    self.init(x0: x0, y0: y0, x1: x1, y1: y1)
  }

  init(x0: Int, y0: Int, x1: Int, y1: Int) {
    (self.x0, self.y0, self.x1, self.y1) = (x0, y0, x1, y1)
  }

  /// The number of pixels.
  public var area: Int { (x1 - x0 + 1) * (y1 - y0 + 1) }

  /// Whether a pixel lies inside.
  /// - Parameters:
  ///   - row: Its row.
  ///   - column: Its column.
  /// - Returns: Whether it does.
  public func contains(row: Int, column: Int) -> Bool { y0...y1 ~= row && x0...x1 ~= column }

  /// Intersection over union, by counts of pixels.
  /// - Parameter other: Another box.
  /// - Returns: In [0, 1].
  /// - Note: Deviation: wsolevaluation's boxes are one pixel too wide and high unless they touch the edge, so
  ///   that a perfect square of 3 pixels scores 0.56.
  public func intersectionOverUnion(_ other: PixelBox) -> Double {
    let width = max(0, min(x1, other.x1) - max(x0, other.x0) + 1)
    let height = max(0, min(y1, other.y1) - max(y0, other.y0) + 1)
    let common = width * height
    return Double(common) / Double(area + other.area - common)
  }
}
