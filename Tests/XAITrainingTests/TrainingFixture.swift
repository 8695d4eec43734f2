import XAIFiles
import XAIKernels
import XAINetworks
import XAITensor
import XAITestSupport
import XAITraining

/// A network, its batch of eight images and PyTorch's steps on it.
struct TrainingFixture {
  let network: Network
  let parameters: Parameters
  let images: Tensor
  let labels: [Int]
  let expected: ReferenceFile

  init(_ name: String) throws {
    let architecture =
      name == "A"
      ? Architecture(
        input: [3, 16, 16], stacks: [[8, 8], [16, 16]], hidden: [32, 24], classes: 10)
      : Architecture(input: [3, 24, 16], stacks: [[6], [10, 12, 12]], hidden: [20], classes: 5)
    network = Network(architecture)
    parameters = try Checkpoint(
      path: Fixture.path("network\(name)/parameters.safetensors"), architecture: architecture
    ).parameters
    expected = try ReferenceFile("network\(name)/training")
    images = try expected.file.tensor("images")
    labels = try expected.file.integers("labels").map(Int.init)
  }

  /// The reference's network of these parameters.
  var reference: ReferenceNetwork {
    var arrays: [String: ReferenceArray] = [:]
    for name in parameters.names {
      if let tensor = parameters[name] { arrays[name] = ReferenceArray(tensor) }
    }
    let architecture = network.architecture
    return ReferenceNetwork(
      stacks: architecture.stacks.map(\.count), hidden: architecture.hidden.count,
      parameters: arrays)
  }

  /// The fixture's constants.
  static func settings(nesterov: Bool) -> GradientDescent.Settings {
    var settings = GradientDescent.Settings()
    settings.momentum = 0.9
    settings.nesterov = nesterov
    settings.weightDecay = 0.005
    return settings
  }
}
