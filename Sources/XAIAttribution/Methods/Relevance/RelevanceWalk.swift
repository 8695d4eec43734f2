import XAIKernels
import XAINetworks
import XAITensor

/// What enters at the target's logit.
public enum RelevanceSeed: String, Sendable, Codable {
  /// 1, so that maps of different networks compare.
  case unit
  /// The logit, as in Bach et al. 2015: relevance then has the logit's sign, and a negative logit turns
  /// the whole map around. A target that was fixed before the weights were randomised, or a class that
  /// is not in the image, often has a negative logit: a comparison then sees a flipped sign and takes it
  /// for another explanation.
  case logit
}

/// How relevance passes batch norm.
public enum RelevanceBatchNorm: String, Sendable, Codable {
  /// Unchanged, as in the code of Nam et al. 2020.
  case identity
  /// There is none: it is merged into the linear node before it, as by zennit's canonizer. The same as
  /// `identity` in rules without bias as long as no slope is negative.
  case merged
}

extension ExplainedNetwork {
  /// The form that treats batch norm in a way.
  func form(_ batchNorm: RelevanceBatchNorm) -> NetworkForm {
    batchNorm == .merged ? merged() : trained
  }
}

extension NetworkForm {
  /// Propagates relevance to the input, in parts that fit into the memory.
  /// - Parameters:
  ///   - request: Images and targets.
  ///   - seed: What enters at the targets.
  ///   - composite: Which rule for which node.
  ///   - context: Memory, progress, interruption; convolutions sum directly whatever it asks for.
  /// - Returns: Relevance `[N, C, H, W]`, and the logits of the targets.
  /// - Throws: `KernelFailure` or `AttributionStopped`.
  func relevance(
    _ request: AttributionRequest, seed: RelevanceSeed, composite: Composite,
    in context: AttributionContext
  ) throws -> (maps: Tensor, logits: [Double]) {
    var maps: [Tensor] = []
    var logits: [Double] = []
    let walk = BackwardWalk(composite, algorithm: .direct)
    let extent = composite.extent(in: network)
    try context.forEachPart(
      of: request.count, bytesEach: bytesPerImage(keeping: extent) * 2, walksEach: 5
    ) { range in
      let targets = Array(request.targets[range])
      let recording = try record(
        try backend.upload(request.images.rows(range)), keeping: extent, algorithm: .direct)
      let outputs = backend.download(recording.output)
      let values = targets.enumerated().map { outputs[$0.offset, $0.element] }
      logits += values.map(Double.init)
      let start = try self.seed(at: targets, values: seed == .logit ? values : nil)
      maps.append(backend.download(try walk.signal(from: start, of: recording)))
    }
    return (Tensor(stacking: maps), logits)
  }
}

extension AttributionRequest {
  /// A forward walk, and a backward walk of about four times its cost, for each image.
  var relevanceCost: AttributionCost { AttributionCost(walks: 5 * Double(count)) }
}

extension [LawCheck] {
  /// One check for each map.
  init(conservationOf maps: Tensor, expected: [Double], tolerance: Double) {
    self = zip(maps.rowSums, expected).enumerated().map { row, sums in
      LawCheck(
        .conservation, expected: sums.1, found: sums.0, tolerance: tolerance,
        rounding: LawCheck.rounding(of: maps.row(row), logits: sums.1))
    }
  }
}
