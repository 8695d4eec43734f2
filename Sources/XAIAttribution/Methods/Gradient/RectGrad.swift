public import XAIKernels
public import XAINetworks
import XAITensor

/// RectGrad: rectifiers pass the signal of the units that matter most.
///
/// Source: Kim et al. 2019, Why are Saliency Maps Noisy?, section 4.
/// Backwards through a rectifier with output y, the signal R passes where `y R` exceeds its q-th percentile
/// over all units of the image in that layer. The map is `max(x R, 0)` at the input x.
///
/// Convolutions sum directly: at the threshold a rounding decides whether a unit passes, and Winograd's
/// are larger.
///
/// - Note: Deviation: neither the padding trick nor the proportional max-pool rule of the authors' code,
///   which the paper does not have; the final rectification, which their code has commented out, is the
///   paper's.
public struct RectGrad: AttributionMethod {
  /// The percentile below which nothing passes, from 0 to 100.
  public var q: Double
  /// Whether negative values of the map become 0.
  public var rectified: Bool

  /// Describes the method.
  /// - Parameters:
  ///   - q: The percentile below which nothing passes.
  ///   - rectified: Whether negative values of the map become 0.
  public init(q: Double = 98, rectified: Bool = true) {
    (self.q, self.rectified) = (q, rectified)
  }

  /// A forward and a backward walk for each image.
  public func cost(of request: AttributionRequest, on network: Network) -> AttributionCost {
    AttributionCost(walks: 2 * Double(request.count))
  }

  /// A percentile must be one.
  public func prepared(for request: AttributionRequest, on network: Network) throws -> Self {
    try request.validate(for: network)
    guard 0...100 ~= q else {
      throw AttributionFailure(.usage, "RectGrad's q is a percentile from 0 to 100, found \(q)")
    }
    return self
  }

  /// Computes maps.
  public func attribute(
    _ request: AttributionRequest, on network: ExplainedNetwork, in context: AttributionContext
  ) throws -> Attribution {
    try request.validate(for: network)
    _ = try prepared(for: request, on: network.network)
    let rule = RankedRectifier(q: q)
    let signals = try network.merged().inputSignals(
      images: request.images, targets: request.targets,
      composite: Composite().with(rule, for: .activation),
      algorithm: context.algorithm ?? .direct, in: context
    ).signals
    let maps = signals.combined(with: request.images) { signal, pixel in
      rectified ? max(signal * pixel, 0) : signal * pixel
    }
    return Attribution(
      maps: maps, notes: notes(on: network.network, rule))
  }

  /// Which layers are too small for anything to exceed their percentile.
  private func notes(on network: Network, _ rule: RankedRectifier) -> [Attribution.Note] {
    let closed = network.nodes.filter {
      $0.operation == .relu && rule.rank(among: $0.outputShape.reduce(1, *)) == 0
    }
    guard !closed.isEmpty else { return [] }
    let names = closed.map { "\($0.name) (\($0.outputShape.reduce(1, *)) units)" }
    return [
      Attribution.Note(
        "at q = \(q) the percentile is the largest score itself in \(names.joined(separator: ", ")), "
          + "so nothing passes and every map is zero; choose a smaller q")
    ]
  }
}

/// A rectifier that passes the signal of the units with the largest output times signal.
public struct RankedRectifier: BackwardRule {
  /// The percentile below which nothing passes.
  public let q: Double

  /// Creates the rule.
  /// - Parameter q: The percentile below which nothing passes, from 0 to 100.
  public init(q: Double) { self.q = q }

  /// Which score in descending order is the percentile: the nearest one, as in TensorFlow.
  /// - Parameter units: The number of scores.
  /// - Returns: `(units - 1) (1 - q / 100)`, halves rounded to even; 0 where q is no percentile.
  public func rank(among units: Int) -> Int {
    guard 0...100 ~= q else { return 0 }
    return Int((Double(units - 1) * (1 - q / 100)).rounded(.toNearestOrEven))
  }

  /// Walks back through a rectifier.
  public func propagate(
    _ signal: DeviceTensor, through step: BackwardStep
  ) throws(KernelFailure) -> DeviceTensor {
    guard 0...100 ~= q else {
      throw KernelFailure(kind: .usage, "RectGrad's q is a percentile from 0 to 100, found \(q)")
    }
    return try step.backend.rectify(
      signal, output: try step.output,
      aboveRank: rank(among: step.node.outputShape.reduce(1, *)))
  }
}

extension RectGrad: BackpropagatingMethod {
  /// The gradient with ranked rectifiers.
  public func backpropagation(on network: ExplainedNetwork) -> Backpropagation? {
    Backpropagation(
      network.merged(), Composite().with(RankedRectifier(q: q), for: .activation),
      algorithm: .direct)
  }
}
