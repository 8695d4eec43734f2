import Testing
import XAIAttribution
import XAIFiles
import XAIKernels
import XAINetworks
import XAITensor
import XAITestSupport

/// A network of the reference fixtures with its images, targets and baselines.
struct FixtureNetwork {
  let network: Network
  let parameters: Parameters
  let explained: ExplainedNetwork
  let inputs: SafetensorsFile
  /// `[3, C, H, W]`.
  let images: Tensor
  /// One class for each image.
  let targets: [Int]

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
    let checkpoint = try Checkpoint(
      path: Fixture.path("network\(name)/parameters.safetensors"), architecture: architecture)
    network = checkpoint.network
    parameters = checkpoint.parameters
    explained = ExplainedNetwork(network, parameters: parameters, backend: try CPUBackend())
    inputs = try SafetensorsFile(path: Fixture.path("network\(name)/inputs.safetensors"))
    images = try inputs.tensor("images")
    targets = try inputs.integers("targets").map { Int($0) }
  }

  /// The fixture's images and targets, and one of its baselines.
  func request(baseline: String? = nil) throws -> AttributionRequest {
    AttributionRequest(
      images: images, targets: targets,
      baselines: try baseline.map { Baselines.one(try inputs.tensor("baseline.\($0)")) })
  }

  /// The fixture's images in which exact ties decide.
  func tiesRequest(baseline: String? = nil) throws -> AttributionRequest {
    AttributionRequest(
      images: try inputs.tensor("ties.images"),
      targets: try inputs.integers("ties.targets").map { Int($0) },
      baselines: try baseline.map { Baselines.one(try inputs.tensor("baseline.\($0)")) })
  }

  /// The maps of a method of the catalog with its default parameters.
  func maps(of identifier: String, _ request: AttributionRequest) throws -> Tensor {
    try attribution(of: try #require(MethodCatalog.entry(identifier)).method, request).maps
  }

  /// The result of a method.
  func attribution(
    of method: any AttributionMethod, _ request: AttributionRequest,
    in context: AttributionContext = AttributionContext()
  ) throws -> Attribution {
    try method.attribute(request, on: explained, in: context)
  }
}
