/// Makes images smaller: each pixel of the result is the mean of the area that it covers.
///
/// At a whole factor that is the mean of a square of pixels. Every pixel of the image has the same weight in all
/// of the result, so the mean of the image stays.
package struct AreaResizing: Sendable {
  /// One side: which pixels an output covers, and the share of each.
  private struct Side {
    var first: [Int] = []
    var shares: [[Float]] = []

    init(from length: Int, to count: Int) {
      let scale = Double(length) / Double(count)
      for output in 0..<count {
        let (start, end) = (Double(output) * scale, Double(output + 1) * scale)
        let first = Int(start)
        let last = min(length, Int(end.rounded(.up)))
        self.first.append(first)
        shares.append(
          (first..<last).map { pixel in
            Float((min(end, Double(pixel + 1)) - max(start, Double(pixel))) / scale)
          })
      }
    }
  }

  private let height: Int
  private let width: Int
  private let rows: Side
  private let columns: Side
  /// Rows and columns of the result.
  package let extent: (height: Int, width: Int)

  /// Prepares a resizing.
  /// - Parameters:
  ///   - height: Rows of the images.
  ///   - width: Columns of the images.
  ///   - extent: Rows and columns of the results, at most as many.
  package init(height: Int, width: Int, to extent: (height: Int, width: Int)) {
    precondition(
      1...height ~= extent.height && 1...width ~= extent.width,
      "\(height) x \(width) to \(extent.height) x \(extent.width)")
    (self.height, self.width, self.extent) = (height, width, extent)
    rows = Side(from: height, to: extent.height)
    columns = Side(from: width, to: extent.width)
  }

  /// Resizes an image.
  /// - Parameters:
  ///   - image: The elements, one channel after the other.
  ///   - output: Receives the elements of the result.
  package func apply(
    _ image: UnsafeBufferPointer<Float>, into output: UnsafeMutableBufferPointer<Float>
  ) {
    let (plane, small) = (height * width, extent.height * extent.width)
    precondition(image.count % plane == 0 && output.count == image.count / plane * small)
    withUnsafeTemporaryAllocation(of: Float.self, capacity: width) { line in
      for channel in 0..<(image.count / plane) {
        for row in 0..<extent.height {
          line.update(repeating: 0)
          for (offset, share) in rows.shares[row].enumerated() {
            let source = channel * plane + (rows.first[row] + offset) * width
            for column in 0..<width {
              line[column] += share * image[source &+ column]
            }
          }
          let target = channel * small + row * extent.width
          for column in 0..<extent.width {
            var sum: Float = 0
            let first = columns.first[column]
            for (offset, share) in columns.shares[column].enumerated() {
              sum += share * line[first &+ offset]
            }
            output[target &+ column] = sum
          }
        }
      }
    }
  }
}
