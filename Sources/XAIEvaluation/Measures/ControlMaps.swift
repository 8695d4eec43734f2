import XAIAttribution
public import XAIMetrics

/// Maps that give a score its scale; the controls of `XAIAttribution` (edges, the image) are the others.
public enum ControlMaps {
  /// A random order: what a score is without any information.
  /// - Parameters:
  ///   - image: The image.
  ///   - index: Which order; the page takes the mean of 4.
  /// - Returns: Distinct values whose sum is 0: a map of one sign would say that every part contributes.
  public static func random(_ image: JudgedImage, _ index: Int) -> RelevanceMap {
    let order = image.draws.randomOrder(of: image.pixels, image: image.key, index)
    return RelevanceMap(
      height: image.height, width: image.width,
      values: order.map { Double($0) - Double(image.pixels - 1) / 2 })
  }

  /// The same everywhere, so that ties decide: a random order, too.
  /// - Parameters:
  ///   - height: Rows.
  ///   - width: Columns.
  /// - Returns: Ones.
  public static func constant(height: Int, width: Int) -> RelevanceMap {
    RelevanceMap(height: height, width: width, values: Array(repeating: 1, count: height * width))
  }

  /// Relevance that falls with the distance from the middle: where photographers put things.
  /// - Parameters:
  ///   - height: Rows.
  ///   - width: Columns.
  /// - Returns: 1 in the middle, 0 in the corners.
  public static func center(height: Int, width: Int) -> RelevanceMap {
    let (middleRow, middleColumn) = (Double(height - 1) / 2, Double(width - 1) / 2)
    let longest = max(middleRow * middleRow + middleColumn * middleColumn, 1e-9).squareRoot()
    return RelevanceMap(
      height: height, width: width,
      values: (0..<height * width).map { pixel in
        let (y, x) = (Double(pixel / width) - middleRow, Double(pixel % width) - middleColumn)
        return 1 - (y * y + x * x).squareRoot() / longest
      })
  }

  /// The order of the cells that no other order beats: what can be reached.
  /// - Parameters:
  ///   - table: The coalition table of the image.
  ///   - quantity: Logit or probability.
  /// - Returns: Cells of different values, the most relevant with the greatest.
  public static func oracle(
    _ table: CoalitionTable, _ quantity: TargetQuantity = .logit
  ) -> RelevanceMap {
    var values = Array(repeating: 0.0, count: table.count)
    for (place, cell) in table.bounds(quantity).oracle.enumerated() {
      values[cell] = Double(table.count - place) / Double(table.count)
    }
    let map = table.cells.map
    return RelevanceMap(
      height: map.height, width: map.width, values: map.labels.map { values[$0] })
  }
}
