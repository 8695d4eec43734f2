import XAIKernels
public import XAINetworks
public import XAITensor

/// Layer-wise relevance propagation by the alpha-beta rule, and its relatives.
///
/// The defaults are those of the code of Nam et al. 2020: no bias, batch norm and rectifiers pass
/// relevance on, max pooling gives it to the winner, the first convolution uses z^B. With
/// `denominators` joint, `includesBias`, `stabiliser` 1e-6, `firstConvolution` like the others, `pooling`
/// by gradient and `batchNorm` merged it is that of zennit, and `dense` by epsilon makes that one its
/// EpsilonPlus and EpsilonAlpha2Beta1.
///
/// With alpha = 1 and no bias the map sums to what entered, which is checked, unless the first node is
/// dense and `denominators` separate: its inputs of both signs hand relevance out twice. With a larger
/// alpha nothing is checked: a unit without opposing contributions gives `alpha` of its relevance and
/// takes nothing back, so sums are kept only about.
public struct LRPAlphaBeta: RelevanceMethod {
  /// What the first convolution does, which sees the image.
  public enum FirstConvolution: String, Sendable, Codable {
    /// The z^B rule with the image's own bounds.
    case bounded
    /// What the other convolutions do.
    case likeOthers = "like-others"
  }

  /// How relevance passes max pooling.
  public enum Pooling: String, Sendable, Codable {
    /// To the first maximum; a window of zeros drops it.
    case winner
    /// To the first maximum always, as the gradient does.
    case gradient
  }

  /// What dense nodes do.
  public enum Dense: String, Sendable, Codable {
    /// The alpha-beta rule.
    case alphaBeta = "alpha-beta"
    /// The epsilon rule, with `stabiliser` for epsilon.
    case epsilon
  }

  /// The share of supporting contributions, at least 1; that of opposing ones is `alpha - 1`.
  public var alpha: Double
  /// What enters at the target's logit.
  public var seed: RelevanceSeed
  /// How relevance passes batch norm.
  public var batchNorm: RelevanceBatchNorm
  /// What contributions of positive and negative inputs are divided by.
  public var denominators: AlphaBetaRelevance.Denominators
  /// What the first convolution does.
  public var firstConvolution: FirstConvolution
  /// How relevance passes max pooling.
  public var pooling: Pooling
  /// What dense nodes do.
  public var dense: Dense
  /// Whether biases keep their share.
  public var includesBias: Bool
  /// Keeps denominators from zero; 0 divides by all but exact zeros.
  public var stabiliser: Double

  /// Describes the method.
  /// - Parameters:
  ///   - alpha: The share of supporting contributions, at least 1.
  ///   - seed: What enters at the target's logit.
  ///   - batchNorm: How relevance passes batch norm.
  ///   - denominators: What contributions of positive and negative inputs are divided by.
  ///   - firstConvolution: What the first convolution does.
  ///   - pooling: How relevance passes max pooling.
  ///   - dense: What dense nodes do.
  ///   - includesBias: Whether biases keep their share.
  ///   - stabiliser: Keeps denominators from zero, at least 0.
  public init(
    alpha: Double, seed: RelevanceSeed = .unit, batchNorm: RelevanceBatchNorm = .identity,
    denominators: AlphaBetaRelevance.Denominators = .separate,
    firstConvolution: FirstConvolution = .bounded, pooling: Pooling = .winner,
    dense: Dense = .alphaBeta, includesBias: Bool = false, stabiliser: Double = 0
  ) {
    (self.alpha, self.seed, self.batchNorm) = (alpha, seed, batchNorm)
    (self.denominators, self.firstConvolution) = (denominators, firstConvolution)
    (self.pooling, self.dense) = (pooling, dense)
    (self.includesBias, self.stabiliser) = (includesBias, stabiliser)
  }

  /// The z+ rule in every node: alpha = 1 with joint denominators, the first convolution included.
  public static let zPlus = LRPAlphaBeta(
    alpha: 1, denominators: .joint, firstConvolution: .likeOthers)

  /// The rules of zennit 0.5 on merged batch norm.
  /// - Parameters:
  ///   - alpha: The share of supporting contributions.
  ///   - dense: What dense nodes do; `epsilon` with alpha = 1 is its EpsilonPlus.
  /// - Returns: The method.
  public static func zennit(alpha: Double, dense: Dense = .alphaBeta) -> LRPAlphaBeta {
    LRPAlphaBeta(
      alpha: alpha, batchNorm: .merged, denominators: .joint, firstConvolution: .likeOthers,
      pooling: .gradient, dense: dense, includesBias: true, stabiliser: 1e-6)
  }

  /// Which rule for which node.
  public var composite: Composite {
    let rule = AlphaBetaRelevance(
      alpha: Float(alpha), denominators: denominators, includesBias: includesBias,
      division: stabiliser == 0 ? .orZero : .stabilised(Float(stabiliser)))
    var composite = Composite()
    if firstConvolution == .bounded {
      composite = composite.with(BoundedInputRelevance(), for: .firstConvolution)
    }
    composite = composite.with(rule, for: .convolution)
    composite =
      dense == .alphaBeta
      ? composite.with(rule, for: .dense)
      : composite.with(
        EpsilonRelevance(epsilon: Float(stabiliser), includesBias: includesBias),
        for: .dense)
    if pooling == .winner { composite = composite.with(WinnerTakesAll(), for: .maxPooling) }
    return composite.with(PassingRelevance(), for: .activation)
      .with(PassingRelevance(), for: .batchNorm)
      .with(ProportionalAverage(), for: .averagePooling)
  }

  /// Whether batch norm has no node of its own.
  public var mergesBatchNorm: Bool { batchNorm == .merged }

  /// Parameters must be possible.
  public func requirePossibleParameters() throws(AttributionFailure) {
    guard alpha >= 1, Float(alpha).isFinite else {
      throw AttributionFailure(
        .usage,
        "the alpha-beta rule has alpha = \(alpha); give a number of at least 1 (beta is alpha - 1)")
    }
    guard stabiliser >= 0, Float(stabiliser).isFinite,
      dense == .alphaBeta || Float(stabiliser) > 0
    else {
      throw AttributionFailure(
        .usage,
        "the alpha-beta rule has a stabiliser of \(stabiliser); give a number of at least 0, and "
          + "more than 0 where dense nodes use the epsilon rule")
    }
  }

  /// Where nothing is lost or doubled, maps sum to what entered.
  public func laws(of maps: Tensor, logits: [Double], on network: Network) -> [LawCheck] {
    guard conserves(on: network) else { return [] }
    return Array(conservationOf: maps, expected: seed.relevance(logits), tolerance: 1e-3)
  }

  /// Whether no relevance is lost or doubled but at units without any supporting contribution.
  private func conserves(on network: Network) -> Bool {
    guard alpha == 1, !includesBias, dense == .alphaBeta else { return false }
    let first = network.nodes.first(where: \.isLinear)
    let isBounded = firstConvolution == .bounded && first?.isConvolution == true
    return denominators == .joint || isBounded
  }
}
