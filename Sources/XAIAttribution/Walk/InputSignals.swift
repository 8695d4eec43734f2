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
    let groups = images.alikeImages(algorithm)
    var (signals, logits): ([Tensor], [Tensor]) = ([], [])
    let extent = composite.extent(in: network)
    for group in groups {
      let walk = BackwardWalk(composite, algorithm: group.algorithm)
      try context.forEachPart(
        of: group.places.count, bytesEach: bytesPerImage(keeping: extent), walksEach: 2
      ) { range in
        let places = group.places[range]
        let recording = try record(
          try backend.upload(images.rows(at: places)), keeping: extent,
          algorithm: group.algorithm)
        logits.append(backend.download(recording.output))
        let signal = try walk.signal(
          from: try seed(at: places.map { targets[$0] }), of: recording)
        signals.append(backend.download(signal))
      }
    }
    return (
      Tensor(stacking: signals).inOriginalOrder(groups),
      Tensor(stacking: logits).inOriginalOrder(groups)
    )
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
