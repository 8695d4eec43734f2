import XAIAttribution
import XAIDatasets
import XAIExamples
import XAIImages
import XAIRepresentations
import XAITensor

/// What a search found: a picture of bytes, valid or the best attempt.
struct FoundCounterfactual {
  var picture: PixelImages
  /// Segments, cells or features that changed; nil of pixels.
  var parts: [Int]?
  var detail = CounterfactualDetail()
  var passes: Int
  var complete = true
  /// What stability is asked of; nil for copies with noise of a byte.
  var copies: [PixelImages]?
  /// Pictures of further answers.
  var others: [RGBImage] = []
}

/// Searches what would have to be different, on the trained network or on another one.
protocol CounterfactualSearch {
  /// Searches.
  /// - Parameters:
  ///   - subject: The position of the image.
  ///   - image: `[1, 3, H, W]`, normalized.
  ///   - goal: The class that is wanted; nil for any other.
  ///   - network: The network.
  /// - Returns: What was found.
  /// - Throws: What reading and kernels throw.
  func search(
    _ subject: Int, _ image: Tensor, goal: Int?, on network: ExplainedNetwork
  ) throws -> FoundCounterfactual

  /// The same search without what is reported besides.
  func brief(
    _ subject: Int, _ image: Tensor, goal: Int?, on network: ExplainedNetwork
  ) throws -> FoundCounterfactual
}

extension CounterfactualSearch {
  func brief(
    _ subject: Int, _ image: Tensor, goal: Int?, on network: ExplainedNetwork
  ) throws -> FoundCounterfactual {
    try search(subject, image, goal: goal, on: network)
  }
}

/// The fewest segments whose removal changes the answer.
struct EvidenceSearchOfImages: CounterfactualSearch {
  let segments: [SegmentMap]
  /// What removed segments show, `[1, 3, H, W]` of each image.
  let absent: [Tensor]
  let normalization: PixelNormalization
  let budget: Int?

  func search(
    _ subject: Int, _ image: Tensor, goal: Int?, on network: ExplainedNetwork
  ) throws -> FoundCounterfactual {
    var rules = EvidenceCounterfactual()
    rules.goal = goal
    if let budget { rules.limit = budget }
    let own = segments[subject]
    let result = try rules.search(
      image, absent: absent[subject], own, on: ClassReader(network))
    // Where nothing changes the class the set that lowers it most is the attempt.
    let removed = result.changed == nil ? result.closest?.segments ?? [] : result.pruned
    let plane = own.labels.count
    let isRemoved = own.labels.map(Set(removed).contains)
    let changed = Tensor(shape: image.shape) { pixels in
      image.withUnsafeElements { shown in
        absent[subject].withUnsafeElements { hidden in
          for index in pixels.indices {
            pixels[index] = isRemoved[index % plane] ? hidden[index] : shown[index]
          }
        }
      }
    }
    var found = FoundCounterfactual(
      picture: try PixelImages(rounding: changed, by: normalization), parts: removed,
      passes: result.asked, complete: result.complete)
    (found.detail.segments, found.detail.removed) = (own.count, removed)
    found.detail.isMinimal = result.changed == nil ? nil : result.isMinimal
    return found
  }
}

/// The nearest picture with another answer.
struct DistanceSearchOfImages: CounterfactualSearch {
  let deviation: [Double]
  let bounds: (low: [Double], high: [Double])
  let normalization: PixelNormalization
  let budget: Int?

  func search(
    _ subject: Int, _ image: Tensor, goal: Int?, on network: ExplainedNetwork
  ) throws -> FoundCounterfactual {
    var rules = PixelCounterfactual(
      try ProximalDescent(deviation: deviation, bounds: bounds, on: network), normalization,
      on: network)
    if let budget { rules.budget = budget }
    let result = try rules.search(image, goal: goal)
    return FoundCounterfactual(
      picture: result.picture, parts: nil, passes: result.passes, complete: result.complete)
  }
}

/// The fewest cells of features that, taken from another image, change the answer.
struct RegionSearchOfImages: CounterfactualSearch {
  /// Images of the goal that cells may be taken from, with their names, for each image.
  let distractors: [[(name: String, image: Tensor)]]
  let normalization: PixelNormalization
  let budget: Int?

  func search(
    _ subject: Int, _ image: Tensor, goal: Int?, on network: ExplainedNetwork
  ) throws -> FoundCounterfactual {
    var rules = try RegionSwap(of: network)
    let cells = rules.grid.rows * rules.grid.columns
    if let budget {
      // A step asks for every pair of cells that are left.
      let each = max(1, budget / max(distractors[subject].count, 1))
      rules.mostSwaps = max(1, min(cells, each / (cells * cells)))
    }
    var best: (name: String, image: Tensor, result: RegionSwap.Result)?
    var passes = 0
    for (name, other) in distractors[subject] {
      let result = try rules.search(image, with: other, goal: goal)
      passes += (0..<result.swaps.count).reduce(2) { $0 + (cells - $1) * (cells - $1) }
      if best.map({ Self.isBetter(result, $0.result) }) ?? true { best = (name, other, result) }
    }
    guard let best else { throw ExampleFailure(.missing("training image of the goal")) }
    let check = try rules.pixelCheck(best.result, image, with: best.image)
    var found = FoundCounterfactual(
      picture: try PixelImages(rounding: check.picture, by: normalization),
      parts: best.result.swaps.map(\.cell), passes: passes,
      complete: best.result.reached || rules.mostSwaps == nil)
    found.detail.distractor = best.name
    found.detail.swaps = best.result.swaps.map { [$0.cell, $0.from] }
    found.detail.reachedInFeatures = best.result.reached
    found.detail.isMinimal = best.result.reached ? best.result.isMinimal : nil
    return found
  }

  /// Fewer swaps, then the more probable goal; what does not reach it comes last.
  private static func isBetter(_ left: RegionSwap.Result, _ right: RegionSwap.Result) -> Bool {
    if left.reached != right.reached { return left.reached }
    if left.reached, left.swaps.count != right.swaps.count {
      return left.swaps.count < right.swaps.count
    }
    return (left.probabilities.last ?? 0) > (right.probabilities.last ?? 0)
  }
}
