import Testing
import XAIAttribution
import XAIKernels
import XAINetworks
import XAITensor
import XAITestSupport

/// A network with an ordinary image and the ones that divide by zero: one colour, zero, and one that is
/// its own baseline; the last two are explained for a class whose logit is negative where there is one.
private struct MatrixCase {
  let parameters: Parameters
  let explained: ExplainedNetwork
  let request: AttributionRequest

  static let architectures = [
    "average": Architecture(
      input: [3, 9, 7], stacks: [[5, 6]], hidden: [], classes: 4, globalAveragePooling: true),
    "average, hidden": Architecture(
      input: [3, 8, 10], stacks: [[4], [6]], hidden: [7], classes: 3, globalAveragePooling: true),
    "average, no batch norm": Architecture(
      input: [2, 8, 6], stacks: [[6]], hidden: [], classes: 3, globalAveragePooling: true,
      batchNorm: false),
    "adaptive": Architecture(
      input: [3, 13, 9], stacks: [[5], [6, 4]], hidden: [7], classes: 3, adaptivePooling: [2, 3],
      denseBatchNorm: false),
    "adaptive, larger, no batch norm": Architecture(
      input: [3, 6, 6], stacks: [[6]], hidden: [5], classes: 3, adaptivePooling: [4, 4],
      batchNorm: false),
    "no batch norm": Architecture(
      input: [3, 8, 8], stacks: [[5], [6]], hidden: [9], classes: 3, batchNorm: false),
    "one channel, odd, nothing hidden": Architecture(
      input: [1, 9, 7], stacks: [[17], [5]], hidden: [], classes: 3),
  ]
  static let names = ["A", "B", "N", "F"] + architectures.keys.sorted()

  init(_ name: String) throws {
    let ordinary: Tensor
    if let architecture = Self.architectures[name] {
      let lively = try LivelyNetwork(architecture)
      (parameters, explained, ordinary) = (
        lively.parameters, lively.explained, lively.request.images.row(0)
      )
    } else {
      let fixture = try FixtureNetwork(name)
      (parameters, explained, ordinary) = (
        fixture.parameters, fixture.explained, fixture.images.row(0)
      )
    }
    let images = Tensor(stacking: [
      ordinary, Tensor(shape: ordinary.shape, repeating: 0.3), Tensor(shape: ordinary.shape),
      ordinary,
    ])
    let form = explained.merged()
    let logits = form.backend.download(
      try form.record(try form.backend.upload(images), keeping: .logits, algorithm: .direct).output)
    let classes = 0..<logits.shape[1]
    let lowest = (0..<4).map { image in
      classes.min { logits[image, $0] < logits[image, $1] } ?? 0
    }
    #expect(logits[3, lowest[3]] < 0, "no class of \(name) has a negative logit")
    request = AttributionRequest(images: images, targets: [0, 0, lowest[2], lowest[3]])
  }

  /// The request with what a method compares with.
  func request(for method: any AttributionMethod, seed: UInt64 = 5) -> AttributionRequest {
    var request = request
    request.seed = seed
    let shape = request.images.shape
    switch method.baselineNeed {
    case .none: break
    case .one:
      var stream = RandomStream(seed: 2, purpose: "matrix")
      request.baselines = .one(
        Tensor(stacking: [
          stream.normal(shape: [2] + shape.dropFirst(), standardDeviation: 0.5),
          Tensor(shape: [1] + shape.dropFirst()), request.images.row(3),
        ]))
    case .several:
      var stream = RandomStream(seed: 3, purpose: "matrix")
      request.baselines = .shared(
        Tensor(stacking: [
          stream.normal(shape: [2] + shape.dropFirst(), standardDeviation: 0.5),
          Tensor(shape: [1] + shape.dropFirst()),
        ]))
    }
    return request
  }

  func run(
    _ method: any AttributionMethod, seed: UInt64 = 5,
    in context: AttributionContext = AttributionContext()
  ) throws -> Attribution {
    try method.attribute(request(for: method, seed: seed), on: explained, in: context)
  }

  /// The gradient: it tells whether anything of the network has changed on the device.
  func probe() throws -> Tensor { try run(InputGradient()).maps }
}

/// Every method on every kind of network.
@Suite struct MethodMatrixTests {
  /// The method of an entry with few steps, samples and segments.
  static func cheap(_ entry: MethodEntry) -> any AttributionMethod {
    let grid = Segmentation(.grid, grid: PixelExtent(3, 3))
    switch entry.identifier {
    case "integrated-gradients": return IntegratedGradients(steps: 6)
    case "integrated-gradients-smooth-grad":
      return NoiseTunnel(IntegratedGradients(steps: 3), samples: 4, standardDeviation: 0.7)
    case "gradient-shap": return GradientSHAP(samples: 5, standardDeviation: 0.1)
    case "expected-gradients": return ExpectedGradients(draws: 7)
    case "occlusion": return Occlusion(window: PixelExtent(3, 3), stride: PixelExtent(2, 2))
    case "lime": return LIME(segmentation: grid, samples: 30)
    case "kernel-shap": return KernelSHAP(segmentation: grid, samples: 100)
    case "rise": return RISE(masks: 20, cells: 3)
    case "dasp": return DASP(window: 3, steps: 2)
    case "smooth-grad-cam-plus-plus": return SmoothGradCAMPlusPlus(samples: 4)
    case "guided-integrated-gradients": return GuidedIntegratedGradients(steps: 5)
    case "blur-integrated-gradients": return BlurIntegratedGradients(steps: 5)
    case "xrai": return XRAI(steps: 4, segments: [4, 9], least: 3)
    case "meaningful-perturbation": return MeaningfulPerturbation(steps: 4)
    case "extremal-perturbation": return ExtremalPerturbation(areas: [0.1, 0.3], steps: 4)
    default: return entry.method
    }
  }

  static let identifiers = MethodCatalog.entries.map(\.identifier)
  static let stochastic = MethodCatalog.entries.filter(\.method.isStochastic).map(\.identifier)

  /// A method of the catalog as `cheap` makes it.
  private func method(_ identifier: String) throws -> any AttributionMethod {
    Self.cheap(try #require(MethodCatalog.entry(identifier)))
  }

  @Test(arguments: MatrixCase.names, identifiers)
  func `a method gives finite maps, or says why it cannot`(
    _ name: String, _ identifier: String
  ) throws {
    let test = try MatrixCase(name)
    let method = try method(identifier)
    if let obstacle = method.obstacle(on: test.explained.network) {
      #expect(obstacle.hasSuffix("."))
      #expect(throws: AttributionFailure.self) { try test.run(method) }
      return
    }
    let result = try test.run(method)
    var shape = test.request.images.shape
    if result.maps.shape[1] == 1 { shape[1] = 1 }
    #expect(result.maps.shape == shape)
    #expect(result.maps.isFinite)
    #expect(result.laws.isEmpty || result.laws.count == 4)
    for (image, law) in result.laws.enumerated() {
      #expect(law.expected.isFinite && law.found.isFinite, "image \(image)")
      // Whether it holds is for the methods' own suites: on networks of a few random units some have
      // nothing positive to hand relevance to.
    }
  }

  @Test(arguments: MatrixCase.names, identifiers)
  func `a method leaves nothing modified, finished or stopped`(
    _ name: String, _ identifier: String
  ) throws {
    let test = try MatrixCase(name)
    let method = try method(identifier)
    guard method.obstacle(on: test.explained.network) == nil else { return }
    let isControl = MethodCatalog.entry(identifier)?.group == .control
    let before = try test.probe()
    let parameters = try MatrixCase(name).parameters
    let request = test.request(for: method)
    let (images, targets) = (request.images.elements, request.targets)
    let baselines = request.baselines?.values.elements
    let maps = try method.attribute(request, on: test.explained, in: AttributionContext()).maps
    for limit in [0, 1, 3] {
      var asked = 0
      let context = AttributionContext(
        memory: 1,
        isStopped: {
          defer { asked += 1 }
          return asked >= limit
        })
      // Nobody asks so often in a short method, and controls compute nothing that could be stopped.
      let stops = limit == 0 && !isControl
      do {
        _ = try method.attribute(request, on: test.explained, in: context)
        #expect(!stops, "it did not stop")
      } catch is AttributionStopped {}
      #expect(isControl || asked > 0)
    }
    #expect(request.images.elements == images && request.targets == targets)
    #expect(request.baselines?.values.elements == baselines)
    #expect(try test.probe() == before)
    let again = try method.attribute(request, on: test.explained, in: AttributionContext()).maps
    #expect(again == maps, "a second time")
    for parameter in parameters.names {
      #expect(test.explained.parameters[parameter] == parameters[parameter], "\(parameter)")
    }
  }

  @Test(
    arguments: ["B", "F", "average, hidden", "one channel, odd, nothing hidden"], stochastic)
  func `a stochastic method gives the same bytes in any parts and with any number of threads`(
    _ name: String, _ identifier: String
  ) throws {
    let test = try MatrixCase(name)
    let method = try method(identifier)
    guard method.obstacle(on: test.explained.network) == nil else { return }
    let threads = ThreadTeam.count
    defer { ThreadTeam.setCount(threads) }
    let bytes = test.explained.merged().bytesPerImage(keeping: .gates)
    let maps = try test.run(method).maps
    for count in [1, 2] {
      ThreadTeam.setCount(count)
      for memory in [1, 3 * bytes, 256 << 20] {
        let again = try test.run(method, in: AttributionContext(memory: memory)).maps
        #expect(again == maps, "\(count) threads, \(memory) bytes")
      }
    }
    #expect(try test.run(method, seed: 6).maps != maps, "another seed")
  }
}
