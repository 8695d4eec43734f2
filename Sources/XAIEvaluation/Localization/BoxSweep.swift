public import XAIMetrics

/// The box around what a map selects, at many thresholds.
///
/// Source: Choe et al. 2020.
///
/// The map is scaled to [0, 1] by its least and greatest value; at `tau = j / T` pixels with
/// `M - least >= tau (greatest - least)` are kept, and the tight box around their largest component counts: of
/// 8-connected ones the one with most pixels, the first in row-major order among equals. A constant map is 0
/// everywhere, so that it selects everything at tau = 0 and nothing above.
/// - Note: Deviation: wsolevaluation quantizes maps to 8 bits, and its largest component is that of the largest
///   polygon, so that a line loses to a small square.
public struct BoxSweep: Sendable, Equatable {
  /// One for each threshold; `nil` where nothing is selected.
  public let boxes: [PixelBox?]

  /// Draws the boxes of a map.
  /// - Parameters:
  ///   - map: The map.
  ///   - thresholds: T, 100 by default.
  /// - Throws: `EvaluationFailure` where there is no threshold.
  public init(_ map: RelevanceMap, thresholds: Int = 100) throws(EvaluationFailure) {
    guard thresholds > 0 else {
      throw EvaluationFailure(
        .parameter("\(thresholds)", expected: "a whole number of at least 1"),
        of: "the number of thresholds")
    }
    let (least, greatest) = map.extremes
    let range = greatest - least
    let heights = map.values.map { $0 - least }
    boxes = (0..<thresholds).map { index in
      let threshold = Double(index) / Double(thresholds) * range
      if range == 0, index > 0 { return nil }
      return ConnectedComponents.largestBox(
        heights.map { $0 >= threshold }, height: map.height, width: map.width)
    }
  }

  /// Intersection over union with the object's box at each threshold; 0 where nothing is selected.
  /// - Parameter box: The object's box.
  /// - Returns: One for each threshold.
  public func intersectionOverUnion(_ box: PixelBox) -> [Double] {
    boxes.map { $0?.intersectionOverUnion(box) ?? 0 }
  }
}

/// Components of pixels that touch over edges or corners.
enum ConnectedComponents {
  /// The tight box of the largest component, the first in row-major order among equals.
  static func largestBox(_ kept: [Bool], height: Int, width: Int) -> PixelBox? {
    var isOpen = kept
    var best: (size: Int, box: PixelBox)?
    var queue: [Int] = []
    for first in kept.indices where isOpen[first] {
      queue.removeAll(keepingCapacity: true)
      queue.append(first)
      isOpen[first] = false
      var (next, box) = (
        0, PixelBox(x0: width, y0: height, x1: -1, y1: -1)
      )
      while next < queue.count {
        let (row, column) = (queue[next] / width, queue[next] % width)
        next += 1
        (box.x0, box.x1) = (min(box.x0, column), max(box.x1, column))
        (box.y0, box.y1) = (min(box.y0, row), max(box.y1, row))
        for y in max(0, row - 1)...min(height - 1, row + 1) {
          for x in max(0, column - 1)...min(width - 1, column + 1) where isOpen[y * width + x] {
            isOpen[y * width + x] = false
            queue.append(y * width + x)
          }
        }
      }
      if queue.count > best?.size ?? 0 { best = (queue.count, box) }
    }
    return best?.box
  }
}
