import XAIImages

/// The lines of a text file, by their bytes.
package struct AnnotationLines {
  /// More than any line of a list has; of longer ones the beginning is enough to be told.
  private static let mostFields = 64

  private let bytes: [UInt8]

  /// Splits a file's content.
  /// - Parameter bytes: The content; lines end with LF or CR LF.
  package init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Calls a closure with every line that is not empty.
  /// - Parameter body: Receives the line's number, from 1, and its bytes without the end.
  /// - Throws: What the closure throws.
  package func forEach<Thrown: Error>(
    _ body: (_ number: Int, _ line: UnsafeBufferPointer<UInt8>) throws(Thrown) -> Void
  ) throws(Thrown) {
    try bytes.withUnsafeBufferPointer { (bytes) throws(Thrown) in
      var number = 1
      var start = 0
      while start < bytes.count {
        let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
        var line = UnsafeBufferPointer(rebasing: bytes[start..<end])
        if line.last == UInt8(ascii: "\r") { line = UnsafeBufferPointer(rebasing: line.dropLast()) }
        if !line.isEmpty { try body(number, line) }
        number += 1
        start = end + 1
      }
    }
  }

  /// Calls a closure with the fields of every line that is not blank.
  /// - Parameter body: Receives the line's number and what stands between tabs and blanks, at most 64
  ///   fields.
  /// - Throws: What the closure throws.
  package func forEachFields<Thrown: Error>(
    _ body: (_ number: Int, _ fields: [UnsafeBufferPointer<UInt8>]) throws(Thrown) -> Void
  ) throws(Thrown) {
    var fields: [UnsafeBufferPointer<UInt8>] = []
    try forEach { (number, line) throws(Thrown) in
      fields.removeAll(keepingCapacity: true)
      var start = 0
      for position in 0...line.count {
        guard
          position == line.count || line[position] == UInt8(ascii: "\t")
            || line[position] == UInt8(ascii: " ")
        else { continue }
        if position > start, fields.count < Self.mostFields {
          fields.append(UnsafeBufferPointer(rebasing: line[start..<position]))
        }
        start = position + 1
      }
      if !fields.isEmpty { try body(number, fields) }
    }
  }
}

extension BoundingBox {
  /// Reads x0, y0, x1, y1 from four fields of digits.
  init?(_ fields: ArraySlice<UnsafeBufferPointer<UInt8>>) {
    var numbers: [Int] = []
    for field in fields {
      guard field.count <= 9, field.allSatisfy({ (48...57).contains($0) }) else { return nil }
      numbers.append(field.reduce(0) { $0 * 10 + Int($1) - 48 })
    }
    guard numbers.count == 4, numbers[0] <= numbers[2], numbers[1] <= numbers[3] else { return nil }
    self.init(xMin: numbers[0], yMin: numbers[1], xMax: numbers[2], yMax: numbers[3])
  }

  /// The same part of an image after fitting; every pixel that the box touches belongs to it.
  /// - Returns: Nothing where all of it is cut off.
  func fitted(from old: ImageExtent, by fitting: ImageFitting) -> BoundingBox? {
    let place = fitting.placement(ofHeight: old.height, width: old.width)
    let box = scaled(from: old, to: ImageExtent(height: place.height, width: place.width))
    let cut = BoundingBox(
      xMin: max(box.xMin - place.left, 0), yMin: max(box.yMin - place.top, 0),
      xMax: min(box.xMax - place.left, fitting.width - 1),
      yMax: min(box.yMax - place.top, fitting.height - 1))
    return cut.xMin <= cut.xMax && cut.yMin <= cut.yMax ? cut : nil
  }

  private func scaled(from old: ImageExtent, to new: ImageExtent) -> BoundingBox {
    func up(_ value: Int, _ new: Int, _ old: Int) -> Int {
      min(((value + 1) * new + old - 1) / old, new) - 1
    }
    return BoundingBox(
      xMin: min(xMin * new.width / old.width, new.width - 1),
      yMin: min(yMin * new.height / old.height, new.height - 1),
      xMax: up(xMax, new.width, old.width), yMax: up(yMax, new.height, old.height))
  }
}
