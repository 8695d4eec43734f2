public import XAINetworks
public import XAITensor

/// Layer-wise relevance propagation by the epsilon rule in every node.
///
/// As in Captum biases keep their share, and batch norm and max pooling are nodes like any other, the
/// first one too. Captum refuses 1-D batch norm and flatten; here they are like 2-D
/// batch norm and a change of shape.
///
/// Biases absorb relevance, so the sum is checked only where `includesBias` is false; even then with a
/// tolerance of 10 %, as relevance grows large where contributions cancel, and epsilon absorbs part of
/// it: up to 7 % on two small test networks.
///
/// - Note: Deviation from Captum 0.9, whose epsilon is 1e-9 and whose relevance starts from the logit:
///   1e-6, which float32 can tell from 0, and a unit seed.
public struct LRPEpsilon: RelevanceMethod {
  /// How relevance passes batch norm.
  public enum BatchNorm: String, Sendable, Codable {
    /// By the epsilon rule, its shift being a bias.
    case epsilon
    /// Unchanged.
    case identity
    /// There is none: it is merged into the linear node before it.
    case merged
  }

  /// How relevance passes max pooling.
  public enum Pooling: String, Sendable, Codable {
    /// By the epsilon rule: the first maximum takes all but what epsilon absorbs.
    case epsilon
    /// The first maximum takes all.
    case gradient
  }

  /// What keeps denominators from zero.
  public var epsilon: Double
  /// What enters at the target's logit.
  public var seed: RelevanceSeed
  /// How relevance passes batch norm.
  public var batchNorm: BatchNorm
  /// How relevance passes max pooling.
  public var pooling: Pooling
  /// Whether biases keep their share.
  public var includesBias: Bool

  /// Describes the method.
  /// - Parameters:
  ///   - epsilon: What keeps denominators from zero.
  ///   - seed: What enters at the target's logit.
  ///   - batchNorm: How relevance passes batch norm.
  ///   - pooling: How relevance passes max pooling.
  ///   - includesBias: Whether biases keep their share.
  public init(
    epsilon: Double = 1e-6, seed: RelevanceSeed = .unit, batchNorm: BatchNorm = .epsilon,
    pooling: Pooling = .epsilon, includesBias: Bool = true
  ) {
    (self.epsilon, self.seed, self.batchNorm) = (epsilon, seed, batchNorm)
    (self.pooling, self.includesBias) = (pooling, includesBias)
  }

  /// The epsilon rule of zennit 0.5 on merged batch norm.
  public static let zennit = LRPEpsilon(batchNorm: .merged, pooling: .gradient)

  /// Which rule for which node.
  public var composite: Composite {
    let rule = EpsilonRelevance(epsilon: Float(epsilon), includesBias: includesBias)
    var composite = Composite().with(rule, for: .convolution).with(rule, for: .dense)
      .with(EpsilonRelevance(epsilon: Float(epsilon)), for: .averagePooling)
      .with(PassingRelevance(), for: .activation)
    if batchNorm == .epsilon { composite = composite.with(rule, for: .batchNorm) }
    if pooling == .epsilon {
      // A maximum has no bias: its whole output is the denominator, which is kept in any case.
      composite = composite.with(
        EpsilonRelevance(epsilon: Float(epsilon)), for: .maxPooling)
    }
    return composite.with(PassingRelevance(), for: .batchNorm)
  }

  /// Whether batch norm has no node of its own.
  public var mergesBatchNorm: Bool { batchNorm == .merged }

  /// Parameters must be possible.
  public func requirePossibleParameters() throws(AttributionFailure) {
    // The kernels compute with its Float, which may be 0 or infinite where this is not.
    guard Float(epsilon) > 0, Float(epsilon).isFinite else {
      throw AttributionFailure(
        .usage,
        "the epsilon rule has epsilon = \(epsilon); give a number of more than 0 that a Float can hold"
      )
    }
  }

  /// Without biases nothing is lost but what epsilon absorbs.
  public func laws(of maps: Tensor, logits: [Double], on network: Network) -> [LawCheck] {
    includesBias
      ? [] : Array(conservationOf: maps, expected: seed.relevance(logits), tolerance: 0.1)
  }
}
