import Testing
import XAIAttribution
import XAIExperiments
import XAIExperimentsTestSupport
import XAIKernels
import XAINetworks
import XAITensor
import XAITestSupport

@Suite struct CosineConvergenceTests {
  private let trained = TrainedNetwork()
  private let layers = ["fc2", "fc1", "conv4", "conv3", "conv2", "conv1", "input"]
  private let request: AttributionRequest

  init() {
    let images = ReferenceArray.random([3, 3, 16, 16], "convergence images").tensor
    request = AttributionRequest(
      images: images.map { abs($0) }, targets: [0, 1, 2],
      baselines: .shared(Tensor(shape: [1, 3, 16, 16])), seed: 3, keys: [11, 12, 13])
  }

  private func network(_ change: (String, Tensor) -> Tensor = { $1 }) throws -> ExplainedNetwork {
    var parameters = trained.parameters
    for name in parameters.names { parameters[name] = parameters[name].map { change(name, $0) } }
    return ExplainedNetwork(trained.network, parameters: parameters, backend: try CPUBackend())
  }

  private func curve(
    _ method: any AttributionMethod, _ convergence: CosineConvergence = CosineConvergence(),
    on network: ExplainedNetwork? = nil, _ request: AttributionRequest? = nil,
    memory: Int = 256 << 20
  ) throws -> ConvergenceCurve {
    let backpropagating = try #require(method as? any BackpropagatingMethod)
    let way = try #require(backpropagating.backpropagation(on: try network ?? self.network()))
    return try convergence.curve(
      of: "m", by: way, request ?? self.request, in: AttributionContext(memory: memory))
  }

  private func same(_ left: ConvergenceCurve, _ right: ConvergenceCurve) -> Bool {
    left.layers == right.layers && left.median == right.median && left.lower == right.lower
      && left.upper == right.upper
  }

  // MARK: The literal re-implementation

  @Test(arguments: [
    ("gradient", LiteralConvergence.Rule.gradient), ("guided", .guided), ("z+", .zPlus),
  ])
  func `curves are those of the slow network`(
    name: String, rule: LiteralConvergence.Rule
  ) throws {
    let methods: [LiteralConvergence.Rule: any AttributionMethod] = [
      .gradient: InputGradient(), .guided: GuidedBackprop(),
      .zPlus: LRPAlphaBeta.zPlus,
    ]
    let curve = try curve(try #require(methods[rule]), CosineConvergence(samples: 3))
    let literal = LiteralConvergence(trained, images: request.images)
      .cosines(rule, samples: 3, seed: 3, keys: request.keys)
    #expect(curve.layers == layers && literal.count == layers.count)
    for index in layers.indices {
      let sorted = literal[index]
      for (part, found) in [(0.25, curve.lower), (0.5, curve.median), (0.75, curve.upper)] {
        let position = part * Double(sorted.count - 1)
        let (low, high) = (sorted[Int(position)], sorted[min(Int(position) + 1, sorted.count - 1)])
        let expected = low + (position - position.rounded(.down)) * (high - low)
        #expect(abs(found[index] - expected) < 1e-4, "\(name) \(layers[index]) \(part)")
      }
    }
    // The check itself: another rule is noticed.
    let other = try self.curve(
      DeconvNet(), CosineConvergence(samples: 3))
    #expect(zip(curve.median, other.median).contains { abs($0 - $1) > 0.01 })
  }

  // MARK: Theory

  @Test func `what has no negative entries converges, the gradient does not`() throws {
    let gradient = try curve(InputGradient())
    let relevance = try curve(LRPAlphaBeta.zPlus)
    let guided = try curve(GuidedBackprop())
    let conv1 = layers.count - 2
    #expect(relevance.median[0] == gradient.median[0] && gradient.median[0] < 0.5)
    #expect(relevance.median[conv1] > 0.9, "\(relevance.median)")
    #expect(gradient.median[conv1] < 0.6, "\(gradient.median)")
    #expect(guided.median[conv1] > gradient.median[conv1])
    // The gradient of a network without negative weights is a product of such matrices too.
    let positive = try curve(
      InputGradient(),
      on: try network { name, tensor in
        name.hasSuffix("weight") ? tensor.map { abs($0) } : tensor
      })
    #expect(positive.median[conv1] > 0.99, "\(positive.median)")
  }

  @Test func `vectors can start at any layer with weights`() throws {
    let curve = try curve(InputGradient(), CosineConvergence(start: "conv3"))
    #expect(curve.layers == ["conv3", "conv2", "conv1", "input"])
    #expect(curve.median[0] < 0.5)
    let trainedForm = try self.curve(LRPAlphaBeta.zPlus, CosineConvergence(start: "fc1"))
    #expect(trainedForm.layers == Array(layers.dropFirst()))
    let failure = #expect(throws: ExperimentFailure.self) {
      try self.curve(InputGradient(), CosineConvergence(start: "pool1"))
    }
    #expect(failure?.description.contains("expected one of conv1, conv2") == true)
  }

  // MARK: Methods

  @Test func `every backpropagating method of the catalog has a curve`() throws {
    let network = try network()
    let curves = try MethodCatalog.entries.compactMap { entry in
      try (entry.method as? any BackpropagatingMethod)?.backpropagation(on: network).map { way in
        try CosineConvergence(samples: 2).curve(
          of: entry.identifier, by: way, request, in: AttributionContext())
      }
    }
    let names = Set(curves.map(\.method))
    for name in [
      "saliency", "input-x-gradient", "deconvnet", "guided-backprop", "guided-grad-cam",
      "integrated-gradients", "gradient-shap", "deep-lift", "deep-shap", "rap", "lrp-a1b0",
      "rect-grad",
    ] where MethodCatalog.entry(name) != nil {
      #expect(names.contains(name), "\(name)")
    }
    for name in ["grad-cam", "occlusion", "random", "edge-detector"] {
      #expect(!names.contains(name), "\(name)")
    }
    for curve in curves {
      #expect(!curve.layers.isEmpty && curve.layers.count == curve.median.count, "\(curve.method)")
      for index in curve.layers.indices {
        #expect(
          0 <= curve.lower[index] && curve.lower[index] <= curve.median[index]
            && curve.median[index] <= curve.upper[index] && curve.upper[index] <= 1)
      }
    }
    // The plain gradient is one and the same.
    let saliency = try #require(curves.first { $0.method == "saliency" })
    let integrated = try #require(curves.first { $0.method == "integrated-gradients" })
    #expect(same(saliency, integrated))
  }

  @Test func `noise changes nothing about the way back`() throws {
    let plain = try curve(DeepLIFT())
    #expect(same(try curve(noised(DeepLIFT())), plain))
    #expect(!same(try curve(InputGradient()), plain))
  }

  @Test func `a missing baseline is named`() throws {
    let failure = #expect(throws: ExperimentFailure.self) {
      try self.curve(
        DeepLIFT(), CosineConvergence(), on: nil,
        AttributionRequest(images: self.request.images, targets: [0, 1, 2]))
    }
    #expect(failure?.description.contains("baseline") == true)
  }

  // MARK: Laws

  @Test func `batch and order change nothing`() throws {
    for method in [LRPAlphaBeta.zPlus as any AttributionMethod, DeepLIFT()] {
      let whole = try curve(method)
      #expect(same(try curve(method, memory: 1), whole))
      var turned = request
      turned.images = request.images.rows(at: [2, 0, 1])
      turned.keys = [13, 11, 12]
      #expect(same(try curve(method, on: nil, turned), whole))
    }
  }

  @Test func `a curve ends where no signal is left`() throws {
    let dead = try network { name, tensor in
      name == "conv3_bn.bias" ? tensor.map { _ in -1000 } : tensor
    }
    let curve = try curve(InputGradient(), on: dead)
    #expect(curve.layers == ["fc2", "fc1", "conv4"])
  }

  @Test func `cosines are taken at each position over the channels`() {
    // Two channels, two positions; rows (1 0 / 0 2), (1 3 / 1 0), (0 0 / -4 5).
    let signals = Tensor(
      shape: [3, 2, 1, 2], [1, 0, 0, 2] + [1, 3, 1, 0] + [0, 0, -4, 5] as [Float])
    let cosines = signals.pairCosines(0..<3)
    let root = Double(0.5).squareRoot()
    let expected = [root, 0, 0, 1, root, 0]
    #expect(zip(cosines, expected).allSatisfy { abs($0 - $1) < 1e-12 } && cosines.count == 6)
    // The zero signal at the first position has no cosine.
    let zero = Tensor(shape: [2, 1, 1, 2], [0, 2, 1, -3] as [Float])
    #expect(zero.pairCosines(0..<2) == [1])
    // Signals without positions are compared as a whole.
    let dense = Tensor(shape: [2, 2], [3, 4, 4, -3] as [Float])
    #expect(dense.pairCosines(0..<2) == [0])
  }
}
