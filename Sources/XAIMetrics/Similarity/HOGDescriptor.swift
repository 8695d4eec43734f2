#if canImport(Glibc)
  import Glibc
#endif

/// Histograms of oriented gradients of a map (Dalal and Triggs 2005), as scikit-image computes them.
///
/// Gradients are central differences, 0 at the border across it. A cell of 4x4 pixels holds the mean
/// magnitude in each of 9 directions of 20 degrees (without sign, without interpolation); blocks of 3x3
/// cells, one at every cell, are normalised by L2-Hys: to length 1, cut off at 0.2, to length 1 again.
/// Rows and columns that fill no cell are left out.
/// - Note: Deviation in size from scikit-image's default cells of 8x8: maps of 64x64 pixels would have
///   only 8x8 of them.
public enum HOGDescriptor {
  /// Rows and columns of a cell.
  public static let cell = 4
  /// Rows and columns of a block, in cells.
  public static let block = 3
  /// Directions between 0 and 180 degrees.
  public static let orientations = 9

  /// The descriptor of a map.
  /// - Parameter map: At least 12 x 12 pixels.
  /// - Returns: Values by block row, block column, cell row, cell column, direction.
  public static func values(of map: RelevanceMap) -> [Double] {
    let (rows, columns) = (map.height / cell, map.width / cell)
    let histograms = histograms(of: map, rows, columns)
    var values: [Double] = []
    for row in 0...rows - block {
      for column in 0...columns - block {
        let cells = (0..<block * block).map {
          ((row + $0 / block) * columns + column + $0 % block) * orientations
        }
        values += normalised(cells.flatMap { histograms[$0..<$0 + orientations] })
      }
    }
    return values
  }

  private static func histograms(
    of map: RelevanceMap, _ rows: Int, _ columns: Int
  ) -> [Double] {
    var histograms = Array(repeating: 0.0, count: rows * columns * orientations)
    for row in 0..<rows * cell {
      for column in 0..<columns * cell {
        let at = row * map.width + column
        let isInnerRow = row > 0 && row < map.height - 1
        let isInnerColumn = column > 0 && column < map.width - 1
        let down = isInnerRow ? map.values[at + map.width] - map.values[at - map.width] : 0
        let right = isInnerColumn ? map.values[at + 1] - map.values[at - 1] : 0
        guard down != 0 || right != 0 else { continue }
        let bin = ((row / cell) * columns + column / cell) * orientations + direction(down, right)
        histograms[bin] += hypot(down, right) / Double(cell * cell)
      }
    }
    return histograms
  }

  /// Which of the directions a gradient has; opposite ones are the same.
  private static func direction(_ down: Double, _ right: Double) -> Int {
    let angle = atan2(down, right) * 180 / .pi
    let unsigned = angle < 0 ? angle + 180 : angle
    // 180 degrees are 0 again.
    return Int(unsigned / (180 / Double(orientations))) % orientations
  }

  private static func normalised(_ block: [Double]) -> [Double] {
    func unit(_ values: [Double]) -> [Double] {
      let length = (values.reduce(0) { $0 + $1 * $1 } + 1e-10).squareRoot()
      return values.map { $0 / length }
    }
    return unit(unit(block).map { min($0, 0.2) })
  }
}
