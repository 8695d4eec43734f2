public import XAINetworks
package import XAITensor

/// The mean of random masks, each weighted with the score of the image under it.
///
/// Source: Petsiuk et al. 2018, RISE, equation 6: `sum_m f(x * m) m / (p * masks)`. A mask is a grid of
/// `cells` x `cells` zeros and ones, present with probability p, enlarged bilinearly by whole cells and
/// shifted by less than one cell (section 3.2).
public struct RISE: AttributionMethod {
  /// How many masks.
  public var masks: Int
  /// Rows and columns of cells.
  public var cells: Int
  /// p, the probability of a cell.
  public var probability: Double
  /// What is read at the output.
  public var score: TargetScore
  /// Masks `[masks, H, W]` in [0, 1] to use instead of drawn ones.
  public var explicitMasks: TensorReference?

  /// Mean probabilities: amounts.
  public var meaning: MapMeaning { .magnitude }

  /// Describes the method.
  /// - Parameters:
  ///   - masks: How many masks.
  ///   - cells: Rows and columns of cells.
  ///   - probability: The probability of a cell.
  ///   - score: What is read at the output.
  ///   - explicitMasks: Masks to use instead of drawn ones.
  public init(
    masks: Int = 4000, cells: Int = 7, probability: Double = 0.5,
    score: TargetScore = .probability, explicitMasks: TensorReference? = nil
  ) {
    (self.masks, self.cells, self.probability) = (masks, cells, probability)
    (self.score, self.explicitMasks) = (score, explicitMasks)
  }

  /// Masks are drawn.
  public var isStochastic: Bool { explicitMasks == nil }

  /// A probability that never changes.
  public func obstacle(on network: Network) -> String? { score.obstacle(on: network) }

  /// As many masks as a file has.
  public func prepared(for request: AttributionRequest, on network: Network) throws -> Self {
    try request.validate(for: network)
    let (height, width) = (request.images.shape[2], request.images.shape[3])
    try requireMasks(height, width)
    var prepared = self
    if let explicitMasks {
      prepared.masks = try Self.masks(explicitMasks, height, width).rows
    }
    return prepared
  }

  private func requireMasks(_ height: Int, _ width: Int) throws(AttributionFailure) {
    guard 1...mostSamples ~= masks, 1...min(height, width) ~= cells, probability > 0,
      probability <= 1
    else {
      throw AttributionFailure(
        .usage,
        "rise cannot draw \(masks) masks of \(cells) cells with probability "
          + "\(probability) for \(height) x \(width) pixels; use 1 to \(min(height, width)) cells "
          + "and a probability in (0, 1], and at most \(mostSamples) masks")
    }
  }

  /// A forward walk for each mask.
  public func cost(of request: AttributionRequest, on network: Network) -> AttributionCost {
    AttributionCost(walks: Double(request.count) * Double(masks))
  }

  /// Computes maps `[N, 1, H, W]`.
  public func attribute(
    _ request: AttributionRequest, on network: ExplainedNetwork, in context: AttributionContext
  ) throws -> Attribution {
    try request.validate(for: network)
    let (height, width) = (request.images.shape[2], request.images.shape[3])
    try requireMasks(height, width)
    let given = try explicitMasks.map { try Self.masks($0, height, width) }
    let form = network.merged()
    let maps = try (0..<request.count).map { image in
      try map(of: image, in: request, given: given, on: form, context)
    }
    return Attribution(maps: Tensor(stacking: maps))
  }

  private static func masks(_ reference: TensorReference, _ height: Int, _ width: Int) throws
    -> Tensor
  {
    let masks = try reference.tensor()
    guard masks.shape.count == 3, masks.rows > 0, masks.shape[1...] == [height, width] else {
      throw AttributionFailure(
        .usage,
        "the masks \(reference.name) in \(reference.path) have the shape \(masks.shape), "
          + "expected [masks, \(height), \(width)] as the images")
    }
    return masks
  }

  private func map(
    of image: Int, in request: AttributionRequest, given: Tensor?, on form: NetworkForm,
    _ context: AttributionContext
  ) throws -> Tensor {
    let (height, width) = (request.images.shape[2], request.images.shape[3])
    let (plane, count) = (height * width, given?.rows ?? masks)
    func mask(_ index: Int) -> Tensor {
      if let given { return given.row(index) }
      var stream = RandomStream(
        seed: request.seed, purpose: "rise/mask", request.keys[image], index)
      return drawnMask(height, width, from: &stream)
    }
    let original = request.images.row(image)
    let scores = try form.scores(score, of: request.targets[image], count: count, in: context) {
      index, pixels in
      mask(index).withUnsafeElements { mask in
        original.withUnsafeElements { source in
          for element in source.indices {
            pixels[element] = source[element] * mask[element % plane]
          }
        }
      }
    }
    var sums = Array(repeating: 0.0, count: plane)
    for (index, score) in scores.enumerated() {
      mask(index).withUnsafeElements { mask in
        for pixel in 0..<plane { sums[pixel] += score * Double(mask[pixel]) }
      }
    }
    let scale = 1 / (probability * Double(count))
    return Tensor(shape: [1, 1, height, width], sums.map { Float($0 * scale) })
  }

  /// One mask.
  /// - Parameters:
  ///   - height: H.
  ///   - width: W.
  ///   - stream: Decides which cells are present, and the shift.
  /// - Returns: `[1, H, W]`.
  package func drawnMask(_ height: Int, _ width: Int, from stream: inout RandomStream) -> Tensor {
    let grid = (0..<cells * cells).map { _ in stream.uniform() < probability ? Float(1) : 0 }
    // One cell more than the image needs, so that every shift below a cell has pixels.
    let (rows, columns) = ((height + cells - 1) / cells, (width + cells - 1) / cells)
    let (down, right) = (stream.integer(below: rows), stream.integer(below: columns))
    let vertical = (0..<height).map { Interpolation($0 + down, side: (cells + 1) * rows, cells) }
    let horizontal = (0..<width).map {
      Interpolation($0 + right, side: (cells + 1) * columns, cells)
    }
    return Tensor(shape: [1, height, width]) { mask in
      for (row, y) in vertical.enumerated() {
        for (column, x) in horizontal.enumerated() {
          let upper = x.between(grid[y.first * cells + x.first], grid[y.first * cells + x.second])
          let lower = x.between(grid[y.second * cells + x.first], grid[y.second * cells + x.second])
          mask[row * width + column] = y.between(upper, lower)
        }
      }
    }
  }
}

/// Where a pixel of an enlarged row of cells lies, with centres aligned and the ends repeated.
private struct Interpolation {
  let first: Int
  let second: Int
  private let share: Float

  init(_ position: Int, side: Int, _ cells: Int) {
    let place = (Double(position) + 0.5) * Double(cells) / Double(side) - 0.5
    let inside = min(max(place, 0), Double(cells - 1))
    first = Int(inside)
    second = min(first + 1, cells - 1)
    share = Float(inside - Double(first))
  }

  func between(_ left: Float, _ right: Float) -> Float { left + (right - left) * share }
}
