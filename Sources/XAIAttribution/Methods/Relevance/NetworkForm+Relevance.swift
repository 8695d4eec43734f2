import XAIKernels
public import XAITensor

extension NetworkForm {
  /// Hands relevance back to the input, in parts that fit into the memory.
  /// - Parameters:
  ///   - request: Images and targets.
  ///   - seed: What enters at the targets.
  ///   - composite: Which rule for which node.
  ///   - context: Memory, progress, interruption; convolutions sum directly whatever it asks for.
  /// - Returns: Relevance `[N, C, H, W]`, and the logits of the targets.
  /// - Throws: `AttributionFailure` where the request is not valid, `KernelFailure` or `AttributionStopped`.
  public func relevance(
    _ request: AttributionRequest, seed: RelevanceSeed, composite: Composite,
    in context: AttributionContext
  ) throws -> (maps: Tensor, logits: [Double]) {
    try request.validate(for: network)
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
