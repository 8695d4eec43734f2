import Testing
import XAIAttribution
import XAIFiles
import XAIKernels
import XAINetworks
import XAITensor
import XAITestSupport

/// A network of torchvision's VGG family with overlapping adaptive pooling, read from its own state
/// dictionary; maps were computed in Double by a literal program of another project.
@Suite struct TorchvisionTests {
  private let explained: ExplainedNetwork
  private let expected: SafetensorsFile
  private let request: AttributionRequest

  init() throws {
    let architecture = Architecture(
      input: [3, 40, 36], stacks: [[8], [12], [16, 16]], hidden: [20, 20], classes: 10,
      adaptivePooling: [2, 2], denseBatchNorm: false)
    let checkpoint = try Checkpoint(
      path: Fixture.path("vgg-bn/state.safetensors"), architecture: architecture)
    explained = ExplainedNetwork(
      checkpoint.network, parameters: checkpoint.parameters, backend: try CPUBackend())
    expected = try SafetensorsFile(path: Fixture.path("vgg-bn/expected.safetensors"))
    let images = try expected.tensor("images")
    request = AttributionRequest(
      images: images, targets: try expected.integers("targets").map { Int($0) },
      baselines: .one(Tensor(shape: images.shape)))
  }

  @Test func `logits are those of PyTorch in Double`() throws {
    for algorithm in ConvolutionAlgorithm.allCases {
      let form = explained.merged()
      let recording = try form.record(
        try form.backend.upload(request.images), keeping: .logits, algorithm: algorithm)
      expectClose(
        form.backend.download(recording.output).elements.map(Double.init),
        try expected.doubles("logits"), relative: 1e-5, "logits")
    }
  }

  @Test(arguments: [
    "gradient", "guided-backprop", "deconvnet", "deep-lift", "integrated-gradients", "lrp-epsilon",
    "lrp-z-plus",
  ])
  func `maps are those of the definition in Double`(_ name: String) throws {
    let method: any AttributionMethod =
      switch name {
      case "gradient": InputGradient()
      case "guided-backprop": GuidedBackprop()
      case "deconvnet": DeconvNet()
      case "deep-lift": DeepLIFT()
      case "integrated-gradients": IntegratedGradients(steps: 32)
      case "lrp-epsilon": LRPEpsilon.zennit
      default:
        LRPAlphaBeta(
          alpha: 1, batchNorm: .merged, denominators: .joint, firstConvolution: .likeOthers,
          pooling: .gradient)
      }
    let map = try method.attribute(request, on: explained, in: AttributionContext()).maps
    expectClose(map, try expected.tensor(name), relative: 1e-4, name)
  }

  @Test func `Grad-CAM of the pooled maps is that of the definition`() throws {
    let form = explained.merged()
    let expected = try expected.tensor("grad-cam")
    let pool = try #require(form.index(of: "avgpool"))
    let recording = try form.record(
      try form.backend.upload(request.images), keeping: .everything, algorithm: .direct)
    let output = form.backend.download(try #require(recording.output(of: pool)))
    let gradient = form.backend.download(
      try BackwardWalk(Composite(), algorithm: .direct).signal(
        from: try form.seed(at: request.targets), of: recording, at: pool))
    let (channels, plane) = (output.shape[1], output.shape[2] * output.shape[3])
    let map = (0..<plane).map { position in
      (0..<channels).reduce(0.0) { sum, channel in
        let slopes = gradient.elements[channel * plane..<(channel + 1) * plane]
        let mean = slopes.reduce(0.0) { $0 + Double($1) } / Double(plane)
        return sum + mean * Double(output.elements[channel * plane + position])
      }
    }
    expectClose(map, expected.elements.map(Double.init), relative: 1e-5, "grad-cam")
  }
}
