public import XAIKernels
public import XAINetworks

/// Sends a signal from a node's output to its input.
public protocol BackwardRule: Sendable {
  /// What of the forward pass the rule reads.
  var extent: Recording.Extent { get }

  /// Walks one step back.
  /// - Parameters:
  ///   - signal: What arrives at the output: the shape of the output, blocked.
  ///   - step: The node and the forward pass.
  /// - Returns: The signal at the input: the shape of the input, blocked.
  /// - Throws: Where a kernel fails.
  func propagate(
    _ signal: DeviceTensor, through step: BackwardStep
  ) throws(KernelFailure) -> DeviceTensor
}

extension BackwardRule {
  /// Gates suffice for most rules.
  public var extent: Recording.Extent { .gates }
}

/// Which rule for which node: the first assignment that applies, else the gradient.
public struct Composite: Sendable {
  /// A rule and the nodes it is for.
  public struct Assignment: Sendable {
    let applies: @Sendable (Node, Network) -> Bool
    let rule: any BackwardRule
  }

  private var assignments: [Assignment] = []

  /// The plain gradient everywhere.
  public init() {}

  /// Whether it is the plain gradient everywhere.
  public var isGradient: Bool { assignments.isEmpty }

  /// The composite with one more assignment, behind those it has.
  /// - Parameters:
  ///   - rule: The rule.
  ///   - applies: Whether it is for this node of this network.
  /// - Returns: The longer composite.
  public func with(
    _ rule: any BackwardRule, for applies: @escaping @Sendable (Node, Network) -> Bool
  ) -> Composite {
    var longer = self
    longer.assignments.append(Assignment(applies: applies, rule: rule))
    return longer
  }

  /// The composite with one more assignment to an operation.
  /// - Parameters:
  ///   - rule: The rule.
  ///   - operation: What the nodes do.
  /// - Returns: The longer composite.
  public func with(_ rule: any BackwardRule, forEvery operation: Node.Operation) -> Composite {
    with(rule) { node, _ in node.operation == operation }
  }

  /// The rule for a node.
  /// - Parameters:
  ///   - node: The node.
  ///   - network: Its network.
  /// - Returns: The rule.
  public func rule(for node: Node, in network: Network) -> any BackwardRule {
    assignments.first { $0.applies(node, network) }?.rule ?? Gradient()
  }

  /// What of a forward pass the rules read together.
  /// - Parameter network: The network.
  /// - Returns: The largest extent of all rules.
  public func extent(in network: Network) -> Recording.Extent {
    network.nodes.map { node in
      let rule = rule(for: node, in: network)
      // Before a pooling the pooling's output decides what a gate lets pass.
      return node.operation == .relu && rule is any Gate ? .winners : rule.extent
    }.max() ?? .gates
  }
}
