public import XAITensor

/// The random choices of an evaluation, each from a stream of its own name.
///
/// **No stream knows the method**: all methods meet the same noise, so that differences between them are
/// paired. Streams depend on the seed, their purpose and the image's key, so that results depend on neither
/// order nor batch nor threads.
/// - Note: Deviation: Captum has no seed; Quantus and Xplique draw again for every method.
public struct EvaluationDraws: Sendable {
  /// Decides every choice.
  public var seed: UInt64

  /// Prepares the draws of a run.
  /// - Parameter seed: Decides every choice.
  public init(seed: UInt64 = 0) { self.seed = seed }

  /// The tie rank of each pixel of an image.
  /// - Parameters:
  ///   - pixels: The number of pixels.
  ///   - image: The image's key.
  /// - Returns: A permutation.
  public func ties(pixels: Int, image: Int) -> [Int] {
    permutation(of: pixels, RandomStream(seed: seed, purpose: "evaluation/ties", image))
  }

  /// A random order of pixels or parts: the control `random`, and the orders of a percentile.
  /// - Parameters:
  ///   - count: How many pixels or parts.
  ///   - image: The image's key.
  ///   - index: Which order.
  /// - Returns: A permutation.
  public func randomOrder(of count: Int, image: Int, _ index: Int) -> [Int] {
    permutation(
      of: count, RandomStream(seed: seed, purpose: "evaluation/random-order", image, index))
  }

  /// A random subset of the pixels of an image.
  /// - Parameters:
  ///   - share: The share of the pixels, rounded to the nearest number of at least 1.
  ///   - pixels: The number of pixels.
  ///   - image: The image's key.
  ///   - level: Which of the shares.
  ///   - sample: Which subset.
  /// - Returns: The subset.
  public func subset(
    share: Double, pixels: Int, image: Int, level: Int, sample: Int
  ) -> PixelMask {
    let order = permutation(
      of: pixels, RandomStream(seed: seed, purpose: "evaluation/subset", image, level, sample))
    let size = min(pixels, max(1, Int((share * Double(pixels)).rounded())))
    return PixelMask(order.prefix(size), count: pixels)
  }

  /// A random square inside of an image.
  /// - Parameters:
  ///   - sides: The sides it may have; the page's default is H/16 to H/4.
  ///   - height: Rows of the image.
  ///   - width: Columns of the image.
  ///   - image: The image's key.
  ///   - sample: Which square.
  /// - Returns: The square.
  public func square(
    sides: ClosedRange<Int>, height: Int, width: Int, image: Int, sample: Int
  ) -> RemovedSquare {
    var stream = RandomStream(seed: seed, purpose: "evaluation/square", image, sample)
    let drawn = sides.lowerBound + stream.integer(below: sides.count)
    let side = min(drawn, height, width)
    let row = stream.integer(below: height - side + 1)
    let column = stream.integer(below: width - side + 1)
    return RemovedSquare(row: row, column: column, side: side)
  }

  /// Normal noise for the infidelity of gradients.
  /// - Parameters:
  ///   - shape: The shape of an image.
  ///   - standardDeviation: 0.2 by default, in normalized units.
  ///   - image: The image's key.
  ///   - sample: Which noise.
  /// - Returns: The noise.
  public func gaussian(
    shape: [Int], standardDeviation: Double = 0.2, image: Int, sample: Int
  ) -> Tensor {
    var stream = RandomStream(seed: seed, purpose: "evaluation/gaussian", image, sample)
    return stream.normal(shape: shape, standardDeviation: standardDeviation)
  }

  /// What is added to an image to make a neighbor: uniform **in pixel units**, divided by the channel's
  /// standard deviation, so that networks of different normalization meet the same disturbance.
  /// - Parameters:
  ///   - shape: `[C, H, W]`.
  ///   - radius: Half the width of the interval; 0.02, five of 255 levels, by default.
  ///   - deviations: The standard deviation that each channel was divided by.
  ///   - image: The image's key.
  ///   - draw: Which neighbor.
  /// - Returns: The disturbance in normalized units.
  public func neighbor(
    shape: [Int], radius: Double = 0.02, deviations: [Double], image: Int, draw: Int
  ) -> Tensor {
    precondition(deviations.count == shape[0], "\(deviations.count) deviations for \(shape)")
    var stream = RandomStream(seed: seed, purpose: "evaluation/neighbour", image, draw)
    let plane = shape[1] * shape[2]
    return Tensor(shape: shape) { target in
      for index in target.indices {
        target[index] = Float(stream.uniform(in: -radius..<radius) / deviations[index / plane])
      }
    }
  }

  /// The field of standard-normal noise that ROAD adds to imputed pixels.
  /// - Parameters:
  ///   - shape: The shape of an image.
  ///   - image: The image's key.
  /// - Returns: The field.
  public func imputationNoise(shape: [Int], image: Int) -> Tensor {
    var stream = RandomStream(seed: seed, purpose: "evaluation/road", image)
    return stream.normal(shape: shape)
  }

  /// The pixels that the information curves show from the start.
  /// - Parameters:
  ///   - share: The share of the pixels; 1 % by default, at least 3 pixels.
  ///   - pixels: The number of pixels.
  ///   - image: The image's key.
  /// - Returns: The set.
  public func shown(share: Double = 0.01, pixels: Int, image: Int) -> PixelMask {
    let order = permutation(
      of: pixels, RandomStream(seed: seed, purpose: "evaluation/pic", image))
    let size = min(pixels, max(3, Int(share * Double(pixels))))
    return PixelMask(order.prefix(size), count: pixels)
  }

  /// Images drawn with replacement, the same for all methods and measures.
  /// - Parameters:
  ///   - images: The number of images.
  ///   - sample: Which sample.
  /// - Returns: As many indices.
  public func resample(images: Int, sample: Int) -> [Int] {
    var stream = RandomStream(seed: seed, purpose: "evaluation/bootstrap", sample)
    return (0..<images).map { _ in stream.integer(below: images) }
  }

  private func permutation(of count: Int, _ stream: RandomStream) -> [Int] {
    var stream = stream
    var order = Array(0..<count)
    stream.shuffle(&order)
    return order
  }
}
