public import XAINetworks

/// A procedure that tells how much each pixel contributed to a logit.
///
/// The stored properties are its parameters: they are encoded into results and decoded from the
/// user's, so that a result can be reproduced from what it says about itself.
public protocol AttributionMethod: Codable, Sendable {
  /// What the method compares images with.
  var baselineNeed: BaselineNeed { get }
  /// What the method compares images with, or would if it were given it.
  var usefulBaseline: BaselineNeed { get }
  /// What it compares with where nobody chose; `nil` where it compares with nothing.
  var defaultBaseline: BaselineKind? { get }
  /// Whether maps have the sign of the logit, so that a negative one turns them around.
  var takesLogit: Bool { get }
  /// What the sign of its maps means.
  var meaning: MapMeaning { get }
  /// Whether its maps are enlarged from those of a layer, so that pictures may smooth them.
  var isEnlarged: Bool { get }
  /// Whether it draws random numbers.
  var isStochastic: Bool { get }
  /// Whether it uses the noise of a request.
  var takesNoise: Bool { get }

  /// Why the method cannot explain a network.
  /// - Parameter network: The network.
  /// - Returns: A sentence; `nil` where it can.
  func obstacle(on network: Network) -> String?

  /// Checks a request as far as that is possible without work; `AttributionRequest.validate(for:)` comes first.
  /// - Parameters:
  ///   - request: What is to be explained.
  ///   - network: The network.
  /// - Returns: The method with the parameters that it really uses: where the request or a file says
  ///   how many samples there are, these.
  /// - Throws: `AttributionFailure` where the request cannot be served, `FileFailure`.
  func prepared(for request: AttributionRequest, on network: Network) throws -> Self

  /// What the method costs.
  /// - Parameters:
  ///   - request: What is to be explained.
  ///   - network: The network.
  /// - Returns: The cost for all images together.
  func cost(of request: AttributionRequest, on network: Network) -> AttributionCost

  /// Computes maps; a method of your own calls `AttributionRequest.validate(for:)` first, as all do.
  /// - Parameters:
  ///   - request: What is to be explained.
  ///   - network: The network, which is not modified.
  ///   - context: Memory, progress, interruption.
  /// - Returns: One map for each image.
  /// - Throws: `AttributionFailure` where the request cannot be served, `KernelFailure`,
  ///   `FileFailure`, or `AttributionStopped`.
  func attribute(
    _ request: AttributionRequest, on network: ExplainedNetwork, in context: AttributionContext
  ) throws -> Attribution

  /// What the method costs for several networks that have layers in common.
  /// - Parameters:
  ///   - request: What is to be explained.
  ///   - family: The networks.
  /// - Returns: The cost for all images and networks together.
  func cost(of request: AttributionRequest, on family: NetworkFamily) -> AttributionCost

  /// Computes the maps of several networks that have layers in common.
  ///
  /// Every random draw is the same for all of them.
  /// - Parameters:
  ///   - request: What is to be explained; its targets are not used.
  ///   - family: The networks with their targets, which are not modified.
  ///   - context: Memory, progress, interruption.
  /// - Returns: For each member what `attribute(_:on:in:)` returns.
  /// - Throws: As for one network.
  func attribute(
    _ request: AttributionRequest, on family: NetworkFamily, in context: AttributionContext
  ) throws -> [Attribution]
}

extension AttributionMethod {
  /// Most methods compare with nothing.
  public var baselineNeed: BaselineNeed { .none }
  /// Most methods use what they need, and nothing else.
  public var usefulBaseline: BaselineNeed { baselineNeed }
  /// One baseline is the image blurred, several are images of the data.
  public var defaultBaseline: BaselineKind? {
    switch baselineNeed {
    case .none: nil
    case .one: .blur
    case .several: .data(BaselineKind.defaultCount)
    }
  }
  /// The maps of most methods have no sign of their own.
  public var takesLogit: Bool { false }
  /// Most methods tell what speaks for the class and what against it.
  public var meaning: MapMeaning { .relevance }
  /// Most maps are as fine as the image.
  public var isEnlarged: Bool { false }
  /// Most methods draw nothing.
  public var isStochastic: Bool { false }
  /// Most methods add no noise.
  public var takesNoise: Bool { false }
  /// Most methods explain every network.
  public func obstacle(on network: Network) -> String? { nil }
  /// Most methods serve every request that is valid.
  public func prepared(for request: AttributionRequest, on network: Network) throws -> Self {
    try request.validate(for: network)
    return self
  }

  /// The sum over the networks.
  public func cost(of request: AttributionRequest, on family: NetworkFamily) -> AttributionCost {
    let one = cost(of: request, on: family.base.network).walks
    return AttributionCost(walks: one * Double(family.members.count))
  }

  /// One network after the other.
  public func attribute(
    _ request: AttributionRequest, on family: NetworkFamily, in context: AttributionContext
  ) throws -> [Attribution] {
    try family.members.map { member in
      var request = request
      request.targets = member.targets
      return try attribute(request, on: member.network, in: context)
    }
  }
}

/// What a method compares images with.
public enum BaselineNeed: String, Sendable, Codable {
  /// Nothing.
  case none
  /// One baseline for each image.
  case one
  /// A distribution.
  case several
}
