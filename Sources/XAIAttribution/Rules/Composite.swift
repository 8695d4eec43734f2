public import XAINetworks

/// Which rule for which node: in their order, the first assignment that applies; else the gradient.
public struct Composite: Sendable {
  /// A rule and the nodes it is for.
  public struct Assignment: Sendable {
    /// The nodes.
    public let role: NodeRole
    /// Their rule.
    public let rule: any BackwardRule

    /// Assigns a rule.
    /// - Parameters:
    ///   - rule: The rule.
    ///   - role: The nodes it is for.
    public init(_ rule: any BackwardRule, for role: NodeRole) {
      (self.role, self.rule) = (role, rule)
    }
  }

  /// The assignments, the first that applies being the rule.
  public private(set) var assignments: [Assignment]

  /// Lists assignments; without any, the plain gradient everywhere.
  /// - Parameter assignments: In the order in which they are tried.
  public init(_ assignments: [Assignment] = []) { self.assignments = assignments }

  /// Whether it is the plain gradient everywhere.
  public var isGradient: Bool { assignments.isEmpty }

  /// The composite with one more assignment, behind those it has.
  /// - Parameters:
  ///   - rule: The rule.
  ///   - role: The nodes it is for.
  /// - Returns: The longer composite.
  public func with(_ rule: any BackwardRule, for role: NodeRole) -> Composite {
    Composite(assignments + [Assignment(rule, for: role)])
  }

  /// The composite with one more assignment, behind those it has.
  /// - Parameters:
  ///   - rule: The rule.
  ///   - applies: Whether it is for this node of this network.
  /// - Returns: The longer composite.
  public func with(
    _ rule: any BackwardRule, for applies: @escaping @Sendable (Node, Network) -> Bool
  ) -> Composite {
    with(rule, for: NodeRole(applies))
  }

  /// The composite with all assignments of another one behind those it has.
  /// - Parameter other: The other composite.
  /// - Returns: The longer composite.
  public func with(_ other: Composite) -> Composite {
    Composite(assignments + other.assignments)
  }

  /// The rule for a node.
  /// - Parameters:
  ///   - node: The node.
  ///   - network: Its network.
  /// - Returns: The rule.
  public func rule(for node: Node, in network: Network) -> any BackwardRule {
    assignments.first { $0.role.isPlayed(by: node, in: network) }?.rule ?? Gradient()
  }

  /// What of a forward pass the rules read together.
  /// - Parameter network: The network.
  /// - Returns: The largest extent of all rules.
  public func extent(in network: Network) -> Recording.Extent {
    network.nodes.map { node in
      let rule = rule(for: node, in: network)
      // Before a pooling the pooling's output decides what a gate lets pass.
      return node.isActivation && rule is any Gate ? .winners : rule.extent
    }.max() ?? .gates
  }
}
