import XAITensor

/// Random lines: which baseline each sample starts from, and where on its line it lies.
struct PathDraws {
  let request: AttributionRequest
  let baselines: Baselines
  /// Names the random streams.
  let purpose: String
  /// For each sample and image `[S, N]`, which baseline; drawn with replacement where not given.
  let index: TensorReference?
  /// For each sample and image `[S, N]`, the position from 0 to 1; drawn uniformly where not given.
  let position: TensorReference?
  /// Standard-normal `[S, N, C, H, W]`; drawn where not given.
  var noise: Tensor?

  /// All points of the first image, then all of the second, ...
  /// - Parameter samples: Lines for each image, where nothing that is given says how many.
  /// - Returns: As many points.
  /// - Throws: Where what is given fits neither the images nor each other.
  func points(_ samples: Int) throws -> [PathPoint] {
    let given = (index: try givenIndex(), position: try givenPosition())
    let samples = try count(samples, given.index, given.position)
    return (0..<request.count).flatMap { image in
      (0..<samples).map { sample in
        var stream = RandomStream(
          seed: request.seed, purpose: "\(purpose)/line", request.keys[image], sample)
        let place = sample * request.count + image
        let drawn = (stream.integer(below: baselines.count), stream.uniform())
        return PathPoint(
          image: image, baseline: given.index?[place] ?? drawn.0,
          position: given.position?[place] ?? drawn.1, weight: 1 / Double(samples)
        ) { noise(place, sample, image) }
      }
    }
  }

  /// The number of lines for each image.
  /// - Parameter samples: The number where nothing that is given says it.
  /// - Returns: That, or what is given.
  /// - Throws: As `points`.
  func count(_ samples: Int) throws -> Int {
    try count(samples, try givenIndex(), try givenPosition())
  }

  private func count(
    _ samples: Int, _ index: [Int]?, _ position: [Double]?
  ) throws(AttributionFailure) -> Int {
    let counts = Set(
      [index?.count, position?.count].compactMap { $0.map { $0 / request.count } }
        + [noise?.rows].compactMap(\.self))
    let noiseFits = noise.map { $0.shape.dropFirst() == request.images.shape[...] } ?? true
    guard counts.count <= 1, noiseFits else {
      throw AttributionFailure(
        .usage,
        "baselines, positions and noise of \(purpose) are given for different samples or images; "
          + "they must be [S, \(request.count)] and [S] followed by \(request.images.shape)")
    }
    let samples = counts.first ?? samples
    guard 1...mostSamples ~= samples else {
      throw AttributionFailure(
        .usage,
        "\(purpose) cannot average \(samples) samples; ask for at least 1 and at most \(mostSamples)"
      )
    }
    return samples
  }

  private func noise(_ place: Int, _ sample: Int, _ image: Int) -> Tensor {
    let shape = [1] + request.images.shape.dropFirst()
    if let noise {
      return noise.reshaped(to: [noise.rows * request.count] + shape.dropFirst()).row(place)
    }
    var stream = RandomStream(
      seed: request.seed, purpose: "\(purpose)/noise", request.keys[image], sample)
    return stream.normal(shape: shape)
  }

  private func givenIndex() throws -> [Int]? {
    guard let index else { return nil }
    let (values, shape) = try index.integers()
    try check(shape, of: index)
    guard values.allSatisfy({ 0..<baselines.count ~= $0 }) else {
      throw AttributionFailure(
        .badData,
        "\(index.path):\(index.name) names baselines outside of 0..<\(baselines.count)")
    }
    return values
  }

  private func givenPosition() throws -> [Double]? {
    guard let position else { return nil }
    let tensor = try position.tensor()
    try check(tensor.shape, of: position)
    guard tensor.elements.allSatisfy({ 0...1 ~= $0 }) else {
      throw AttributionFailure(
        .badData, "\(position.path):\(position.name) has positions outside of 0...1")
    }
    return tensor.elements.map(Double.init)
  }

  private func check(
    _ shape: [Int], of reference: TensorReference
  ) throws(AttributionFailure) {
    guard shape.count == 2, shape[0] > 0, shape[1] == request.count else {
      throw AttributionFailure(
        .usage,
        "\(reference.path):\(reference.name) has the shape \(shape); \(purpose) needs "
          + "[samples, \(request.count)]")
    }
  }
}
