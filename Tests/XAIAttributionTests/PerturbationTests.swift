import FoundationEssentials
import Testing
import XAIAttribution
import XAIKernels
import XAINetworks
import XAITensor
import XAITestSupport

@Suite("Occlusion, RISE and perturbation methods in general")
struct PerturbationTests {
  @Test("Occlusion agrees with Captum", arguments: ["A", "B"])
  func occlusion(network: String) throws {
    let fixture = try PerturbationFixture(network)
    for (window, stride) in [((4, 4), (2, 2)), ((5, 3), (3, 2))] {
      let method = Occlusion(
        window: PixelExtent(window.0, window.1), stride: PixelExtent(stride.0, stride.1))
      try fixture.reference.expect(
        fixture.network.attribution(of: method, fixture.request).maps,
        agreesWith: "occlusion.window\(window.0)x\(window.1).stride\(stride.0)x\(stride.1)")
    }
  }

  @Test("RISE agrees with the reference", arguments: ["A", "B"])
  func rise(network: String) throws {
    let fixture = try PerturbationFixture(network)
    for score in [TargetScore.probability, .logit] {
      let method = RISE(score: score, explicitMasks: try fixture.tensor("rise.masks"))
      try fixture.reference.expect(
        fixture.network.attribution(of: method, fixture.request).maps,
        agreesWith: "rise.\(score.rawValue)")
    }
  }

  @Test("RISE's masks are bilinear, lie in [0, 1] and show half of the image on average")
  func riseMasks() {
    var sum = 0.0
    for index in 0..<400 {
      var stream = RandomStream(seed: 2, purpose: "test/masks", index)
      let mask = RISE(cells: 4).drawnMask(16, 13, from: &stream)
      #expect(mask.elements.allSatisfy { 0...1 ~= $0 })
      sum += mask.rowSums[0] / 208 / 400
    }
    #expect(abs(sum - 0.5) < 0.02)
    var stream = RandomStream(seed: 2, purpose: "test/masks")
    #expect(
      RISE(cells: 3, probability: 1).drawnMask(9, 9, from: &stream)
        == Tensor(shape: [1, 9, 9], repeating: 1))
  }

  static let architectures: [(String, Architecture)] = [
    (
      "deep stacks",
      Architecture(
        input: [3, 32, 32], stacks: [[8, 8], [8, 16], [16]], hidden: [12], classes: 5)
    ),
    (
      "odd sides",
      Architecture(
        input: [3, 37, 29], stacks: [[8, 20], [8], [16]], hidden: [], classes: 5)
    ),
    (
      "odd halves",
      Architecture(
        input: [2, 46, 38], stacks: [[5], [7, 7], [6]], hidden: [9], classes: 4)
    ),
    (
      "no pooling, no batch norm",
      Architecture(
        input: [3, 24, 24], stacks: [[8, 8, 8]], hidden: [], classes: 3, pooling: false,
        batchNorm: false)
    ),
  ]

  /// The definition, taken literally: whole images, one after the other, averaged in Double.
  private func literalOcclusion(
    _ network: ExplainedNetwork, _ request: AttributionRequest, window: (Int, Int),
    stride: (Int, Int)
  ) throws -> Tensor {
    let (channels, height, width) = (
      request.images.shape[1], request.images.shape[2], request.images.shape[3]
    )
    var pictures = [request.images]
    var insides: [[(Int, Int, Int)]] = [[]]
    var sums = ReferenceArray([1, channels, height, width])
    var counts = sums
    var top = 0
    while top == 0 || top + window.0 - stride.0 < height {
      var left = 0
      while left == 0 || left + window.1 - stride.1 < width {
        var covered = request.images
        var inside: [(Int, Int, Int)] = []
        for channel in 0..<channels {
          for row in top..<min(top + window.0, height) {
            for column in left..<min(left + window.1, width) {
              covered[0, channel, row, column] =
                request.baselines?.values[0, 0, channel, row, column] ?? 0
              inside.append((channel, row, column))
            }
          }
        }
        pictures.append(covered)
        insides.append(inside)
        left += stride.1
      }
      top += stride.0
    }
    let form = network.trained
    let recording = try form.record(
      try form.backend.upload(Tensor(stacking: pictures)), keeping: .logits, algorithm: .direct)
    let logits = form.backend.download(recording.output)
    let target = request.targets[0]
    for (index, inside) in insides.enumerated() {
      for (channel, row, column) in inside {
        sums[0, channel, row, column] += Double(logits[0, target]) - Double(logits[index, target])
        counts[0, channel, row, column] += 1
      }
    }
    return sums.combined(with: counts, /).tensor
  }

  @Test("Following the change equals running whole images", arguments: architectures.indices)
  func patchesAreExact(index: Int) throws {
    let (name, architecture) = Self.architectures[index]
    let network = Network(architecture)
    let explained = ExplainedNetwork(
      network, parameters: .initial(for: network, seed: 7), backend: try CPUBackend())
    let images = ReferenceArray.random([1] + architecture.input, "occlusion").tensor
    var request = AttributionRequest(images: images, targets: [1])
    for (window, stride) in [((4, 4), (4, 4)), ((3, 5), (3, 4)), ((6, 5), (5, 5))] {
      request.baselines = .one(ReferenceArray.random([1] + architecture.input, "cover").tensor)
      let method = Occlusion(
        window: PixelExtent(window.0, window.1), stride: PixelExtent(stride.0, stride.1))
      let maps = try method.attribute(
        request, on: explained, in: AttributionContext(algorithm: .direct)
      ).maps
      let expected = try literalOcclusion(explained, request, window: window, stride: stride)
      expectClose(maps, expected, relative: 2e-4, "\(name), window \(window)")
    }
  }

  @Test("Results are the same bytes at any memory limit", arguments: ["A", "B"])
  func memory(network: String) throws {
    let fixture = try PerturbationFixture(network)
    let methods: [any AttributionMethod] = [
      Occlusion(window: PixelExtent(4, 4), stride: PixelExtent(4, 4)),
      LIME(segmentation: Segmentation(segments: 6), samples: 16),
      KernelSHAP(segmentation: Segmentation(.grid, grid: PixelExtent(3, 3)), samples: 60),
      ShapleyValues(segmentation: Segmentation(.grid, grid: PixelExtent(2, 2))),
      RISE(masks: 10, cells: 4),
    ]
    for method in methods {
      let results = try [1, 200_000, 1 << 28].map {
        try fixture.network.attribution(
          of: method, fixture.request, in: AttributionContext(memory: $0)
        ).maps
      }
      #expect(results[0] == results[2] && results[1] == results[2], "\(type(of: method))")
      // One image alone has the same map.
      let alone = try fixture.network.attribution(of: method, fixture.request.part(1..<2)).maps
      #expect(alone == results[2].row(1), "\(type(of: method))")
      var other = fixture.request
      other.seed = 1
      let drawn = try fixture.network.attribution(of: method, other).maps
      #expect((drawn != results[2]) == method.isStochastic, "\(type(of: method))")
    }
  }

  @Test("What cannot be done is refused by its sentence")
  func errors() throws {
    let fixture = try PerturbationFixture("A")
    func sentence(_ method: any AttributionMethod) -> String {
      do { _ = try fixture.network.attribution(of: method, fixture.request) } catch {
        return "\(error)"
      }
      return "nothing was thrown"
    }
    #expect(
      sentence(Occlusion(window: PixelExtent(17, 4)))
        == "an occlusion window of 17 x 4 does not fit into an image of 16 x 16 pixels")
    #expect(
      sentence(Occlusion(stride: PixelExtent(9, 4)))
        == "an occlusion stride of 9 x 4 does not fit the window of 8 x 8; use at least 1 and at "
        + "most the window, so that no pixel is left out")
    #expect(
      sentence(ShapleyValues(segmentation: Segmentation(.grid, grid: PixelExtent(4, 4))))
        == "exact Shapley values of 16 segments need 2^16 evaluations; use 12 segments at most, "
        + "or the method kernel-shap")
    #expect(
      sentence(KernelSHAP(segmentation: Segmentation(.grid, grid: PixelExtent(8, 8)), samples: 20))
        == "22 coalitions do not determine the values of 64 segments; give kernel-shap more "
        + "samples or fewer segments")
    #expect(
      sentence(
        LIME(
          segmentation: Segmentation(.grid, grid: PixelExtent(8, 8)), samples: 20, penalty: 0)
      ).hasPrefix("20 rows do not determine 64 coefficients without a penalty"))
    #expect(sentence(RISE(cells: 17)).contains("use 1 to 16 cells"))
    #expect(
      sentence(LIME(fill: .baseline)).hasPrefix(
        "the fill 'baseline' needs one baseline for each image, found 0"))
    let masks = RISE(explicitMasks: try fixture.tensor("lime.design"))
    #expect(sentence(masks).contains("expected [masks, 16, 16] as the images"))
    let rows = LIME(design: try fixture.tensor("segments"))
    #expect(sentence(rows).contains("expected [rows,"))
  }

  @Test("More rows than segments are not needed where a penalty decides")
  func fewRows() throws {
    let fixture = try PerturbationFixture("A")
    let method = LIME(segmentation: Segmentation(.grid, grid: PixelExtent(8, 8)), samples: 20)
    #expect(try fixture.network.attribution(of: method, fixture.request).maps.isFinite)
  }

  @Test("Parameters are decoded from what a user writes, and survive a round trip")
  func parameters() throws {
    let text = #"{"window": 4, "stride": [2, 3], "fill": "zero", "score": "logit"}"#
    let method = try JSONDecoder().decode(Occlusion.self, from: Data(text.utf8))
    #expect(method.window == PixelExtent(4, 4) && method.stride == PixelExtent(2, 3))
    let choice = try JSONDecoder().decode(
      Segmentation.self, from: Data(#"{"map": "a.safetensors:b"}"#.utf8))
    let reference = try TensorReference("a.safetensors:b")
    #expect(choice == Segmentation(.map, map: reference))
    for entry in MethodCatalog.entries where entry.group == .perturbation {
      try expectRoundTrip(entry.method)
    }
  }

  private func expectRoundTrip<Method: AttributionMethod>(_ method: Method) throws {
    let data = try JSONEncoder().encode(method)
    let again = try JSONDecoder().decode(Method.self, from: data)
    #expect(String(describing: again) == String(describing: method))
  }

  @Test(
    "A probability that is always 1 is an obstacle",
    arguments: [
      LIME(), RISE(), LIME(score: .logit), RISE(score: .logit), Occlusion(score: .probability),
      KernelSHAP(score: .probability), ShapleyValues(score: .probability), Occlusion(),
      NoiseTunnel(RISE()),
    ] as [any AttributionMethod])
  func constantProbability(method: any AttributionMethod) throws {
    func network(_ classes: Int) -> Network {
      Network(Architecture(input: [3, 8, 8], stacks: [[2]], hidden: [], classes: classes))
    }
    #expect(method.obstacle(on: network(2)) == nil)
    let score = try MethodParameters(of: method).values["score"]
    let readsProbability = score == .string("probability")
    let isNoisy = method is NoiseTunnel<RISE>
    let obstacle = method.obstacle(on: network(1))
    #expect((obstacle != nil) == (readsProbability || isNoisy))
    #expect(obstacle?.contains("probability of the class, which is always 1") ?? true)
  }
}
