public import XAIImages
public import XAITensor

/// How bytes become what a network sees: (pixel / 255 - mean) / standard deviation.
///
/// Legend: `C` = 3 channels (red, green, blue, or the other way round), `H`, `W` = rows and columns.
public struct Preprocessing: Sendable, Equatable {
  /// What is subtracted.
  public enum Kind: String, CaseIterable, Codable, Sendable {
    /// The mean over images at every pixel: the mean image.
    case meanImage = "mean-image"
    /// The mean over images and pixels of every channel.
    case channelMean = "channel-mean"
  }

  /// What is subtracted from pixel / 255: `[C, H, W]` or `[C]`.
  public let mean: Tensor
  /// What the difference is divided by: `[C]`, positive.
  public let standardDeviation: Tensor
  /// How a picture of any size becomes one of the images.
  public let fitting: ImageFitting
  /// Whether the channels are blue, green and red, also those of the mean and the deviation.
  public let reversesChannels: Bool
  /// 1 / (255 std) for each channel, and mean / std for each element: `apply` is byte * scale - offset.
  private let scales: [Float]
  private let offsets: [Float]

  /// The number of rows of the images.
  public var height: Int { fitting.height }
  /// The number of columns of the images.
  public var width: Int { fitting.width }

  /// Whether a mean image or a mean colour is subtracted.
  public var kind: Kind { mean.shape.count == 3 ? .meanImage : .channelMean }

  /// Creates a preprocessing from its numbers, such as those of a checkpoint.
  /// - Parameters:
  ///   - mean: What is subtracted from pixel / 255: `[3, height, width]` or `[3]`.
  ///   - standardDeviation: What the difference is divided by: `[3]`.
  ///   - height: The number of rows of the images.
  ///   - width: The number of columns of the images.
  /// - Throws: `.badData` if shapes do not fit or a number cannot be used.
  public init(
    mean: Tensor, standardDeviation: Tensor, height: Int, width: Int
  ) throws(DatasetFailure) {
    try self.init(
      mean: mean, standardDeviation: standardDeviation,
      fitting: ImageFitting(height: height, width: width))
  }

  /// Creates a preprocessing from its numbers and the way pictures are resized.
  /// - Parameters:
  ///   - mean: What is subtracted from pixel / 255: `[3, height, width]` or `[3]`.
  ///   - standardDeviation: What the difference is divided by: `[3]`.
  ///   - fitting: How a picture of any size becomes one of the images.
  ///   - reversesChannels: Whether the channels are blue, green and red, also those of the numbers.
  /// - Throws: `.badData` if shapes do not fit or a number cannot be used.
  public init(
    mean: Tensor, standardDeviation: Tensor, fitting: ImageFitting, reversesChannels: Bool = false
  ) throws(DatasetFailure) {
    let (height, width) = (fitting.height, fitting.width)
    guard mean.shape == [3] || mean.shape == [3, height, width] else {
      throw DatasetFailure(
        .badData,
        "normalization.mean has the shape \(mean.shape); expected [3] or "
          + "[3, \(height), \(width)]; it belongs to images of another size")
    }
    let deviations = standardDeviation.elements
    guard standardDeviation.shape == [3], mean.isFinite,
      deviations.allSatisfy({ $0.isFinite && $0 > 0 })
    else {
      throw DatasetFailure(
        .badData,
        "normalization.std must hold three positive numbers and normalization.mean finite "
          + "ones, found \(standardDeviation.shape) with \(deviations.prefix(3))")
    }
    self.mean = mean
    self.standardDeviation = standardDeviation
    (self.fitting, self.reversesChannels) = (fitting, reversesChannels)
    let plane = height * width
    scales = deviations.map { Float(1 / (255 * Double($0))) }
    let means = mean.elements
    let perChannel = means.count / 3
    offsets = (0..<(3 * plane)).map { index in
      let channel = index / plane
      let value = perChannel == 1 ? means[channel] : means[index]
      return Float(Double(value) / Double(deviations[channel]))
    }
  }

  /// Measures a split, exactly: sums are integers and means are divided in Float64.
  ///
  /// The standard deviation of a channel is that of the differences that remain after the mean
  /// is subtracted, over all images and pixels (divided by their number). A channel that never
  /// varies is divided by 1.
  /// - Parameters:
  ///   - dataset: The images.
  ///   - split: The split that is measured, which must not be empty.
  ///   - kind: What is subtracted.
  ///   - threads: How many threads read.
  /// - Throws: `DatasetFailure` if an image cannot be read.
  public init(
    measuring dataset: some ImageDataset, split: Split = .train, kind: Kind = .meanImage,
    threads: Int = 2
  ) throws(DatasetFailure) {
    guard dataset.count(of: split) > 0 else {
      throw DatasetFailure(
        .badData, "the \(split.rawValue) split of \(dataset.name) is empty, so it has no mean image"
      )
    }
    let statistics = try Self.statistics(of: dataset, split, threads)
    let plane = dataset.height * dataset.width
    let count = Double(statistics.count)
    var mean = [Float](repeating: 0, count: kind == .meanImage ? 3 * plane : 3)
    var deviation = [Float](repeating: 1, count: 3)
    for channel in 0..<3 {
      let sums = (0..<plane).map { statistics.sums[3 * $0 + channel] }
      let total = sums.reduce(0, +)
      // Variance times the square of a count, exact: n sum(x^2) - sum(x)^2, over pixels or once.
      let numerator: UInt128
      let denominator: Double
      switch kind {
      case .meanImage:
        for (pixel, sum) in sums.enumerated() {
          mean[channel * plane + pixel] = Float(Double(sum) / count / 255)
        }
        let explained = sums.reduce(UInt128(0)) { $0 + UInt128($1) * UInt128($1) }
        numerator = UInt128(statistics.count) * UInt128(statistics.squares[channel]) - explained
        denominator = count * count * Double(plane)
      case .channelMean:
        let values = statistics.count * UInt64(plane)
        mean[channel] = Float(Double(total) / Double(values) / 255)
        numerator =
          UInt128(values) * UInt128(statistics.squares[channel]) - UInt128(total) * UInt128(total)
        denominator = Double(values) * Double(values)
      }
      if numerator > 0 {
        deviation[channel] = Float((Double(numerator) / denominator).squareRoot() / 255)
      }
    }
    let shape = kind == .meanImage ? [3, dataset.height, dataset.width] : [3]
    try self.init(
      mean: Tensor(shape: shape, mean), standardDeviation: Tensor(shape: [3], deviation),
      height: dataset.height, width: dataset.width)
  }

  /// Normalises an image.
  /// - Parameters:
  ///   - pixels: `H * W * 3` bytes, row by row, each pixel red, green, blue.
  ///   - output: Receives `C * H * W` numbers, one channel after the other.
  public func apply(
    _ pixels: UnsafeBufferPointer<UInt8>, into output: UnsafeMutableBufferPointer<Float>
  ) {
    let plane = height * width
    precondition(pixels.count == 3 * plane && output.count == 3 * plane, "images of another size")
    offsets.withUnsafeBufferPointer { offsets in
      for channel in 0..<3 {
        let scale = scales[channel]
        let first = channel * plane
        let source = reversesChannels ? 2 - channel : channel
        // Indices that cannot overflow: checking them would keep the loop from being vectorised.
        for pixel in 0..<plane {
          let byte = pixels[3 &* pixel &+ source]
          output[first &+ pixel] = Float(byte) * scale - offsets[first &+ pixel]
        }
      }
    }
  }

  private static func statistics(
    of dataset: some ImageDataset, _ split: Split, _ threads: Int
  ) throws(DatasetFailure) -> PixelStatistics {
    let count = dataset.count(of: split)
    let parts = max(1, min(threads, count))
    let results = Monitor([Result<PixelStatistics, DatasetFailure>?](repeating: nil, count: parts))
    BackgroundThread.run(parts) { part in
      let range = (count * part / parts)..<(count * (part + 1) / parts)
      let result = Result { () throws(DatasetFailure) in
        try PixelStatistics(dataset, split, range)
      }
      results.change { $0[part] = result }
    }
    var sum = PixelStatistics(bytesPerImage: dataset.bytesPerImage)
    for result in results.change({ $0 }) {
      if let result { sum.add(try result.get()) }
    }
    return sum
  }
}
