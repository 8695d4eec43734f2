public import XAINetworks
import XAITensor

/// A pure function from trained parameters to parameters with some random layers.
///
/// Every tensor of every layer has a random stream of its own, named by the seed and the tensor. So
/// layers of equal shape get different weights, no draw depends on which other layers are random, and a
/// step of a cascade keeps the draws of the step before. The streams are not those of training's
/// initialization: a seed never gives a network back its own untrained weights.
public struct Randomization: Sendable, Equatable, Codable {
  /// Where weights and biases come from.
  public var initializer: WeightInitializer
  /// What happens to batch norm.
  public var batchNorm: BatchNormPolicy

  enum CodingKeys: String, CodingKey {
    case initializer
    case batchNorm = "batch_norm"
  }

  /// Chooses a procedure.
  /// - Parameters:
  ///   - initializer: Where weights and biases come from.
  ///   - batchNorm: What happens to batch norm.
  public init(initializer: WeightInitializer = .heNormal, batchNorm: BatchNormPolicy = .reset) {
    (self.initializer, self.batchNorm) = (initializer, batchNorm)
  }

  /// Parameters with some layers randomized, all other tensors as they are, bit for bit.
  ///
  /// With `recalibrate` the running statistics are those of `reset`; `RunningStatistics` estimates them.
  /// Randomizing layers one after the other gives the same as all at once.
  /// - Parameters:
  ///   - layers: Names of convolutions and dense layers.
  ///   - parameters: The trained parameters, or those of an earlier step of the same seed.
  ///   - network: Whose parameters they are.
  ///   - seed: Which draw.
  /// - Returns: All parameters of the network.
  public func randomize(
    _ layers: some Collection<String>, of parameters: Parameters, in network: Network,
    seed: UInt64
  ) -> Parameters {
    var result = parameters
    for name in layers {
      let index = network.nodes.firstIndex { $0.name == name }
      precondition(index != nil, "no layer is named \(name)")
      guard let index else { continue }
      let node = network.nodes[index]
      precondition(
        node.operation == .convolution || node.operation == .dense, "\(name) has no weights")
      drawWeights(of: node, into: &result, seed: seed)
      if index + 1 < network.nodes.count, network.nodes[index + 1].operation == .batchNorm,
        batchNorm != .keep
      {
        for (name, shape) in network.nodes[index + 1].parameterShapes {
          result[name] = Self.untrainedBatchNorm(name, shape)
        }
      }
    }
    return result
  }

  private func drawWeights(of node: Node, into parameters: inout Parameters, seed: UInt64) {
    let fanIn = node.inputShape[0] * (node.operation == .convolution ? 9 : 1)
    for (name, _) in node.parameterShapes {
      guard let trained = parameters[name] else { continue }
      parameters[name] = initializer.draw(
        like: trained, fanIn: fanIn, isBias: name.hasSuffix(".bias"),
        from: RandomStream(seed: seed, purpose: "randomization/\(name)"))
    }
  }

  private static func untrainedBatchNorm(_ name: String, _ shape: [Int]) -> Tensor {
    let isOne = name.hasSuffix(".weight") || name.hasSuffix(".running_var")
    return Tensor(shape: shape, repeating: isOne ? 1 : 0)
  }
}
