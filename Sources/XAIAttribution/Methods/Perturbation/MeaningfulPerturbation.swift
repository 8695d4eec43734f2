import XAIKernels
public import XAINetworks
import XAITensor
#if canImport(Glibc)
  import Glibc
#endif

/// The smallest and smoothest mask that, blurred away, lowers the probability of the class.
///
/// Source: Fong and Vedaldi 2017, Interpretable Explanations of Black Boxes by Meaningful Perturbation.
///
///     min over m   p(x M + x0 (1 - M)) + l1 mean|1 - m| + l2 (mean|dm/dy|^3 + mean|dm/dx|^3)
///
/// m is a coarse grid, M the grid enlarged bilinearly, x0 the baseline; Adam, values within 0 and 1. Relevance is
/// 1 - M.
///
/// - Note: Deviation: the authors' norms are sums, of 28 x 28 values, with jitter and a blurred mask; these are means,
///   so that a weight means the same on every grid. The mask starts at a disc, the smallest of ten that lowers p to
///   1 % of the way. There is no noise, so that a mask may be an adversarial pattern: a note says what is left of p
///   where the mask is rounded, and where it is shifted.
public struct MeaningfulPerturbation: AttributionMethod {
  /// Pixels of a value of the grid, each way.
  public var cell: Int
  /// Steps of Adam.
  public var steps: Int
  /// Their size.
  public var rate: Double
  /// l1: what a hidden part costs.
  public var sparsity: Double
  /// l2: what an edge costs.
  public var smoothness: Double
  /// The power of an edge that costs.
  public var exponent: Double

  /// Describes the method.
  /// - Parameters:
  ///   - cell: Pixels of a value of the grid, each way: 16 x 16 values for 64 x 64 pixels.
  ///   - steps: Steps of Adam.
  ///   - rate: Their size.
  ///   - sparsity: What a hidden part costs.
  ///   - smoothness: What an edge costs.
  ///   - exponent: The power of an edge that costs.
  public init(
    cell: Int = 4, steps: Int = 300, rate: Double = 0.1, sparsity: Double = 0.05,
    smoothness: Double = 0.2, exponent: Double = 3
  ) {
    (self.cell, self.steps, self.rate) = (cell, steps, rate)
    (self.sparsity, self.smoothness, self.exponent) = (sparsity, smoothness, exponent)
  }

  /// What is hidden shows one baseline for each image.
  public var baselineNeed: BaselineNeed { .one }
  /// How much is hidden: amounts.
  public var meaning: MapMeaning { .magnitude }
  /// A probability that never changes.
  public func obstacle(on network: Network) -> String? {
    network.architecture.classes == 1
      ? "Meaningful perturbation lowers the probability of the class, which is always 1 in a network of one "
        + "class." : nil
  }

  /// Numbers must be possible.
  public func prepared(for request: AttributionRequest, on network: Network) throws -> Self {
    try request.validate(for: network)
    if let obstacle = obstacle(on: network) { throw AttributionFailure(.usage, obstacle) }
    _ = try request.fittingBaselines(for: "meaningful perturbation", .one)
    guard 1...4096 ~= cell, 1...mostSamples ~= steps, rate > 0, rate <= 1e6,
      0...1e6 ~= sparsity, 0...1e6 ~= smoothness, 1...100 ~= exponent
    else {
      throw AttributionFailure(
        .usage,
        "meaningful perturbation cannot work with cells of \(cell) pixels, \(steps) steps of \(rate), and "
          + "weights \(sparsity) and \(smoothness) of power \(exponent); use positive numbers, and at most a million"
      )
    }
    return self
  }

  /// A forward and a backward pass for each step, and those of the start and the notes.
  public func cost(of request: AttributionRequest, on network: Network) -> AttributionCost {
    AttributionCost(walks: Double(request.count) * (2 * Double(steps) + Double(Self.discs) + 4))
  }

  /// Computes maps `[N, 1, H, W]`.
  public func attribute(
    _ request: AttributionRequest, on network: ExplainedNetwork, in context: AttributionContext
  ) throws -> Attribution {
    try request.validate(for: network)
    _ = try prepared(for: request, on: network.network)
    let baselines = try request.fittingBaselines(for: "meaningful perturbation", .one)
    var (maps, notes) = ([Tensor](), [Attribution.Note]())
    for image in 0..<request.count {
      let game = MaskGame(
        image: request.images.row(image), absent: baselines.of(image),
        target: request.targets[image], network, context)
      let (height, width) = request.extent
      let size = [max(1, (height + cell - 1) / cell), max(1, (width + cell - 1) / cell)]
      var mask = try start(game, size)
      try run(&mask, size, steps: steps, on: game)
      let enlarged = Upsampling.bilinear.enlarged(mask, size, to: [height, width])
      maps.append(Tensor(shape: [1, 1, height, width], enlarged.map { Float(1 - $0) }))
      notes.append(
        Attribution.Note(try remark(enlarged, height: height, width: width, game), image: image))
    }
    return Attribution(maps: Tensor(stacking: maps), notes: notes)
  }

  private static let discs = 10

  /// A disc of hidden values, the smallest that lowers p to 1 % of the way.
  private func start(_ game: MaskGame, _ size: [Int]) throws -> [Double] {
    let ends = try game.probabilities(of: [
      Array(repeating: 1, count: game.plane), Array(repeating: 0, count: game.plane),
    ])
    let center = (Double(size[0] - 1) / 2, Double(size[1] - 1) / 2)
    // Measured in shares of the image, so that a disc of a long image is long.
    let distances = (0..<size[0] * size[1]).map { index in
      let y = (Double(index / size[1]) - center.0) / Double(size[0])
      let x = (Double(index % size[1]) - center.1) / Double(size[1])
      return y * y + x * x
    }
    let order = distances.indices.sorted { (distances[$0], $0) < (distances[$1], $1) }
    let masks = (0..<Self.discs).map { disc in
      let area = 0.05 + 0.95 * Double(disc) / Double(Self.discs - 1)
      var mask = Array(repeating: 1.0, count: order.count)
      for index in order.prefix(Int((area * Double(order.count)).rounded(.up))) { mask[index] = 0 }
      return mask
    }
    let extent = game.extent
    let scores = try game.probabilities(
      of: masks.map { Upsampling.bilinear.enlarged($0, size, to: extent) })
    let enough = scores.firstIndex { $0 <= ends[1] + 0.01 * (ends[0] - ends[1]) }
    return masks[enough ?? Self.discs - 1]
  }

  /// Optimizes a mask.
  /// - Parameters:
  ///   - mask: `[h, w]`, changed in place.
  ///   - size: h and w.
  ///   - steps: How many.
  ///   - game: The image and the network.
  /// - Returns: The loss before every step.
  /// - Throws: `KernelFailure` or `AttributionStopped`.
  @discardableResult
  package func run(
    _ mask: inout [Double], _ size: [Int], steps: Int, on game: MaskGame
  ) throws -> [Double] {
    var moments = (
      first: Array(repeating: 0.0, count: mask.count),
      second: Array(repeating: 0.0, count: mask.count)
    )
    var losses: [Double] = []
    for step in 1...max(steps, 1) {
      let enlarged = Upsampling.bilinear.enlarged(mask, size, to: game.extent)
      let (score, byPixel) = try game.probabilityAndGradient(enlarged)
      var gradient = Upsampling.bilinear.gathered(byPixel, of: game.extent, to: size)
      let price = addPrice(of: mask, size, to: &gradient)
      losses.append(score + price)
      let corrections = (1 - pow(0.9, Double(step)), 1 - pow(0.999, Double(step)))
      for index in mask.indices {
        moments.first[index] = 0.9 * moments.first[index] + 0.1 * gradient[index]
        moments.second[index] =
          0.999 * moments.second[index] + 0.001 * gradient[index] * gradient[index]
        let root = (moments.second[index] / corrections.1).squareRoot() + 1e-8
        mask[index] -= rate * (moments.first[index] / corrections.0) / root
        mask[index] = min(max(mask[index], 0), 1)
      }
    }
    return losses
  }

  /// What hidden values and edges cost; their derivatives are added.
  private func addPrice(
    of mask: [Double], _ size: [Int], to gradient: inout [Double]
  ) -> Double {
    var price = 0.0
    let count = Double(mask.count)
    for index in mask.indices {
      price += sparsity * abs(1 - mask[index]) / count
      if mask[index] != 1 { gradient[index] += (mask[index] < 1 ? -1 : 1) * sparsity / count }
    }
    for (step, pairs) in [(size[1], (size[0] - 1) * size[1]), (1, size[0] * (size[1] - 1))]
    where pairs > 0 {
      for index in mask.indices {
        let isLast = step == 1 ? index % size[1] == size[1] - 1 : index / size[1] == size[0] - 1
        guard !isLast else { continue }
        let difference = mask[index + step] - mask[index]
        let power = pow(abs(difference), exponent - 1)
        price += smoothness * power * abs(difference) / Double(pairs)
        let slope =
          difference == 0
          ? 0
          : exponent * smoothness * power * (difference < 0 ? -1 : 1) / Double(pairs)
        gradient[index + step] += slope
        gradient[index] -= slope
      }
    }
    return price
  }

  /// What is left of p where the mask is rounded, and where it is shifted by 2 pixels.
  private func remark(
    _ mask: [Double], height: Int, width: Int, _ game: MaskGame
  ) throws -> String {
    let shifted = mask.indices.map { index -> Double in
      mask[max(0, index / width - 2) * width + max(0, index % width - 2)]
    }
    let scores = try game.probabilities(of: [
      Array(repeating: 1, count: mask.count), mask, mask.map { $0 < 0.5 ? 0 : 1 }, shifted,
    ]).map { Float(($0 * 1000).rounded() / 1000) }
    return
      "the mask lowers the probability from \(scores[0]) to \(scores[1]); rounded to 0 and 1 it leaves "
      + "\(scores[2]), shifted by 2 pixels \(scores[3])"
  }
}
