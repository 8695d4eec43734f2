/// Which pixels of an image show an object, exactly.
public struct ShapesMask: Sendable, Equatable {
  /// The index of the object's class.
  public let label: Int
  /// The number of rows.
  public let height: Int
  /// The number of columns.
  public let width: Int
  /// How much of each pixel the object covers, row by row: 0 nothing, 255 all of it.
  public let coverage: [UInt8]
  /// The smallest rectangle that holds every pixel of the object.
  public let box: BoundingBox

  /// Whether a pixel shows the object: at least half of it is covered.
  /// - Parameters:
  ///   - row: The pixel's row.
  ///   - column: The pixel's column.
  /// - Returns: Whether the pixel belongs to the object.
  public func contains(row: Int, column: Int) -> Bool { coverage[row * width + column] >= 128 }

  /// The number of pixels that show the object.
  public var area: Int { coverage.count { $0 >= 128 } }

  init(of placement: ShapesPlacement, label: Int, side: Int) {
    var coverage = [UInt8](repeating: 0, count: side * side)
    var box = BoundingBox(xMin: side, yMin: side, xMax: -1, yMax: -1)
    placement.coverage(side: side).forEach { x, y, fraction in
      let value = UInt8(fraction * 255 + 0.5)
      coverage[y * side + x] = value
      guard value >= 128 else { return }
      (box.xMin, box.xMax) = (min(box.xMin, x), max(box.xMax, x))
      (box.yMin, box.yMax) = (min(box.yMin, y), max(box.yMax, y))
    }
    self.label = label
    (height, width) = (side, side)
    self.coverage = coverage
    self.box = box
  }
}

/// A data set that knows which pixels of each image show the object.
public protocol MaskedDataset: ImageDataset {
  /// Which pixels of an image show its object.
  /// - Parameters:
  ///   - index: The image's number in the split.
  ///   - split: The split.
  /// - Returns: The object's mask.
  func mask(at index: Int, of split: Split) -> ShapesMask
}

extension ShapesDataset: MaskedDataset {}

/// An image with two objects of two classes, for tests that ask which one an explanation is about.
public struct ShapesPair: Sendable, Equatable {
  /// Red, green, blue of each pixel, row by row.
  public let pixels: [UInt8]
  /// The two objects; they share no pixel, and either may be the smaller one.
  public let masks: [ShapesMask]
}
