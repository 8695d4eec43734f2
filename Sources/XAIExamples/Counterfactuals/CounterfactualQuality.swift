public import XAIRepresentations
public import XAITensor

/// What is reported of a picture that is an answer, beside whether it is one.
public enum CounterfactualQuality {
  /// How far a picture is from the fact.
  public struct Proximity: Sendable, Equatable {
    /// The sum of differences, in bytes.
    public let sum: Int
    /// The root of the sum of their squares.
    public let length: Double
    /// The largest one.
    public let largest: Int
    /// The share of pixels with an entry that differs.
    public let share: Double
    /// The share of the change's energy above a quarter of the sampling frequency; nil where nothing changed but a
    /// constant.
    public let fineGrain: Double?
  }

  /// Measures the change.
  /// - Parameters:
  ///   - fact: One picture.
  ///   - answer: Another one of its size.
  /// - Returns: The distances.
  /// - Throws: `ExampleFailure` where they are of different sizes.
  public static func proximity(
    _ fact: PixelImages, _ answer: PixelImages
  ) throws(ExampleFailure) -> Proximity {
    guard fact.bytes.count == answer.bytes.count, fact.width == answer.width, fact.count == 1 else {
      throw ExampleFailure(
        .shape(
          of: "the answer", found: [answer.count, answer.height, answer.width],
          expected: "[1, \(fact.height), \(fact.width)]"))
    }
    let differences = zip(fact.bytes, answer.bytes).map { Int($1) - Int($0) }
    let channels = fact.channels
    let pixels = differences.count / channels
    let changed = (0..<pixels).count { pixel in
      (0..<channels).contains { differences[pixel * channels + $0] != 0 }
    }
    let planes = (0..<channels).flatMap { channel in
      (0..<pixels).map { Double(differences[$0 * channels + channel]) }
    }
    return Proximity(
      sum: differences.reduce(0) { $0 + abs($1) },
      length: differences.reduce(0.0) { $0 + Double($1 * $1) }.squareRoot(),
      largest: differences.map(abs).max() ?? 0, share: Double(changed) / Double(pixels),
      fineGrain: SpectralEnergy.share(of: planes, shape: [channels, fact.height, fact.width]))
  }

  /// In how many copies with noise of at most one byte an answer keeps its class.
  /// - Parameters:
  ///   - picture: One picture.
  ///   - target: The class.
  ///   - copies: How many; 32 of the semantics.
  ///   - normalization: How images are made of bytes.
  ///   - seed: Where noise comes from.
  ///   - reader: The network.
  /// - Returns: From 0 to the number of copies.
  /// - Throws: Where a kernel fails.
  public static func stability(
    _ picture: PixelImages, _ target: Int, copies: Int = 32, _ normalization: PixelNormalization,
    seed: UInt64 = 0, on reader: ClassReader
  ) throws -> Int {
    try (0..<copies).count { copy in
      var stream = RandomStream(seed: seed, purpose: "counterfactuals/noise", copy)
      let noisy = picture.bytes.map { byte in
        UInt8(min(max(Int(byte) + stream.integer(below: 3) - 1, 0), 255))
      }
      let images = try PixelImages(
        shape: [1, picture.height, picture.width, picture.channels], noisy)
      return try reader.logits(of: images.normalized(by: normalization)).logits(0).indexOfLargest
        == target
    }
  }

  /// Where the mean distance to the nearest training images lies among those of test images, in percent.
  ///
  /// Above 99 the answer is off the data.
  /// - Parameters:
  ///   - features: `[1, ...]` of the answer.
  ///   - training: Features of training images.
  ///   - tests: Features of test images.
  ///   - count: k; 10 of the semantics.
  /// - Returns: The share of test images that are nearer, from 0 to 100; nil where there are none.
  /// - Throws: `ExampleFailure` where rows have other lengths.
  public static func plausibility(
    _ features: Tensor, among training: Tensor, tests: Tensor, count: Int = 10
  ) throws(ExampleFailure) -> Double? {
    let own = try neighborDistances(features, among: training, count: count)
    let others = try neighborDistances(tests, among: training, count: count)
    guard let own = own.first, !others.isEmpty else { return nil }
    return 100 * Double(others.count { $0 < own }) / Double(others.count)
  }

  /// The mean distance of images to their nearest training images.
  /// - Parameters:
  ///   - features: `[m, ...]`.
  ///   - training: Features of training images.
  ///   - count: k; 10 of the semantics.
  /// - Returns: One for each image.
  /// - Throws: `ExampleFailure` where rows have other lengths.
  public static func neighborDistances(
    _ features: Tensor, among training: Tensor, count: Int = 10
  ) throws(ExampleFailure) -> [Double] {
    let found = try FeatureNeighbors(of: features, among: training, .euclidean, count: count)
    return zip(found.neighbors, found.distances).map { neighbors, distances in
      neighbors.reduce(0.0) { $0 + distances[$1] } / Double(max(neighbors.count, 1))
    }
  }
}
