import XAINetworks

/// A method that explains the networks of a family together: what they have in common runs forward once.
public protocol FamilyMethod: AttributionMethod {
  /// Computes the maps of all members of a family.
  /// - Parameters:
  ///   - request: What is to be explained; the members' targets stand for its own.
  ///   - family: The networks with their targets, which are not modified.
  ///   - context: Memory, progress, interruption.
  /// - Returns: One result for each member.
  /// - Throws: As for one network.
  func attributions(
    _ request: AttributionRequest, on family: NetworkFamily, in context: AttributionContext
  ) throws -> [Attribution]
}

extension FamilyMethod {
  /// As many backward passes as networks, and the forward passes that are left.
  public func cost(of request: AttributionRequest, on family: NetworkFamily) -> AttributionCost {
    let one = cost(of: request, on: family.base.network).walks
    return AttributionCost(
      walks: one / 2 * (family.forwardWalks + Double(family.members.count)))
  }

  /// Computes maps.
  public func attribute(
    _ request: AttributionRequest, on network: ExplainedNetwork, in context: AttributionContext
  ) throws -> Attribution {
    try request.validate(for: network)
    return try attributions(
      request, on: NetworkFamily(network, targets: request.targets), in: context)[0]
  }

  /// Computes the maps of several networks; what they have in common runs forward once.
  public func attribute(
    _ request: AttributionRequest, on family: NetworkFamily, in context: AttributionContext
  ) throws -> [Attribution] {
    try request.validate(for: family)
    // The request's own targets count for nothing, whatever they are.
    guard let first = family.members.first else { return [] }
    var request = request
    request.targets = first.targets
    return try attributions(request, on: family, in: context)
  }
}
