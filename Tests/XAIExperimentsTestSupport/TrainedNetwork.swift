package import XAIExperiments
package import XAINetworks
import XAITensor
import XAITestSupport

/// A small network with parameters that no initialization makes.
package struct TrainedNetwork {
  package let network: Network
  package let parameters: Parameters

  package init(batchNorm: Bool = true) {
    network = Network(
      Architecture(
        input: [3, 16, 16], stacks: [[16, 16], [16, 16]], hidden: [64], classes: 10,
        batchNorm: batchNorm))
    var parameters = Parameters()
    for (name, shape) in network.parameterShapes {
      let fanIn = shape.count > 1 ? Double(shape.dropFirst().reduce(1, *)) : 50
      let mean = name.hasSuffix("running_var") || name.hasSuffix("_bn.weight") ? 1.0 : 0.01
      parameters[name] =
        ReferenceArray.random(
          shape, "trained/\(name)", mean: mean, standardDeviation: 1 / fanIn.squareRoot()
        ).tensor.map { name.hasSuffix("running_var") ? abs($0) : $0 }
    }
    self.parameters = parameters
  }

  package var layers: [String] { RandomizationPlan.layers(of: network) }

  package func randomized(
    _ layers: [String], _ randomization: Randomization = Randomization(), seed: UInt64 = 1
  ) -> Parameters {
    randomization.randomize(layers, of: parameters, in: network, seed: seed)
  }

  /// The names of tensors that differ from the trained ones.
  package func changes(_ other: Parameters) -> Set<String> {
    Set(parameters.names.filter { parameters[$0] != other[$0] })
  }
}
