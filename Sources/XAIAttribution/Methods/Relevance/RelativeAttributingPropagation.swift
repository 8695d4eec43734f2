public import XAINetworks
public import XAITensor

/// Relative attributing propagation of Nam and others, as their code has it.
///
/// Nam et al. 2020, *Relative Attributing Propagation: Interpreting the Comparative Contributions of
/// Individual Units in Deep Neural Networks*. With the seed `unit` the last node shares the logit among its inputs by absolute contributions, so
/// the map sums to the logit and has its sign, which is checked; a negative logit starts from negative
/// relevance, and the map is not the opposite of what a positive one gives. With `logit` the last node
/// is treated like the other dense ones, as their code does with any seed but 1.
///
/// Nothing is checked where the first linear node is dense, as its inputs of both signs hand relevance
/// out twice.
public struct RelativeAttributingPropagation: RelevanceMethod {
  /// What enters at the target's logit.
  public var seed: RelevanceSeed
  /// How relevance passes batch norm.
  public var batchNorm: RelevanceBatchNorm

  /// Describes the method.
  /// - Parameters:
  ///   - seed: What enters at the target's logit.
  ///   - batchNorm: How relevance passes batch norm.
  public init(seed: RelevanceSeed = .unit, batchNorm: RelevanceBatchNorm = .identity) {
    (self.seed, self.batchNorm) = (seed, batchNorm)
  }

  /// Which rule for which node.
  public var composite: Composite {
    var composite = Composite()
    if seed == .unit {
      composite = composite.with(RelativeLogitRelevance(), for: .last)
    }
    return
      composite
      .with(BoundedInputRelevance(), for: .firstConvolution)
      .with(RelativeRelevance(negative: .toSupporting), for: .dense)
      .with(RelativeRelevance(negative: .toOpposing), for: .convolution)
      .with(WinnerTakesAll(), for: .maxPooling)
      .with(PassingRelevance(), for: .activation)
      .with(PassingRelevance(), for: .batchNorm)
      .with(ProportionalAverage(), for: .averagePooling)
  }

  /// The logit is shared out, or enters.
  public var takesLogit: Bool { true }
  /// Whether batch norm has no node of its own.
  public var mergesBatchNorm: Bool { batchNorm == .merged }

  /// Maps sum to the logit, whatever the seed, unless inputs of both signs hand relevance out twice.
  public func laws(of maps: Tensor, logits: [Double], on network: Network) -> [LawCheck] {
    guard network.nodes.first(where: \.isLinear)?.isConvolution == true else { return [] }
    return Array(conservationOf: maps, expected: logits, tolerance: 1e-3)
  }
}
