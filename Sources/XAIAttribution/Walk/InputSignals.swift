public import XAIKernels
import XAINetworks
public import XAITensor

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
    let flat = algorithm == nil ? images.imagesWithFlatAreas() : []
    guard let algorithm = algorithm ?? (flat.contains(true) ? nil : .fastest) else {
      let order = flat.indices.filter { flat[$0] } + flat.indices.filter { !flat[$0] }
      let count = flat.count { $0 }
      var parts: [(signals: Tensor, logits: Tensor)] = []
      for (range, algorithm) in [
        (0..<count, ConvolutionAlgorithm.direct), (count..<flat.count, .fastest),
      ] where !range.isEmpty {
        parts.append(
          try inputSignals(
            images: images.rows(at: order[range]), targets: order[range].map { targets[$0] },
            composite: composite, algorithm: algorithm, in: context))
      }
      var places = Array(repeating: 0, count: order.count)
      for (place, image) in order.enumerated() { places[image] = place }
      return (
        Tensor(stacking: parts.map(\.signals)).rows(at: places),
        Tensor(stacking: parts.map(\.logits)).rows(at: places)
      )
    }
    var signals: [Tensor] = []
    var logits: [Tensor] = []
    let walk = BackwardWalk(composite, algorithm: algorithm)
    let extent = composite.extent(in: network)
    try context.forEachPart(
      of: images.rows, bytesEach: bytesPerImage(keeping: extent), walksEach: 2
    ) { range in
      let recording = try record(
        try backend.upload(images.rows(range)), keeping: extent, algorithm: algorithm)
      logits.append(backend.download(recording.output))
      let signal = try walk.signal(
        from: try seed(at: Array(targets[range])), of: recording)
      signals.append(backend.download(signal))
    }
    return (Tensor(stacking: signals), Tensor(stacking: logits))
  }

  /// A signal of 1 at one logit of each image.
  /// - Parameters:
  ///   - targets: Which logit, one for each image.
  ///   - values: What it carries; 1 where it is not given.
  /// - Returns: `[N, classes]`, blocked.
  /// - Throws: Where memory runs out.
  public func seed(
    at targets: [Int], values: [Float]? = nil
  ) throws(KernelFailure) -> DeviceTensor {
    let classes = network.architecture.classes
    var seed = Tensor(shape: [targets.count, classes])
    for (image, target) in targets.enumerated() { seed[image, target] = values?[image] ?? 1 }
    return try backend.uploadActivation(seed)
  }

  /// Bytes that one image takes on the way forward and back.
  /// - Parameter extent: What is kept of the forward pass.
  /// - Returns: The bytes.
  public func bytesPerImage(keeping extent: Recording.Extent) -> Int {
    var (kept, largest) = (0, 0)
    for node in nodes {
      let count = node.outputShape.reduce(1, *)
      largest = max(largest, count)
      switch node.operation {
      case .dropout: continue
      case .relu, .maxPool, .flatten, .globalAveragePool:
        kept += extent == .logits ? 0 : count
      case .convolution, .dense, .batchNorm: kept += extent == .everything ? count : 0
      }
    }
    // Three more of the largest are under way.
    return MemoryLayout<Float>.stride * (kept + 3 * largest)
  }
}
