import XAIKernels

/// The places of a window that slides over an image of H x W pixels.
///
/// Windows begin at multiples of the stride; there are `ceil((side - window) / stride) + 1` of them along a
/// side, and the last one is cut off at the border (Captum's `Occlusion`).
struct OcclusionWindows {
  /// The windows, row by row.
  let rectangles: [Rectangle]
  let height: Int
  let width: Int

  init(_ window: PixelExtent, stride: PixelExtent, height: Int, width: Int) {
    func ranges(_ side: Int, _ window: Int, _ stride: Int) -> [Range<Int>] {
      (0..<Self.count(side, window, stride)).map {
        $0 * stride..<min($0 * stride + window, side)
      }
    }
    let columns = ranges(width, window.width, stride.width)
    rectangles = ranges(height, window.height, stride.height).flatMap { rows in
      columns.map { Rectangle(rows: rows, columns: $0) }
    }
    (self.height, self.width) = (height, width)
  }

  /// The number of windows; 1 along a side that is no longer than the window.
  static func count(_ window: PixelExtent, stride: PixelExtent, height: Int, width: Int) -> Int {
    count(height, window.height, stride.height) * count(width, window.width, stride.width)
  }

  private static func count(_ side: Int, _ window: Int, _ stride: Int) -> Int {
    // Neither longer than the side nor shorter than a pixel, so that no slip of the keyboard overflows.
    let (window, stride) = (min(max(window, 1), max(side, 1)), min(max(stride, 1), max(side, 1)))
    return (max(side - window, 0) + stride - 1) / stride + 1
  }

  /// The mean over the windows that cover a pixel; 0 where none does.
  /// - Parameter values: One for each window.
  /// - Returns: `[H, W]`, row-major.
  func means(of values: [Double]) -> [Float] {
    var sums = Array(repeating: 0.0, count: height * width)
    var counts = Array(repeating: 0.0, count: height * width)
    for (rectangle, value) in zip(rectangles, values) {
      for row in rectangle.rows {
        for pixel in row * width + rectangle.columns.lowerBound..<row * width
          + rectangle.columns.upperBound
        {
          sums[pixel] += value
          counts[pixel] += 1
        }
      }
    }
    return zip(sums, counts).map { $1 > 0 ? Float($0 / $1) : 0 }
  }
}
