public import XAIAttribution
public import XAINetworks
public import XAITensor

/// The networks of a randomization test: the original one, and those with random layers.
///
/// All combinations of a seed's random layers with the trained ones share weights on the device, but
/// for recalibrated ones: there every combination has its own statistics, which the kernels merge into
/// the weights.
public final class RandomizedNetworks {
  /// The network as trained.
  public let original: ExplainedNetwork
  /// Where random layers come from.
  public let randomization: Randomization
  /// What decides draws; that of a step is `seed` plus its number.
  public let seed: UInt64
  private let calibration: Tensor?
  /// The last seed's network with all layers random.
  private var random: (seed: Int, network: ExplainedNetwork)?
  /// Recalibrated statistics by draw and random layers.
  private var statistics: [Draw: [String: Tensor]] = [:]

  private struct Draw: Hashable {
    let seed: Int
    let layers: RandomLayers
  }

  /// Describes the networks.
  /// - Parameters:
  ///   - original: The network as trained.
  ///   - randomization: Where random layers come from.
  ///   - seed: What decides draws.
  ///   - calibration: `[N, C, H, W]`, the images that running statistics are estimated on where batch norm
  ///     is recalibrated.
  public init(
    original: ExplainedNetwork, randomization: Randomization, seed: UInt64,
    calibration: Tensor? = nil
  ) {
    (self.original, self.randomization) = (original, randomization)
    self.seed = seed
    self.calibration = randomization.batchNorm == .recalibrate ? calibration : nil
  }

  /// A network with random layers.
  /// - Parameters:
  ///   - layers: The layers.
  ///   - seed: Which draw, from 0.
  /// - Returns: The network; the original one is not modified.
  /// - Throws: `KernelFailure`, `AttributionFailure` where running statistics cannot be estimated.
  public func network(_ layers: RandomLayers, seed: Int) throws -> ExplainedNetwork {
    let combined = original.replacing(layers.names, from: allRandom(seed))
    guard let calibration else { return combined }
    let draw = Draw(seed: seed, layers: layers)
    if statistics[draw] == nil {
      // The statistics of a layer depend on what is random below it.
      let estimated = try RunningStatistics.estimated(
        for: layers.names, of: combined.parameters, in: original.network, on: calibration,
        backend: original.backend)
      statistics[draw] = Dictionary(
        uniqueKeysWithValues: original.network.blocks.filter {
          layers.names.contains($0.linear.name)
        }
        .flatMap { $0.batchNorm?.parameterShapes ?? [] }
        .compactMap { name, _ in estimated[name].map { (name, $0) } })
    }
    var parameters = combined.parameters
    for (name, tensor) in statistics[draw] ?? [:] { parameters[name] = tensor }
    return combined.replacing(
      layers.names,
      from: ExplainedNetwork(
        original.network, parameters: parameters, backend: original.backend))
  }

  /// Walks of one image that making a network takes besides those of its use.
  var walksEach: Int { calibration?.rows ?? 0 }

  /// Random layers in groups of networks that can be in memory together.
  func groups(_ variants: [RandomLayers]) -> [[RandomLayers]] {
    calibration == nil || variants.isEmpty ? [variants] : variants.map { [$0] }
  }

  /// Whether a network is made without any walk.
  func isReady(_ layers: RandomLayers, seed: Int) -> Bool {
    calibration == nil || statistics[Draw(seed: seed, layers: layers)] != nil
  }

  private func allRandom(_ number: Int) -> ExplainedNetwork {
    if let random, random.seed == number { return random.network }
    // The last seed's weights make room first.
    random = nil
    let parameters = randomization.randomize(
      RandomizationPlan.layers(of: original.network), of: original.parameters,
      in: original.network, seed: seed &+ UInt64(number))
    let network = ExplainedNetwork(
      original.network, parameters: parameters, backend: original.backend)
    random = (number, network)
    return network
  }

}

/// Layers that are random together; equal whatever the order they became so.
public struct RandomLayers: Sendable, Hashable {
  /// Their names from the input up.
  public let names: [String]

  /// Groups layers.
  /// - Parameters:
  ///   - step: A step of a plan.
  ///   - network: The network that the plan is of.
  public init(_ step: RandomizationPlan.Step, of network: Network) {
    names = RandomizationPlan.layers(of: network).filter(step.layers.contains)
  }

  /// All layers of a network.
  /// - Parameter network: The network.
  public init(all network: Network) { names = RandomizationPlan.layers(of: network) }

  /// The layer, or the lowest and the highest of a row of them: `conv5..fc3`.
  public var text: String {
    guard let first = names.first, let last = names.last else { return "none" }
    return names.count == 1 ? first : "\(first)..\(last)"
  }
}
