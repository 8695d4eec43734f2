import Testing
import XAIAttribution
import XAIExperimentsTestSupport
import XAIKernels
import XAINetworks
import XAITensor
import XAITestSupport

/// Networks with layers in common are explained as each would be alone.
@Suite struct NetworkFamilyTests {
  private let trained = TrainedNetwork()
  private let original: ExplainedNetwork
  private let random: ExplainedNetwork
  private let request: AttributionRequest

  init() throws {
    let backend = try CPUBackend()
    original = ExplainedNetwork(
      trained.network, parameters: trained.parameters, backend: backend)
    random = ExplainedNetwork(
      trained.network, parameters: trained.randomized(trained.layers), backend: backend)
    let images = ReferenceArray.random([3, 3, 16, 16], "family images").tensor
    request = AttributionRequest(
      images: images, pixels: images.map { min(max($0, 0), 1) }, targets: [1, 4, 9],
      baselines: .one(images.map { $0 / 2 }), seed: 7)
  }

  private var members: [(layers: [String], network: ExplainedNetwork)] {
    let layers = [["fc2"], ["conv3"], ["fc1", "fc2"], ["conv1"], trained.layers, []]
    return layers.map { ($0, original.replacing($0, from: random)) }
  }

  static let methods: [(String, any AttributionMethod)] = [
    ("saliency", Saliency()),
    ("guided backprop", GuidedBackprop()),
    ("integrated gradients", IntegratedGradients(steps: 7)),
    ("gradient SHAP", GradientSHAP(samples: 5, standardDeviation: 0.1)),
    ("smoothed", NoiseTunnel(IntegratedGradients(steps: 3), samples: 4)),
    ("variance", NoiseTunnel(InputGradient(), kind: .varGrad, samples: 3)),
    ("DeepLIFT", DeepLIFT()),
    ("relevance", LRPAlphaBeta(alpha: 2)),
    ("Grad-CAM", ClassActivationMap(.gradCAM)),
  ]

  @Test(arguments: methods.map(\.0))
  func `members are explained as they are alone, bit for bit`(name: String) throws {
    let method = try #require(Self.methods.first { $0.0 == name }?.1)
    let family = NetworkFamily(
      base: original,
      members: members.enumerated().map { index, member in
        // Each has targets of its own.
        .init(member.network, targets: [index, index + 1, index + 4])
      })
    let together = try method.attribute(request, on: family, in: AttributionContext())
    for (index, member) in members.enumerated() {
      let alone = ExplainedNetwork(
        trained.network, parameters: member.network.parameters, backend: try CPUBackend())
      var request = request
      request.targets = [index, index + 1, index + 4]
      let result = try method.attribute(request, on: alone, in: AttributionContext())
      #expect(together[index].maps == result.maps, "\(member.layers)")
      #expect(together[index].laws == result.laws, "\(member.layers)")
    }
    #expect(together[0].maps != together[5].maps)
  }

  @Test func `a combination has the parameters of both, and neither is modified`() throws {
    let combined = original.replacing(["conv2", "fc1"], from: random)
    for name in trained.parameters.names {
      let layer = name.prefix { $0 != "." && $0 != "_" }
      let expected = ["conv2", "fc1"].contains(layer) ? random : original
      #expect(combined.parameters[name] == expected.parameters[name], "\(name)")
    }
    #expect(original.parameters == trained.parameters)
  }

  @Test func `what is shared is not walked again, and costs less`() {
    let method = InputGradient()
    func cost(_ layers: [String]) -> Double {
      let family = NetworkFamily(
        base: original,
        members: [.init(original.replacing(layers, from: random), targets: request.targets)])
      return method.cost(of: request, on: family).walks
    }
    // The forward walk of the base, the backward walk, and what differs of the forward walk.
    #expect(cost([]) == 6)
    #expect(cost(["conv1"]) == 9)
    #expect(cost(["fc2"]) > 6 && cost(["fc2"]) < 6.2)
    #expect(cost(["conv3"]) > cost(["conv4"]))
  }

  @Test func `a family stops when it is asked to`() {
    let family = NetworkFamily(
      base: original, members: members.map { .init($0.network, targets: request.targets) })
    var asked = 0
    let context = AttributionContext(isStopped: {
      asked += 1
      return asked > 3
    })
    #expect(throws: AttributionStopped.self) {
      try InputGradient().attribute(request, on: family, in: context)
    }
  }
}
