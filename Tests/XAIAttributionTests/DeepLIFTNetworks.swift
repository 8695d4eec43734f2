import XAIAttribution
import XAIKernels
import XAINetworks
import XAITensor
import XAITestSupport

/// A random network with batch norms of both signs, images, and baselines.
struct DeepLIFTNetwork {
  let architecture: Architecture
  let parameters: Parameters
  let explained: ExplainedNetwork
  let images: Tensor
  let baselines: Tensor
  let targets: [Int]

  /// Odd extents: pooling drops the last row and the last column, at both poolings of the first.
  static let architectures = [
    Architecture(input: [3, 11, 9], stacks: [[5], [7, 6]], hidden: [9], classes: 4),
    Architecture(input: [2, 7, 13], stacks: [[18, 4]], hidden: [], classes: 3),
    Architecture(
      input: [3, 6, 5], stacks: [[4], [5]], hidden: [7], classes: 3, pooling: false),
    Architecture(
      input: [1, 9, 8], stacks: [[6]], hidden: [5], classes: 2, batchNorm: false),
  ]

  init(_ architecture: Architecture, seed: UInt64 = 1, images count: Int = 3) throws {
    self.architecture = architecture
    let network = Network(architecture)
    var parameters = Parameters.initial(for: network, seed: seed)
    for (name, shape) in network.parameterShapes where shape.count == 1 {
      var stream = RandomStream(seed: seed, purpose: "deep-lift/\(name)")
      let values = stream.normal(shape: shape, mean: 0, standardDeviation: 0.5)
      parameters[name] =
        if name.hasSuffix("_bn.weight") {
          values.map { $0 < 0 ? $0 - 0.7 : $0 + 0.7 }
        } else if name.hasSuffix(".running_var") { values.map { abs($0) + 0.5 } } else { values }
    }
    self.parameters = parameters
    explained = ExplainedNetwork(network, parameters: parameters, backend: try CPUBackend())
    var stream = RandomStream(seed: seed, purpose: "deep-lift/images")
    let shape = [count] + architecture.input
    images = stream.normal(shape: shape, mean: 0, standardDeviation: 1)
    baselines = stream.normal(shape: shape, mean: 0.2, standardDeviation: 0.6)
    targets = (0..<count).map { $0 % architecture.classes }
  }

  var request: AttributionRequest {
    AttributionRequest(images: images, targets: targets, baselines: .one(baselines))
  }

  func attribution(
    of method: any AttributionMethod, _ request: AttributionRequest? = nil,
    in context: AttributionContext = AttributionContext()
  ) throws -> Attribution {
    try method.attribute(request ?? self.request, on: explained, in: context)
  }

  /// Rescale contributions in a form of the network.
  func rescale(in form: NetworkForm) throws -> Tensor {
    func everything(_ tensor: Tensor) throws -> Recording {
      try form.record(try form.backend.upload(tensor), keeping: .everything, algorithm: .direct)
    }
    let multipliers = try BackwardWalk(.rescale(), algorithm: .direct).signal(
      from: try form.seed(at: targets), of: try everything(images),
      reference: try everything(baselines))
    return form.backend.download(multipliers)
      .combined(with: images.combined(with: baselines, -), *)
  }
}
