import XAITensor

/// Channels of an image enlarged and stretched from 0 to 1.
final class ChannelMasks {
  let count: Int
  /// The channels that have a mask.
  let varying: [Int]
  let plane: Int
  /// The mask that was written last.
  private(set) var values: [Float]
  private let enlarged: Tensor
  private let ranges: [(low: Float, high: Float)]

  init(_ activation: Tensor, extent: [Int]) {
    count = activation.shape[1]
    let channels = activation.reshaped(to: [count, 1] + activation.shape.dropFirst(2))
    let enlarged = Upsampling.bilinear.enlarge(channels, to: extent)
    let plane = enlarged.rowCount
    let ranges = enlarged.withUnsafeElements { elements in
      (0..<enlarged.rows).map { row in
        let part = elements[row * plane..<(row + 1) * plane]
        return (low: part.min() ?? 0, high: part.max() ?? 0)
      }
    }
    (self.enlarged, self.ranges, self.plane) = (enlarged, ranges, plane)
    varying = ranges.indices.filter { ranges[$0].high > ranges[$0].low }
    values = Array(repeating: 0, count: plane)
  }

  /// Writes the mask of one of the varying channels.
  func write(_ index: Int) {
    let channel = varying[index]
    let (low, high) = (Double(ranges[channel].low), Double(ranges[channel].high))
    enlarged.withUnsafeElements { elements in
      for position in 0..<plane {
        let value = Double(elements[channel * plane + position])
        values[position] = Float((value - low) / (high - low))
      }
    }
  }
}
