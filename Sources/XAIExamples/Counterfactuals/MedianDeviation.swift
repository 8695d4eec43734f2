public import XAIRepresentations

/// The median absolute deviation of every entry over images: what a unit of change costs.
///
/// Bytes have 256 values, so that counts of each suffice: one pass over the images, exact.
public struct MedianDeviation: Sendable {
  private var counts: [UInt32]
  private let entries: Int
  private var images = 0

  /// Starts with no image.
  /// - Parameter entries: H W C of an image.
  public init(entries: Int) {
    self.entries = entries
    counts = Array(repeating: 0, count: 256 * entries)
  }

  /// Counts images.
  /// - Parameter pictures: Of the size that it was started for.
  /// - Throws: `ExampleFailure` where they have another one.
  public mutating func add(_ pictures: PixelImages) throws(ExampleFailure) {
    guard pictures.height * pictures.width * pictures.channels == entries else {
      throw ExampleFailure(
        .shape(
          of: "images to count", found: [pictures.height, pictures.width, pictures.channels],
          expected: "\(entries) entries each"))
    }
    for (index, byte) in pictures.bytes.enumerated() {
      counts[index % entries * 256 + Int(byte)] += 1
    }
    images += pictures.count
  }

  /// MAD of each entry, in normalized units.
  /// - Parameters:
  ///   - normalization: How images are made of bytes.
  ///   - shape: C, H and W.
  ///   - floor: The least that it is.
  /// - Returns: `[C, H, W]`; the floor where there was no image.
  public func values(
    _ normalization: PixelNormalization, shape: [Int], floor: Double = 0.05
  ) -> [Double] {
    let (channels, area) = (shape[0], shape[1] * shape[2])
    return (0..<entries).map { index in
      let (channel, position) = (index / area, index % area)
      let median = deviation(of: position * channels + channel)
      return max(floor, median / 255 / normalization.deviation[channel])
    }
  }

  /// MAD of one entry, in bytes.
  private func deviation(of entry: Int) -> Double {
    let own = (0..<256).map { Int(counts[entry * 256 + $0]) }
    guard images > 0 else { return 0 }
    let center = median(Array(own.enumerated()).map { (Double($0.offset), $0.element) })
    return median(
      own.enumerated().map { (abs(Double($0.offset) - center), $0.element) }
        .sorted { $0.0 < $1.0 })
  }

  /// The median of values with their counts, sorted; of an even number the mean of the two middle ones.
  private func median(_ values: [(Double, Int)]) -> Double {
    func value(_ rank: Int) -> Double {
      var seen = 0
      for (value, count) in values {
        seen += count
        if seen > rank { return value }
      }
      return values.last?.0 ?? 0
    }
    return (value((images - 1) / 2) + value(images / 2)) / 2
  }
}
