package import XAIImages

#if canImport(Glibc)
  import Glibc
#endif

/// Shapes with smooth edges. Positions are distances from the top left corner, so that the first pixel
/// reaches from 0 to 1.
extension Canvas {
  /// Fills a polygon: each pixel gets as much of the colour as the polygon covers of it.
  /// - Parameters:
  ///   - polygon: Its corners, whose edges do not cross; fewer than three draw nothing.
  ///   - color: The colour.
  ///   - opacity: From 0, nothing, to 1, which hides what was there.
  package mutating func fill(
    polygon: [(x: Double, y: Double)], color: RGBColor, opacity: Double = 1
  ) {
    guard polygon.count > 2, let coverage = Coverage(polygon, in: image) else { return }
    coverage.forEachPixel { row, column, covered in
      let share = opacity * covered
      let old = image[row, column]
      func mixed(_ under: UInt8, _ over: UInt8) -> UInt8 {
        UInt8(clamping: Int(((1 - share) * Double(under) + share * Double(over)).rounded()))
      }
      image[row, column] = (
        mixed(old.0, color.red), mixed(old.1, color.green), mixed(old.2, color.blue)
      )
    }
  }

  /// Fills a circle.
  /// - Parameters:
  ///   - centre: Its centre.
  ///   - radius: Its radius.
  ///   - color: The colour.
  package mutating func fill(
    circleAt centre: (x: Double, y: Double), radius: Double, color: RGBColor
  ) {
    let corners = 24
    fill(
      polygon: (0..<corners).map { corner in
        let angle = 2 * Double.pi * Double(corner) / Double(corners)
        return (centre.x + radius * cos(angle), centre.y + radius * sin(angle))
      }, color: color)
  }

  /// Draws a line of several straight parts with round ends.
  /// - Parameters:
  ///   - points: Its corners.
  ///   - color: The colour.
  ///   - width: Its width.
  ///   - dashes: Lengths that are drawn and left out in turn; none for an unbroken line.
  package mutating func stroke(
    _ points: [(x: Double, y: Double)], color: RGBColor, width: Double, dashes: [Double] = []
  ) {
    for (start, end) in Self.pieces(of: points, dashes: dashes) {
      let (dx, dy) = (end.x - start.x, end.y - start.y)
      let length = (dx * dx + dy * dy).squareRoot()
      if length > 0 {
        let (ox, oy) = (-dy / length * width / 2, dx / length * width / 2)
        fill(
          polygon: [
            (start.x + ox, start.y + oy), (end.x + ox, end.y + oy), (end.x - ox, end.y - oy),
            (start.x - ox, start.y - oy),
          ], color: color)
      }
      // Thin lines are rulings, whose ends and corners nobody sees.
      if width > 2 {
        for end in [start, end] { fill(circleAt: end, radius: width / 2, color: color) }
      }
    }
  }

  /// The straight parts that are drawn.
  private static func pieces(
    of points: [(x: Double, y: Double)], dashes: [Double]
  ) -> [(start: (x: Double, y: Double), end: (x: Double, y: Double))] {
    let parts = Array(zip(points, points.dropFirst()))
    guard dashes.count > 1, dashes.allSatisfy({ $0 > 0 }) else {
      return parts.map { (start: $0.0, end: $0.1) }
    }
    var pieces: [(start: (x: Double, y: Double), end: (x: Double, y: Double))] = []
    var (dash, left) = (0, dashes[0])
    for (start, end) in parts {
      let (dx, dy) = (end.x - start.x, end.y - start.y)
      let length = (dx * dx + dy * dy).squareRoot()
      var position = 0.0
      while position < length {
        // Not by what is left after rounding: that may be too little to change the position.
        let isWhole = position + left <= length
        let next = isWhole ? position + left : length
        if dash % 2 == 0 {
          let (from, to) = (position / length, next / length)
          pieces.append(
            (
              start: (start.x + from * dx, start.y + from * dy),
              end: (start.x + to * dx, start.y + to * dy)
            ))
        }
        if isWhole {
          dash = (dash + 1) % dashes.count
          left = dashes[dash]
        } else {
          left -= length - position
        }
        position = next
      }
    }
    return pieces
  }
}

/// How much of each pixel a polygon covers, exactly: signed areas to the right of each edge, summed along
/// rows (Levien 2016, font-rs).
private struct Coverage {
  private let top: Int
  private let left: Int
  private let height: Int
  private let width: Int
  private let rows: Range<Int>
  private let columns: Range<Int>
  private var areas: [Double]

  /// Nothing where the polygon is outside of the picture.
  init?(_ polygon: [(x: Double, y: Double)], in image: RGBImage) {
    precondition(polygon.allSatisfy { $0.x.isFinite && $0.y.isFinite }, "a corner at infinity")
    // What is beyond the picture by more than a pixel is as good as at that pixel.
    let corners = polygon.map { corner in
      (
        x: min(max(corner.x, -1), Double(image.width) + 1),
        y: min(max(corner.y, -1), Double(image.height) + 1)
      )
    }
    top = Int((corners.map(\.y).min() ?? 0).rounded(.down))
    left = Int((corners.map(\.x).min() ?? 0).rounded(.down))
    height = Int((corners.map(\.y).max() ?? 0).rounded(.up)) - top
    width = Int((corners.map(\.x).max() ?? 0).rounded(.up)) - left + 2
    rows = max(0, -top)..<max(max(0, -top), min(height, image.height - top))
    columns = max(0, -left)..<max(max(0, -left), min(width, image.width - left))
    areas = Array(repeating: 0, count: height * width)
    guard !rows.isEmpty, !columns.isEmpty else { return nil }
    for (index, corner) in corners.enumerated() {
      let next = corners[(index + 1) % corners.count]
      add(
        (corner.x - Double(left), corner.y - Double(top)),
        (next.x - Double(left), next.y - Double(top)))
    }
  }

  func forEachPixel(_ body: (_ row: Int, _ column: Int, _ covered: Double) -> Void) {
    for row in rows {
      var sum = 0.0
      for column in 0..<width {
        sum += areas[row * width + column]
        let covered = min(abs(sum), 1)
        if covered > 1e-6, columns.contains(column) { body(top + row, left + column, covered) }
      }
    }
  }

  private mutating func add(_ from: (x: Double, y: Double), _ to: (x: Double, y: Double)) {
    guard from.y != to.y else { return }
    let sign = from.y < to.y ? 1.0 : -1
    let (upper, lower) = from.y < to.y ? (from, to) : (to, from)
    let slope = (lower.x - upper.x) / (lower.y - upper.y)
    var x = upper.x
    for row in Int(upper.y)..<Int(lower.y.rounded(.up)) {
      let part = min(Double(row + 1), lower.y) - max(Double(row), upper.y)
      let next = x + slope * part
      add(from: min(x, next), to: max(x, next), amount: sign * part, row: row)
      x = next
    }
  }

  /// Spreads a part of an edge within one row over the pixels that it crosses.
  private mutating func add(from first: Double, to last: Double, amount: Double, row: Int) {
    let offset = row * width
    let (low, high) = (Int(first), Int(last.rounded(.up)))
    if high <= low + 1 {
      let right = (first + last) / 2 - Double(low)
      areas[offset + low] += amount * (1 - right)
      areas[offset + low + 1] += amount * right
      return
    }
    // The area to the right of the edge up to a column, as a function; its differences go to pixels.
    func area(upTo column: Int) -> Double {
      let reach = min(max(Double(column) - first, 0), last - first)
      let beyond = max(Double(column) - last, 0)
      return amount * (reach * reach / 2 / (last - first) + beyond)
    }
    var (before, previous) = (0.0, 0.0)
    for column in low..<min(high + 1, width) {
      let covered = area(upTo: column + 1) - previous
      areas[offset + column] += covered - before
      (before, previous) = (covered, previous + covered)
    }
  }
}
