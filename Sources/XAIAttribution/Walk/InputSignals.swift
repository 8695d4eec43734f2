public import XAIKernels
import XAINetworks
public import XAITensor

extension NetworkFamily {
  /// Walks forward and back with each image through every member, batch norm merged.
  /// - Parameters:
  ///   - images: `[N, C, H, W]`, normalised.
  ///   - composite: Which rule for which node.
  ///   - algorithm: How convolutions sum; as in `NetworkForm.inputSignals`.
  ///   - context: Memory, progress, interruption.
  /// - Returns: The signals at the input `[N, C, H, W]`, and the logits `[N, classes]`, of each member.
  /// - Throws: `KernelFailure` or `AttributionStopped`.
  public func inputSignals(
    images: Tensor, composite: Composite, algorithm: ConvolutionAlgorithm? = nil,
    in context: AttributionContext
  ) throws -> [(signals: Tensor, logits: Tensor)] {
    try NetworkForm.inputSignals(
      of: members.map { ($0.network.merged(), $0.targets) }, sharing: base.merged(),
      images: images, composite: composite, algorithm: algorithm, in: context)
  }
}

extension NetworkForm {
  /// Walks forward and back with each image, in parts that fit into the memory.
  /// - Parameters:
  ///   - images: `[N, C, H, W]`, normalised.
  ///   - targets: The class whose logit the walk starts from, one for each image.
  ///   - composite: Which rule for which node.
  ///   - algorithm: How convolutions sum; where it is not given, directly for images with flat areas,
  ///     whose pooling windows are exact ties, and as fast as possible for all others.
  ///   - context: Memory, progress, interruption.
  /// - Returns: The signals at the input `[N, C, H, W]`, and the logits `[N, classes]`.
  /// - Throws: `KernelFailure` or `AttributionStopped`.
  public func inputSignals(
    images: Tensor, targets: [Int], composite: Composite, algorithm: ConvolutionAlgorithm? = nil,
    in context: AttributionContext
  ) throws -> (signals: Tensor, logits: Tensor) {
    let results = try Self.inputSignals(
      of: [(self, targets)], sharing: self, images: images, composite: composite,
      algorithm: algorithm, in: context)
    return results[0]
  }

  /// Walks forward and back with each image through several forms, which share what they have in common.
  static func inputSignals(
    of walks: [(form: NetworkForm, targets: [Int])], sharing base: NetworkForm, images: Tensor,
    composite: Composite, algorithm: ConvolutionAlgorithm?, in context: AttributionContext
  ) throws -> [(signals: Tensor, logits: Tensor)] {
    for walk in walks {
      try AttributionRequest(images: images, targets: walk.targets).validate(for: walk.form.network)
    }
    let groups = images.alikeImages(algorithm)
    var parts = Array(repeating: (signals: [Tensor](), logits: [Tensor]()), count: walks.count)
    let backend = base.backend
    let extent = composite.extent(in: base.network)
    let isShared = walks.count > 1
    for group in groups {
      let walk = BackwardWalk(composite, algorithm: group.algorithm)
      try context.forEachPart(
        of: group.places.count,
        bytesEach: base.bytesPerImage(
          keeping: group.algorithm == .direct ? max(extent, .gates) : extent) * (isShared ? 2 : 1),
        walksEach: 2 * Double(walks.count)
      ) { range in
        let places = group.places[range]
        let input = try backend.upload(images.rows(at: places))
        let common =
          isShared
          ? try base.record(input, keeping: extent, algorithm: group.algorithm) : nil
        for (index, (form, targets)) in walks.enumerated() {
          if context.isStopped() { throw AttributionStopped() }
          let recording =
            if let common {
              try form.record(sharing: common, keeping: extent, algorithm: group.algorithm)
            } else {
              try form.record(input, keeping: extent, algorithm: group.algorithm)
            }
          parts[index].logits.append(backend.download(recording.output))
          let signal = try walk.signal(
            from: try form.seed(at: places.map { targets[$0] }), of: recording)
          parts[index].signals.append(backend.download(signal))
        }
      }
    }
    return parts.map {
      (
        Tensor(stacking: $0.signals).inOriginalOrder(groups),
        Tensor(stacking: $0.logits).inOriginalOrder(groups)
      )
    }
  }

  /// A signal of 1 at one logit of each image.
  /// - Parameters:
  ///   - targets: Which logit, one for each image.
  ///   - values: What it carries; 1 where it is `nil`.
  /// - Returns: `[N, classes]`, blocked.
  /// - Throws: Where a target is no class, or memory runs out.
  public func seed(
    at targets: [Int], values: [Float]? = nil
  ) throws(KernelFailure) -> DeviceTensor {
    let classes = network.architecture.classes
    guard targets.allSatisfy((0..<classes).contains),
      values == nil || values?.count == targets.count
    else {
      throw KernelFailure(
        kind: .usage,
        "A backward pass cannot start at the logits \(targets) of \(classes) classes; give targets from 0 to "
          + "\(classes - 1), and a value for each of them or none")
    }
    var seed = Tensor(shape: [targets.count, classes])
    for (image, target) in targets.enumerated() { seed[image, target] = values?[image] ?? 1 }
    return try backend.uploadActivation(seed)
  }

  /// Bytes that one image takes on the way forward and back.
  /// - Parameter extent: What is kept of the forward pass; with `.winners` where convolutions run as
  ///   one with the poolings behind them, `.gates` is what it takes else.
  /// - Returns: The bytes.
  public func bytesPerImage(keeping extent: Recording.Extent) -> Int {
    var (kept, largest) = (0, 0)
    let pooled = extent == .winners ? pooledRectifiers : []
    for (index, node) in nodes.enumerated() {
      let count = node.outputShape.reduce(1, *)
      largest = max(largest, count)
      switch node.operation {
      case .dropout: continue
      case .relu where pooled.contains(index): continue
      // A byte for each winner.
      case .maxPool where extent == .winners: kept += count + count / MemoryLayout<Float>.stride
      case .relu, .maxPool, .flatten, .globalAveragePool, .adaptiveAveragePool:
        kept += extent == .logits ? 0 : count
      case .convolution, .dense, .batchNorm: kept += extent == .everything ? count : 0
      }
    }
    // Three more of the largest are under way, or two where no pooling has a gradient of its own.
    let poolings = nodes.count { $0.operation == .maxPool }
    let others = extent == .winners && pooled.count == poolings ? 2 : 3
    return MemoryLayout<Float>.stride * (kept + others * largest)
  }
}
