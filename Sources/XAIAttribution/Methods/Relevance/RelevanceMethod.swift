import XAIKernels
public import XAINetworks
public import XAITensor

/// Layer-wise relevance propagation: what enters at a logit is handed back to the pixels, each node by the
/// rule that a composite names.
///
/// Bach et al. 2015, On Pixel-Wise Explanations. A method of your own is a value with parameters, and a composite:
///
///     struct MyRelevance: RelevanceMethod {
///       var seed = RelevanceSeed.unit
///       var gamma = 0.5
///       var composite: Composite { .gamma(Float(gamma)) }
///     }
///
/// `attribute`, `cost` and the rest follow from these.
public protocol RelevanceMethod: BackpropagatingMethod {
  /// What enters at the target's logit.
  var seed: RelevanceSeed { get }
  /// Whether batch norm is merged into the linear node before it, or a node with a rule of its own.
  var mergesBatchNorm: Bool { get }
  /// Which rule for which node, whatever is explained.
  var composite: Composite { get }

  /// Which rule for which node.
  /// - Parameter request: What is explained, of which rules may need the bounds of pixels.
  /// - Returns: The composite.
  func composite(for request: AttributionRequest) -> Composite

  /// Checks the parameters.
  /// - Throws: `AttributionFailure` where one is out of its range.
  func requirePossibleParameters() throws(AttributionFailure)

  /// How far maps keep the law of conservation.
  /// - Parameters:
  ///   - maps: `[N, C, H, W]`.
  ///   - logits: The logit of each image's target, of which the seed makes what entered there.
  ///   - network: The network.
  /// - Returns: One for each map; none where relevance is lost or doubled on purpose.
  func laws(of maps: Tensor, logits: [Double], on network: Network) -> [LawCheck]

  /// What a user should know about maps besides.
  /// - Parameter request: What was explained.
  /// - Returns: Notes.
  func notes(on request: AttributionRequest) -> [Attribution.Note]
}

extension RelevanceMethod {
  /// Where the logit enters.
  public var takesLogit: Bool { seed == .logit }
  /// Merged, as by zennit's canonizer.
  public var mergesBatchNorm: Bool { true }
  /// The same for all requests.
  public func composite(for request: AttributionRequest) -> Composite { composite }
  /// Whatever they are.
  public func requirePossibleParameters() throws(AttributionFailure) {}
  /// Most composites lose or double relevance on purpose.
  public func laws(of maps: Tensor, logits: [Double], on network: Network) -> [LawCheck] { [] }
  /// Most have nothing to tell.
  public func notes(on request: AttributionRequest) -> [Attribution.Note] { [] }

  /// A forward pass, and a backward pass of about four times its cost, for each image.
  public func cost(of request: AttributionRequest, on network: Network) -> AttributionCost {
    AttributionCost(walks: 5 * Double(request.count))
  }

  /// Parameters must be possible.
  public func prepared(for request: AttributionRequest, on network: Network) throws -> Self {
    try request.validate(for: network)
    try requirePossibleParameters()
    return self
  }

  /// Computes maps.
  public func attribute(
    _ request: AttributionRequest, on network: ExplainedNetwork, in context: AttributionContext
  ) throws -> Attribution {
    try request.validate(for: network)
    try requirePossibleParameters()
    let (maps, logits) = try form(of: network).relevance(
      request, seed: seed, composite: composite(for: request), in: context)
    return Attribution(
      maps: maps, laws: laws(of: maps, logits: logits, on: network.network),
      notes: notes(on: request))
  }

  /// Relevance, whatever it starts from.
  public func backpropagation(on network: ExplainedNetwork) -> Backpropagation? {
    Backpropagation(form(of: network), composite, algorithm: .direct)
  }

  private func form(of network: ExplainedNetwork) -> NetworkForm {
    mergesBatchNorm ? network.merged() : network.trained
  }
}

/// What enters at the target's logit.
public enum RelevanceSeed: String, Sendable, Codable {
  /// 1, so that maps of different networks compare.
  case unit
  /// The logit, as in Bach et al. 2015: relevance then has the logit's sign, and a negative logit turns
  /// the whole map around. A target that was fixed before the weights were randomized, or a class that
  /// is not in the image, often has a negative logit: a comparison then sees a flipped sign and takes it
  /// for another explanation.
  case logit

  /// What enters.
  /// - Parameter logits: The logit of each image's target.
  /// - Returns: Ones, or the logits.
  public func relevance(_ logits: [Double]) -> [Double] {
    self == .unit ? logits.map { _ in 1 } : logits
  }
}

/// How relevance passes batch norm.
public enum RelevanceBatchNorm: String, Sendable, Codable {
  /// Unchanged, as in the code of Nam et al. 2020.
  case identity
  /// There is none: it is merged into the linear node before it, as by zennit's canonizer. The same as
  /// `identity` in rules without bias as long as no slope is negative.
  case merged
}
