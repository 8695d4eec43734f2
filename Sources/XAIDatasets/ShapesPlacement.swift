import XAITensor

/// An outline somewhere in an image: moved, turned, scaled and slightly stretched.
struct ShapesPlacement {
  var outline: ShapesOutline
  /// The centre in pixels; the centre of the first pixel is (0.5, 0.5).
  var centre: SIMD2<Float>
  /// Pixels for one unit of the outline's frame.
  var radius: Float
  /// The unit vector that the outline's x axis points along.
  var axis: SIMD2<Float>
  /// The x axis is stretched by this factor and the y axis shrunk by it.
  var stretch: Float = 1
  /// Whether the outline is seen in a mirror.
  var isMirrored = false

  /// How much of each pixel the outline covers.
  /// - Parameter side: The number of rows and of columns of the image, a multiple of 8.
  /// - Returns: Coverage in the part of the image that the outline may touch.
  func coverage(side: Int) -> ShapesCoverage {
    let reach = radius * max(stretch, 1 / stretch) * 1.02 + 1
    let columns = Self.pixels(around: centre.x, reach: reach, limit: side)
    let rows = Self.pixels(around: centre.y, reach: reach, limit: side)
    let first = columns.lowerBound / 8 * 8
    let steps = columns.isEmpty ? 0 : (columns.upperBound - first + 7) / 8
    var coverage = ShapesCoverage(rows: rows, columns: first..<first + steps * 8)
    let offsets = Lanes(0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5)
    let (scaleX, scaleY) = ((isMirrored ? -1 : 1) / (radius * stretch), stretch / radius)
    for row in rows {
      let dy = Float(row) + 0.5 - centre.y
      for step in 0..<steps {
        let dx = offsets + (Float(first + step * 8) - centre.x)
        let x = (dx * axis.x + dy * axis.y) * scaleX
        let y = (dy * axis.x - dx * axis.y) * scaleY
        coverage.values.append(clampedToUnit(0.5 - radius * outline.distance(x, y)))
      }
    }
    return coverage
  }

  private static func pixels(around centre: Float, reach: Float, limit: Int) -> Range<Int> {
    let first = min(max(Int(centre - reach), 0), limit)
    let last = min(max(Int(centre + reach) + 1, first), limit)
    return first..<last
  }
}

/// How much of each pixel something covers, in a rectangle of an image.
struct ShapesCoverage {
  let rows: Range<Int>
  /// A multiple of eight columns.
  let columns: Range<Int>
  /// Fractions from 0 to 1, row by row, eight columns each.
  var values: [Lanes] = []

  init(rows: Range<Int>, columns: Range<Int>) {
    self.rows = rows
    self.columns = columns
    values.reserveCapacity(rows.count * columns.count / 8)
  }

  /// Calls a closure for each pixel that is covered at all.
  /// - Parameter body: Receives column, row and the fraction covered.
  @inline(__always)
  func forEach(_ body: (_ x: Int, _ y: Int, _ fraction: Float) -> Void) {
    var index = 0
    for y in rows {
      for start in stride(from: columns.lowerBound, to: columns.upperBound, by: 8) {
        let fractions = values[index]
        index += 1
        guard any(fractions .> 0) else { continue }
        for lane in 0..<8 where fractions[lane] > 0 { body(start + lane, y, fractions[lane]) }
      }
    }
  }
}
