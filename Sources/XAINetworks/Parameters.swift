public import XAITensor

/// The parameters of a network by name, in node order, with value semantics.
public struct Parameters: Sendable, Equatable {
  /// The names, in node order.
  public private(set) var names: [String] = []
  private var tensors: [String: Tensor] = [:]

  /// Starts empty.
  public init() {}

  /// One parameter; setting a new name appends it.
  /// - Parameter name: Such as `conv1.weight` or `conv1_bn.running_mean`.
  public subscript(name: String) -> Tensor? {
    get { tensors[name] }
    set {
      if tensors[name] == nil, newValue != nil { names.append(name) }
      if newValue == nil { names.removeAll { $0 == name } }
      tensors[name] = newValue
    }
  }

  /// Whether a name is a running statistic of batch norm: kept, but not trained.
  /// - Parameter name: A parameter's name.
  /// - Returns: Whether gradient descent leaves it alone.
  public static func isRunningStatistic(_ name: String) -> Bool {
    name.hasSuffix(".running_mean") || name.hasSuffix(".running_var")
  }

  /// The parameters of an untrained network.
  ///
  /// He normal weights (fan-in; He et al. 2015), zero biases, batch norm as identity. Each tensor has a random stream of its own, so that layers of equal shape differ and none depends
  /// on the others.
  /// - Parameters:
  ///   - network: The network.
  ///   - seed: The run's seed.
  /// - Returns: All parameters.
  public static func initial(for network: Network, seed: UInt64) -> Parameters {
    var parameters = Parameters()
    for (name, shape) in network.parameterShapes {
      if name.hasSuffix(".weight"), shape.count > 1 {
        let fanIn = shape.dropFirst().reduce(1, *)
        var stream = RandomStream(seed: seed, purpose: "initialization/\(name)")
        parameters[name] = stream.normal(
          shape: shape, standardDeviation: (2 / Double(fanIn)).squareRoot())
      } else {
        let isOne = name.hasSuffix("_bn.weight") || name.hasSuffix(".running_var")
        parameters[name] = Tensor(shape: shape, repeating: isOne ? 1 : 0)
      }
    }
    return parameters
  }

  /// Checks that these are the parameters of a network: all there, in shape, finite.
  /// - Parameters:
  ///   - network: The network.
  ///   - source: Where the parameters come from, for messages.
  /// - Throws: The first that does not fit.
  public func validate(for network: Network, source: String) throws(NetworkFailure) {
    for (name, shape) in network.parameterShapes {
      guard let tensor = self[name] else {
        throw NetworkFailure(
          "\(source): tensor \(name) is missing; the checkpoint is of another architecture")
      }
      guard tensor.shape == shape else {
        throw NetworkFailure(
          "\(source): tensor \(name) has shape \(tensor.shape), the architecture needs \(shape)")
      }
      guard tensor.isFinite else {
        throw NetworkFailure(
          "\(source): tensor \(name) holds NaN or infinity; the training that wrote it diverged "
            + "or the file was damaged")
      }
      if name.hasSuffix(".running_var"), let value = tensor.elements.first(where: { $0 < 0 }) {
        throw NetworkFailure(
          "\(source): tensor \(name) holds \(value), a negative variance, which no network has; the file "
            + "was damaged, or its tensors are of another layer")
      }
    }
  }
}
