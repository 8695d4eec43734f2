import XAITensor

/// The noisy copies of a request's images: all of the first image, then all of the second, ...
struct NoisyCopies {
  private let original: AttributionRequest
  /// The number of copies of each image.
  let samples: Int
  private let deviation: Double

  /// The number of copies of all images together.
  var count: Int { original.count * samples }

  init(
    of request: AttributionRequest, samples: Int, deviation: Double
  ) throws(AttributionFailure) {
    guard request.noise != nil || 1...mostSamples ~= samples else {
      throw AttributionFailure(
        .usage,
        "\(samples) noisy copies of an image cannot be explained; ask for at least 1 and at most "
          + "\(mostSamples)")
    }
    try Self.requirePossible(deviation, of: "the noise")
    original = request
    self.samples = request.noise?.rows ?? samples
    self.deviation = deviation
  }

  /// Refuses a standard deviation that is none, or one so large that Float32 overflows.
  static func requirePossible(
    _ deviation: Double, of noise: String
  ) throws(AttributionFailure) {
    guard 0...1e30 ~= deviation else {
      throw AttributionFailure(
        .usage, "the standard deviation of \(noise) is \(deviation); it must be from 0 to 1e30")
    }
  }

  /// Copies that are explained at a time, so that they and their maps fit into the memory.
  func chunk(in context: AttributionContext) -> Int {
    let bytes = MemoryLayout<Float>.stride * original.images.rowCount
    return max(1, min(64, context.memory / (4 * bytes)))
  }

  /// The position of the image that a copy is of.
  func image(of pair: Int) -> Int { pair / samples }

  func isLastOfItsImage(_ pair: Int) -> Bool { (pair + 1) % samples == 0 }

  /// The request for some of the copies.
  ///
  /// Each has a key of its own, so that a method that draws draws other numbers for every sample.
  func request(_ pairs: Range<Int>) -> AttributionRequest {
    let images = pairs.map { $0 / samples }
    return AttributionRequest(
      images: Tensor(stacking: pairs.map(copy)),
      // Superpixels are those of the picture, not of its noise.
      pixels: original.pixels?.rows(at: images), targets: images.map { original.targets[$0] },
      baselines: original.baselines?.rows(at: images), seed: original.seed,
      keys: pairs.map { pair in
        let name = RandomStream(
          seed: 0, purpose: "noise-tunnel/key", original.keys[pair / samples], pair % samples)
        return Int(truncatingIfNeeded: name.key)
      }, bounds: original.bounds)
  }

  private func copy(_ pair: Int) -> Tensor {
    let (image, sample) = (pair / samples, pair % samples)
    var copy = original.images.row(image)
    let scale = Float(deviation)
    let start = original.noise == nil ? 0 : (sample * original.count + image) * copy.count
    var stream = RandomStream(
      seed: original.seed, purpose: "noise-tunnel", original.keys[image], sample)
    let noise = original.noise ?? stream.normal(shape: copy.shape)
    noise.withUnsafeElements { noise in
      copy.withUnsafeMutableElements { elements in
        for index in elements.indices { elements[index] += scale * noise[start + index] }
      }
    }
    return copy
  }
}

extension Baselines {
  /// The baselines of images in any order and number.
  fileprivate func rows(at images: [Int]) -> Baselines {
    kind == .shared ? self : .perImage(values.rows(at: images))
  }
}

/// Sums up the maps of an image's samples, in Double and in their order.
struct SampleSummary {
  private let kind: NoiseSummary
  private var shape: [Int] = []
  private var count = 0.0
  /// The sum of the maps or of their squares; for the variance their running mean.
  private var first: [Double] = []
  /// For the variance, the sum of squares around the mean.
  private var second: [Double] = []

  init(_ kind: NoiseSummary) { self.kind = kind }

  mutating func add(_ map: Tensor) throws(AttributionFailure) {
    if shape.isEmpty {
      shape = map.shape
      first = Array(repeating: 0, count: map.count)
      second = Array(repeating: 0, count: kind == .varGrad ? map.count : 0)
    }
    guard map.shape == shape else {
      throw AttributionFailure(
        .software,
        "The method gives maps of the shapes \(shape) and \(map.shape) for copies of one image, so they "
          + "have no mean")
    }
    count += 1
    map.withUnsafeElements { map in
      switch kind {
      case .smoothGrad: for index in map.indices { first[index] += Double(map[index]) }
      case .smoothGradSquared:
        for index in map.indices { first[index] += Double(map[index]) * Double(map[index]) }
      case .varGrad:
        for index in map.indices {
          let difference = Double(map[index]) - first[index]
          first[index] += difference / count
          second[index] += difference * (Double(map[index]) - first[index])
        }
      }
    }
  }

  /// The summary of the maps so far.
  var result: Tensor {
    let sums = kind == .varGrad ? second : first
    return Tensor(shape: shape, sums.map { Float($0 / count) })
  }
}
