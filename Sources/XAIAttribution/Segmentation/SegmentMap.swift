public import XAITensor

/// The segment of each pixel of an image of H x W pixels.
public struct SegmentMap: Sendable, Equatable {
  /// Segments in row-major order of the pixels, 0 ..< `count` without a gap.
  public let labels: [Int]
  /// H.
  public let height: Int
  /// W.
  public let width: Int
  /// The number of segments.
  public let count: Int

  /// Takes labels as they are.
  /// - Parameters:
  ///   - labels: `[H, W]`, row-major.
  ///   - height: H.
  ///   - width: W.
  /// - Throws: Where there are not as many as pixels, a label is negative or one below the largest has no pixel.
  public init(labels: [Int], height: Int, width: Int) throws(AttributionFailure) {
    guard !labels.isEmpty, height > 0, width > 0, labels.count / height == width,
      labels.count % height == 0
    else {
      throw AttributionFailure(
        .usage,
        "a segment map of \(labels.count) labels does not fit an image of \(height) x \(width) pixels; give "
          + "one label for each pixel")
    }
    var count = 0
    var seen = Array(repeating: false, count: labels.count)
    for label in labels {
      guard seen.indices ~= label else {
        throw AttributionFailure(
          .badData,
          "segment \(label) of the segment map is outside of 0 ..< \(labels.count); "
            + "number the segments from 0")
      }
      seen[label] = true
      count = max(count, label + 1)
    }
    if let gap = seen[..<count].firstIndex(of: false) {
      throw AttributionFailure(
        .badData,
        "segment \(gap) of the segment map has no pixel; number the segments "
          + "0 ..< \(count) without a gap")
    }
    (self.labels, self.height, self.width, self.count) = (labels, height, width, count)
  }

  /// Cuts an image into rectangles whose sides differ by one pixel at most.
  /// - Parameters:
  ///   - grid: Rows and columns of rectangles.
  ///   - height: H.
  ///   - width: W.
  /// - Throws: Where there are more rectangles than pixels on a side.
  public init(grid: PixelExtent, height: Int, width: Int) throws(AttributionFailure) {
    guard 1...height ~= grid.height, 1...width ~= grid.width else {
      throw AttributionFailure(
        .usage, "a grid of \(grid) does not fit into an image of \(height) x \(width) pixels")
    }
    labels = (0..<height * width).map { pixel in
      pixel / width * grid.height / height * grid.width + pixel % width * grid.width / width
    }
    (self.height, self.width, count) = (height, width, grid.height * grid.width)
  }

  /// Takes labels that are known to have no gap.
  init(checked labels: [Int], height: Int, width: Int, count: Int) {
    (self.labels, self.height, self.width, self.count) = (labels, height, width, count)
  }

  /// A map in which each pixel carries its segment's value.
  /// - Parameter values: One for each segment.
  /// - Returns: `[1, 1, H, W]`.
  public func painted(_ values: [Double]) -> Tensor {
    precondition(values.count == count, "\(values.count) values for \(count) segments")
    return Tensor(shape: [1, 1, height, width], labels.map { Float(values[$0]) })
  }

  /// An image in which each pixel carries the mean of its segment, channel by channel.
  /// - Parameter image: `[1, C, H, W]`.
  /// - Returns: The same shape.
  func means(of image: Tensor) -> Tensor {
    let plane = labels.count
    var sizes = Array(repeating: 0.0, count: count)
    for label in labels { sizes[label] += 1 }
    return Tensor(shape: image.shape) { target in
      image.withUnsafeElements { source in
        for first in stride(from: 0, to: source.count, by: plane) {
          var sums = Array(repeating: 0.0, count: count)
          for pixel in 0..<plane { sums[labels[pixel]] += Double(source[first + pixel]) }
          for pixel in 0..<plane {
            target[first + pixel] = Float(sums[labels[pixel]] / sizes[labels[pixel]])
          }
        }
      }
    }
  }
}
