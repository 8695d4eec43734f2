public import XAIAttribution
import XAIKernels
import XAIMetrics
import XAINetworks
import XAITensor

/// How fast signals forget where they started: cosine similarity convergence.
///
/// Random vectors `v ~ N(0, I)` start at one layer and walk back by a method's rules, with the
/// activations of a real image (Sixt, Granz and Landgraf 2020, When Explanations Lie: Why Many Modified
/// BP Attributions Fail, section 4). At each layer below, the magnitude of the cosine between the
/// signals of two vectors tells whether anything is left of their difference. Where it is 1, the layers
/// above decide at each position nothing but a factor; where a dense layer reaches it, they decide
/// one factor of the whole map, and randomizing them cannot change it. A way through matrices without
/// negative entries, such as that of the z+ rule, converges to rank one and so to 1; the gradient does
/// not.
///
/// Signals of convolutions are compared at each position over the channels, those of dense layers as a
/// whole. Median and quartiles are over images, pairs of vectors and positions. A position where one of
/// the two signals is zero has no cosine and is left out. Vectors of few elements are alike by chance:
/// the median is about 0.67 / sqrt(n) for n elements, and 0.5 for the three colours of the image.
///
/// The vectors of an image are the same for every method, and depend on the seed, the image's key and
/// the layer alone.
///
/// - Note: Deviation from the authors' program for DeepLIFT: multipliers are compared, not multipliers
///   times differences, as gradients are compared and not gradients times images.
public struct CosineConvergence: Sendable, Equatable {
  /// Random vectors for each image, at least two; 5 in the paper.
  public var samples: Int
  /// The convolution or dense layer at whose output vectors start; nothing stands for the logits.
  public var start: String?

  /// Describes the measurement.
  /// - Parameters:
  ///   - samples: Random vectors for each image, at least two.
  ///   - start: The layer at whose output they start; nothing stands for the logits.
  public init(samples: Int = 5, start: String? = nil) {
    precondition(samples > 1, "\(samples) vectors make no pair")
    (self.samples, self.start) = (samples, start)
  }

  /// Measures one way back.
  /// - Parameters:
  ///   - name: The method's name in the test.
  ///   - way: How signals walk back.
  ///   - request: Images, baselines, seed and keys; of a distribution of baselines the first is taken.
  ///   - context: Memory, of which the vectors of one image are taken at least; progress in walks of
  ///     one image; interruption.
  /// - Returns: The curve; it ends above the first layer where no position has a signal.
  /// - Throws: `ExperimentFailure` where the layer does not exist or a baseline is missing,
  ///   `KernelFailure`, or `AttributionStopped`.
  public func curve(
    of name: String, by way: Backpropagation, _ request: AttributionRequest,
    in context: AttributionContext
  ) throws -> ConvergenceCurve {
    let last = try startIndex(in: way.form)
    let nodes = way.form.nodes
    // Whoever observes wants the outputs between a convolution and its pooling.
    let extent =
      way.needsReference ? .everything : max(.gates, way.composite.extent(in: way.form.network))
    let passes = way.needsReference ? 2 : 1
    // Rules of relevance hold as much again while they are at a node.
    let bytes =
      samples * passes * way.form.bytesPerImage(keeping: extent) * (way.isGradient ? 1 : 2)
    var cosines: [Int: [Double]] = [:]
    try context.forEachPart(
      of: request.count, bytesEach: bytes, walksEach: Double(samples * (1 + passes))
    ) { range in
      let signals = try vectors(request.keys[range], request.seed, at: nodes[last])
      try walk(
        signals, back: way, from: last, images: request.images.rows(range),
        baselines: way.needsReference ? try baselines(of: range, request, for: name) : nil,
        algorithm: context.algorithm ?? way.algorithm, keeping: extent
      ) { index, signal in
        for image in range.indices {
          let first = (image - range.lowerBound) * samples
          cosines[index, default: []] += signal.pairCosines(first..<first + samples)
        }
      }
    }
    let measured = nodes.indices.reversed().filter { nodes[$0].isLinear && $0 <= last } + [-1]
    let living = measured.prefix { !(cosines[$0] ?? []).isEmpty }
    let sorted = living.map { (cosines[$0] ?? []).sorted() }
    func percentile(_ percent: Double) -> [Double] {
      sorted.map { PercentileClip.percentile(percent, of: $0) }
    }
    return ConvergenceCurve(
      method: name, layers: living.map { $0 < 0 ? "input" : nodes[$0].name },
      median: percentile(50), lower: percentile(25), upper: percentile(75))
  }

  private func startIndex(in form: NetworkForm) throws(ExperimentFailure) -> Int {
    let layers = RandomizationPlan.layers(of: form.network)
    guard let start else { return form.nodes.count - 1 }
    guard layers.contains(start), let index = form.index(of: start) else {
      throw ExperimentFailure(.unknownStart(start, layers: layers))
    }
    return index
  }

  /// Each image's vectors below each other.
  private func vectors(_ keys: ArraySlice<Int>, _ seed: UInt64, at node: Node) throws -> Tensor {
    Tensor(
      stacking: keys.flatMap { key in
        (0..<samples).map { sample in
          var stream = RandomStream(
            seed: seed, purpose: "convergence/\(node.name)", key, sample)
          return stream.normal(shape: [1] + node.outputShape)
        }
      })
  }

  /// One baseline for each image.
  private func baselines(
    of range: Range<Int>, _ request: AttributionRequest, for name: String
  ) throws(ExperimentFailure) -> Tensor {
    guard let baselines = request.baselines else {
      throw ExperimentFailure(
        .obstacle(
          "the rules of \(name) compare each image with a baseline, and none was given"))
    }
    return Tensor(stacking: range.map { baselines.of($0).row(0) })
  }

  private func walk(
    _ signals: Tensor, back way: Backpropagation, from last: Int, images: Tensor,
    baselines: Tensor?, algorithm: ConvolutionAlgorithm, keeping extent: Recording.Extent,
    observe: @escaping (Int, Tensor) -> Void
  ) throws {
    let (form, backend) = (way.form, way.form.backend)
    // Each vector of an image walks through a copy of the image's activations.
    let copies = (0..<signals.rows).map { $0 / samples }
    func record(_ images: Tensor) throws -> Recording {
      try form.record(
        try backend.upload(images.rows(at: copies)), keeping: extent, nodes: 0..<last + 1,
        algorithm: algorithm)
    }
    let recording = try record(images)
    let reference = try baselines.map(record)
    var walk = BackwardWalk(way.composite, algorithm: algorithm)
    walk.observe = { index, signal in
      guard index < 0 || form.nodes[index].isLinear else { return }
      observe(index, backend.download(signal))
    }
    _ = try walk.signal(
      from: try backend.uploadActivation(signals), of: recording, reference: reference)
  }
}

extension Node {
  fileprivate var isLinear: Bool { operation == .convolution || operation == .dense }
}
