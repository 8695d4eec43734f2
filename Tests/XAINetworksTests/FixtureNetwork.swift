import XAIFiles
import XAIKernels
import XAINetworks
import XAITensor
import XAITestSupport

/// A network of the reference fixtures, as ours and as the reference's.
struct FixtureNetwork {
  let network: Network
  let parameters: Parameters
  let reference: ReferenceNetwork
  let images: Tensor
  let inputs: SafetensorsFile

  static let architectures = [
    "A": Architecture(
      input: [3, 16, 16], stacks: [[8, 8], [16, 16]], hidden: [32, 24], classes: 10),
    "B": Architecture(input: [3, 24, 16], stacks: [[6], [10, 12, 12]], hidden: [20], classes: 5),
    "N": Architecture(
      input: [3, 8, 8], stacks: [[6, 6]], hidden: [16], classes: 4, pooling: false),
    "F": Architecture(input: [3, 6, 6], stacks: [], hidden: [20, 16], classes: 5),
  ]

  init(_ name: String) throws {
    let architecture = Self.architectures[name] ?? .vgg16Tiny
    network = Network(architecture)
    let checkpoint = try Checkpoint(
      path: Fixture.path("network\(name)/parameters.safetensors"), architecture: architecture)
    parameters = checkpoint.parameters
    reference = ReferenceNetwork(architecture, parameters)
    inputs = try SafetensorsFile(path: Fixture.path("network\(name)/inputs.safetensors"))
    images = try inputs.tensor("images")
  }
}

extension ReferenceNetwork {
  /// The reference's network of the same layers and parameters.
  init(_ architecture: Architecture, _ parameters: Parameters) {
    var arrays: [String: ReferenceArray] = [:]
    for name in parameters.names {
      if let tensor = parameters[name] { arrays[name] = ReferenceArray(tensor) }
    }
    self.init(
      stacks: architecture.stacks.map(\.count), hidden: architecture.hidden.count,
      pooling: architecture.pooling, averaging: architecture.globalAveragePooling,
      adaptive: architecture.adaptivePooling, batchNorm: architecture.batchNorm,
      denseBatchNorm: architecture.denseBatchNorm, parameters: arrays)
  }
}

/// A small architecture in JSON, with changes.
func architectureJSON(_ changes: [String: String?] = [:]) -> String {
  var members: [String: String] = [
    "input": "[3, 8, 8]", "stacks": "[[4], [6, 6]]", "hidden": "[10]", "classes": "5",
  ]
  for (key, value) in changes { members[key] = value }
  let pairs = members.sorted { $0.key < $1.key }.map { "\"\($0.key)\": \($0.value)" }
  return "{\(pairs.joined(separator: ", "))}"
}

/// Parameters of which no tensor is trivial: batch norm's gammas, betas and moments are drawn too.
func livelyParameters(for network: Network, seed: UInt64 = 5) -> Parameters {
  var parameters = Parameters.initial(for: network, seed: seed)
  for (name, shape) in network.parameterShapes where shape.count == 1 {
    var stream = RandomStream(seed: seed, purpose: "lively/\(name)")
    var tensor = stream.normal(shape: shape, standardDeviation: 0.3)
    if name.hasSuffix("_bn.weight") || name.hasSuffix("running_var") {
      for index in 0..<tensor.count { tensor[index] = 1 + abs(tensor[index]) }
    }
    parameters[name] = tensor
  }
  return parameters
}
