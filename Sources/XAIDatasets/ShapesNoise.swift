import XAITensor

/// Smooth random fields: sums of value noise over octaves.
///
/// - Complexity: O(pixels) for each octave; interpolation is separable.
struct ShapesNoise {
  /// Row by row: about 0 on average, at most 1 in magnitude.
  private(set) var values: [Float]

  /// Draws a field.
  /// - Parameters:
  ///   - side: The number of rows and columns.
  ///   - cell: Width and height of the coarsest octave's cells in pixels.
  ///   - octaves: The number of octaves; each halves the cells.
  ///   - persistence: The factor between the amplitudes of one octave and the next.
  ///   - stream: Where the numbers come from.
  init(
    side: Int, cell: SIMD2<Float>, octaves: Int, persistence: Float, _ stream: inout RandomStream
  ) {
    values = [Float](repeating: 0, count: side * side)
    var (cell, amplitude, total) = (cell, Float(1), Float(0))
    for _ in 0..<octaves where cell.min() >= 1 {
      add(side: side, cell: cell, amplitude: amplitude, &stream)
      total += amplitude
      amplitude *= persistence
      cell *= 0.5
    }
    for index in values.indices { values[index] /= total }
  }

  private mutating func add(
    side: Int, cell: SIMD2<Float>, amplitude: Float, _ stream: inout RandomStream
  ) {
    let across = Self.knots(side: side, cell: cell.x, offset: Float(stream.uniform()))
    let down = Self.knots(side: side, cell: cell.y, offset: Float(stream.uniform()))
    let width = across[side - 1].index + 2
    let lattice = (0..<width * (down[side - 1].index + 2)).map { _ in
      amplitude * Float(stream.uniform(in: -1..<1))
    }
    values.withUnsafeMutableBufferPointer { values in
      var line = [Float](repeating: 0, count: width)
      for y in 0..<side {
        let start = down[y].index * width
        for x in 0..<width {
          let upper = lattice[start + x]
          line[x] = upper + (lattice[start + width + x] - upper) * down[y].fraction
        }
        for x in 0..<side {
          let left = line[across[x].index]
          values[y * side + x] += left + (line[across[x].index + 1] - left) * across[x].fraction
        }
      }
    }
  }

  /// The lattice point before each pixel and the smoothed way to the next one.
  private static func knots(
    side: Int, cell: Float, offset: Float
  ) -> [(index: Int, fraction: Float)] {
    (0..<side).map { pixel in
      let position = Float(pixel) / cell + offset
      let index = Int(position)
      let way = position - Float(index)
      return (index, way * way * (3 - 2 * way))
    }
  }
}
