import XAIImages

/// The lines of a text file, by their bytes.
package struct AnnotationLines {
  /// More than any line of a list has; of longer ones the beginning is enough to be told.
  private static let mostFields = 64

  private static let lineFeed = UInt8(ascii: "\n")
  private static let `return` = UInt8(ascii: "\r")
  private static let tab = UInt8(ascii: "\t")
  private static let blank = UInt8(ascii: " ")

  private let bytes: [UInt8]

  /// Splits a file's content.
  /// - Parameter bytes: The content; lines end with LF, CR LF or CR.
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
        let end =
          bytes[start...].firstIndex { $0 == Self.lineFeed || $0 == Self.return } ?? bytes.count
        let line = UnsafeBufferPointer(rebasing: bytes[start..<end])
        if !line.isEmpty { try body(number, line) }
        number += 1
        let isPair =
          end + 1 < bytes.count && bytes[end] == Self.return && bytes[end + 1] == Self.lineFeed
        start = end + (isPair ? 2 : 1)
      }
    }
  }

  /// Calls a closure with the fields of every line that is not blank.
  /// - Parameter body: Receives the line's number and its fields.
  /// - Throws: What the closure throws.
  package func forEachFields<Thrown: Error>(
    _ body: (_ number: Int, _ fields: [UnsafeBufferPointer<UInt8>]) throws(Thrown) -> Void
  ) throws(Thrown) {
    try forEach { (number, line) throws(Thrown) in
      let fields = Self.fields(of: line)
      if !fields.isEmpty { try body(number, fields) }
    }
  }

  /// What stands between the tabs of a line, or between its blanks where it has no tab.
  /// - Parameter line: The line.
  /// - Returns: The fields without blanks around them; none is empty; at most 64.
  static func fields(of line: UnsafeBufferPointer<UInt8>) -> [UnsafeBufferPointer<UInt8>] {
    let separator = line.contains(tab) ? tab : blank
    var fields: [UnsafeBufferPointer<UInt8>] = []
    var start = 0
    for position in 0...line.count where position == line.count || line[position] == separator {
      let field = trimmed(UnsafeBufferPointer(rebasing: line[start..<position]))
      if !field.isEmpty { fields.append(field) }
      if fields.count == mostFields { break }
      start = position + 1
    }
    return fields
  }

  /// Some bytes without the blanks around them.
  /// - Parameter bytes: The bytes.
  /// - Returns: A part of them.
  static func trimmed(_ bytes: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    guard let first = bytes.firstIndex(where: { $0 != blank && $0 != tab }),
      let last = bytes.lastIndex(where: { $0 != blank && $0 != tab })
    else { return UnsafeBufferPointer(rebasing: bytes[..<0]) }
    return UnsafeBufferPointer(rebasing: bytes[first...last])
  }
}

extension BoundingBox {
  /// Reads x0, y0, x1, y1 from four fields; a pixel of which a box holds a part belongs to it.
  ///
  /// Corners before the first pixel become the first. Nothing where a field is no number, or the corners
  /// are exchanged.
  init?(_ fields: ArraySlice<UnsafeBufferPointer<UInt8>>) {
    let numbers = fields.compactMap { field in
      Double(String(decoding: field, as: UTF8.self)).flatMap { abs($0) < 1e9 ? $0 : nil }
    }
    guard numbers.count == 4, numbers[0] <= numbers[2], numbers[1] <= numbers[3] else { return nil }
    let pixels = numbers.map { max(0, Int($0.rounded(.down))) }
    self.init(xMin: pixels[0], yMin: pixels[1], xMax: pixels[2], yMax: pixels[3])
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
