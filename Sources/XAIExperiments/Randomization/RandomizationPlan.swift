public import XAINetworks

/// The steps of a randomization test: which layers lose what they learned, in which order.
///
/// A layer is a convolution or dense node together with the batch norm that follows it: the modified VGG-16
/// has 13, named `conv1` ... `conv10`, `fc1`, `fc2`, `fc3`.
public struct RandomizationPlan: Sendable, Equatable {
  /// One step.
  public struct Step: Sendable, Equatable {
    /// Its number in the mode, from 0; the same whatever part of the steps is run.
    public let index: Int
    /// The layer that this step adds, such as `fc3`.
    public let name: String
    /// All layers that are random at this step, in the order in which they became so.
    public let layers: [String]
  }

  /// The order.
  public let mode: RandomizationMode
  /// The steps, in order.
  public let steps: [Step]

  /// Plans the steps of a network.
  /// - Parameters:
  ///   - network: Any network.
  ///   - mode: The order.
  public init(_ network: Network, mode: RandomizationMode) {
    let upward = Self.layers(of: network)
    let order = mode == .bottomUp ? upward : upward.reversed()
    self.mode = mode
    steps = order.indices.map { index in
      let isAlone = mode == .independent
      return Step(
        index: index, name: order[index],
        layers: isAlone ? [order[index]] : Array(order[...index]))
    }
  }

  private init(_ mode: RandomizationMode, _ steps: [Step]) {
    (self.mode, self.steps) = (mode, steps)
  }

  /// The names of the layers that can be randomized.
  /// - Parameter network: Any network.
  /// - Returns: Names from the input up.
  public static func layers(of network: Network) -> [String] {
    network.nodes.filter { $0.operation == .convolution || $0.operation == .dense }.map(\.name)
  }

  /// The steps between two layers, both included, whichever comes first.
  ///
  /// Which layers are random at a step does not change: a cascade that starts at `conv5` still has
  /// randomized all layers above it.
  /// - Parameters:
  ///   - first: A layer.
  ///   - last: A layer.
  /// - Returns: A part of this plan.
  /// - Throws: `ExperimentFailure` where a name is no layer of the network.
  public func steps(
    from first: String, through last: String
  ) throws(ExperimentFailure) -> RandomizationPlan {
    let ends = [try index(of: first), try index(of: last)].sorted()
    return RandomizationPlan(mode, Array(steps[ends[0]...ends[1]]))
  }

  private func index(of name: String) throws(ExperimentFailure) -> Int {
    if let index = steps.firstIndex(where: { $0.name == name }) { return index }
    throw ExperimentFailure(.unknownLayer(name, layers: steps.map(\.name)))
  }
}
