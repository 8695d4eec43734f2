import Testing
import XAIAttribution
import XAIKernels
import XAINetworks
import XAITensor

/// What no network can be asked ends in a sentence, whatever the method, and never in a trap.
@Suite struct RequestValidationTests {
  /// A way to spoil a request that every method would serve.
  struct Fault: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// A part of the sentence.
    let fragment: String
    let spoil: @Sendable (inout AttributionRequest) -> Void

    init(
      _ name: String, _ fragment: String,
      _ spoil: @escaping @Sendable (inout AttributionRequest) -> Void
    ) {
      (testDescription, self.fragment, self.spoil) = (name, fragment, spoil)
    }
  }

  static let faults = [
    Fault("no image", "no image to be explained") {
      $0.images = Tensor(shape: [0, 3, 8, 8])
      ($0.targets, $0.keys) = ([], [])
    },
    Fault("another size", "the network takes [N, 3, 8, 8]") {
      $0.images = Tensor(shape: [2, 3, 8, 9])
    },
    Fault("more channels", "the network takes [N, 3, 8, 8]") {
      $0.images = Tensor(shape: [2, 4, 8, 8])
    },
    Fault("an image without a batch", "the shape [3, 8, 8], but") {
      $0.images = Tensor(shape: [3, 8, 8])
    },
    Fault("a number for images", "the shape [], but") { $0.images = Tensor(shape: [], [1]) },
    Fault("a target of another network", "The target 999 is no class") { $0.targets[1] = 999 },
    Fault("the first target that is none", "choose one from 0 to 2") { $0.targets[1] = 3 },
    Fault("a negative target", "The target -1 is no class") { $0.targets[0] = -1 },
    Fault("a target too few", "1 targets for 2 images") { $0.targets.removeLast() },
    Fault("a key too few", "1 keys for 2 images") { $0.keys.removeLast() },
    Fault("pixels of another size", "The pixels have the shape [2, 3, 4, 4]") {
      $0.pixels = Tensor(shape: [2, 3, 4, 4])
    },
    Fault("bounds of another size", "The bounds of pixels have the shape [1, 3, 4, 4]") {
      let bound = Tensor(shape: [1, 3, 4, 4])
      $0.bounds = try? PixelBounds(low: bound, high: bound)
    },
    Fault("baselines of another size", "The baselines have the shape [2, 1, 3, 8, 7]") {
      $0.baselines = .one(Tensor(shape: [2, 3, 8, 7]))
    },
    Fault("shared baselines of another rank", "The baselines have the shape [3, 8, 8]") {
      $0.baselines = .shared(Tensor(shape: [3, 8, 8]))
    },
    Fault("a number for baselines", "The baselines have the shape []") {
      $0.baselines = .perImage(Tensor(shape: [], [1]))
    },
    Fault("baselines of other images", "baselines of 3 images for 2 images") {
      $0.baselines = .one(Tensor(shape: [3, 3, 8, 8]))
    },
    Fault("no baseline", "is empty") { $0.baselines = .shared(Tensor(shape: [0, 3, 8, 8])) },
    Fault("noise of another size", "the noise has the shape [4, 2, 3, 8]") {
      $0.noise = Tensor(shape: [4, 2, 3, 8])
    },
    Fault("no noise", "the noise has the shape [0, 2, 3, 8, 8]") {
      $0.noise = Tensor(shape: [0, 2, 3, 8, 8])
    },
  ]

  static let identifiers = MethodCatalog.entries.map(\.identifier)
  private let lively: LivelyNetwork

  init() throws {
    lively = try LivelyNetwork(
      Architecture(input: [3, 8, 8], stacks: [[4]], hidden: [5], classes: 3), images: 2)
  }

  /// A method with few steps, and a request that it would serve.
  private func served(
    _ identifier: String
  ) throws -> (method: any AttributionMethod, request: AttributionRequest) {
    let method = MethodMatrixTests.cheap(try #require(MethodCatalog.entry(identifier)))
    var request = lively.request
    switch method.baselineNeed {
    case .none: break
    case .one: request.baselines = .one(Tensor(shape: request.images.shape))
    case .several: request.baselines = .shared(Tensor(shape: request.images.shape))
    }
    return (method, request)
  }

  @Test(arguments: identifiers, faults)
  func `what does not belong to the network is refused with a sentence`(
    _ identifier: String, _ fault: Fault
  ) throws {
    var (method, request) = try served(identifier)
    let context = AttributionContext()
    guard method.obstacle(on: lively.network) == nil else { return }
    let wholes = try method.attribute(request, on: lively.explained, in: context).maps.rows
    #expect(wholes == 2)
    fault.spoil(&request)
    // Nothing is thrown here; the point is that nothing traps.
    _ = method.cost(of: request, on: lively.network)
    var failures = [
      #expect(throws: AttributionFailure.self) {
        try method.attribute(request, on: lively.explained, in: context)
      },
      #expect(throws: AttributionFailure.self) {
        try method.prepared(for: request, on: lively.network)
      },
    ]
    // In a family the members' targets count.
    let family = NetworkFamily(lively.explained, targets: request.targets)
    failures.append(
      #expect(throws: AttributionFailure.self) {
        try method.attribute(request, on: family, in: context)
      })
    for failure in failures {
      #expect(failure?.kind == .usage)
      #expect(
        failure?.description.contains(fault.fragment) == true, "\(failure?.description ?? "")")
    }
  }

  @Test(arguments: identifiers)
  func `parameters of another network are refused`(_ identifier: String) throws {
    let (method, request) = try served(identifier)
    for spoil in [Tensor(shape: [4, 3, 5, 5]), nil] {
      var parameters = lively.parameters
      parameters["conv1.weight"] = spoil
      let network = ExplainedNetwork(
        lively.network, parameters: parameters, backend: lively.explained.backend)
      let failure = #expect(throws: AttributionFailure.self) {
        try method.attribute(request, on: network, in: AttributionContext())
      }
      guard method.obstacle(on: lively.network) == nil else { continue }
      #expect(failure?.description.contains("The parameter conv1.weight") == true)
    }
  }

  @Test(arguments: identifiers)
  func `a family of two architectures is refused`(_ identifier: String) throws {
    let (method, request) = try served(identifier)
    let other = try LivelyNetwork(
      Architecture(input: [3, 8, 8], stacks: [[6]], hidden: [5], classes: 3), images: 2)
    let family = NetworkFamily(
      base: lively.explained,
      members: [
        .init(lively.explained, targets: [0, 1]), .init(other.explained, targets: [0, 1]),
        .init(lively.explained.replacing(["conv1"], from: other.explained), targets: [0, 1]),
      ])
    #expect(method.cost(of: request, on: family).walks >= 0)
    guard method is any FamilyMethod else { return }
    #expect(throws: AttributionFailure.self) {
      try method.attribute(request, on: family, in: AttributionContext())
    }
  }

  @Test(arguments: identifiers)
  func `a family without networks has no maps`(_ identifier: String) throws {
    let (method, request) = try served(identifier)
    let family = NetworkFamily(base: lively.explained, members: [])
    #expect(try method.attribute(request, on: family, in: AttributionContext()).isEmpty)
  }

  @Test func `passes that cannot begin say so`() throws {
    let form = lively.explained.merged()
    let context = AttributionContext()
    let images = lively.request.images
    #expect(throws: AttributionFailure.self) {
      try form.inputSignals(images: images, targets: [0, 3], composite: Composite(), in: context)
    }
    #expect(throws: AttributionFailure.self) {
      try form.inputSignals(
        images: Tensor(shape: [1, 3, 8, 9]), targets: [0], composite: Composite(), in: context)
    }
    for (targets, values) in [([-1], nil), ([3], nil), ([0], [])] as [([Int], [Float]?)] {
      #expect(throws: KernelFailure.self) { try form.seed(at: targets, values: values) }
    }
    let narrow = try form.backend.upload(Tensor(shape: [1, 3, 8, 9]))
    #expect(throws: KernelFailure.self) {
      try form.record(narrow, keeping: .logits, algorithm: .direct)
    }
    let input = try form.backend.upload(images)
    let logits = try form.record(input, keeping: .logits, algorithm: .direct)
    let other = try LivelyNetwork(
      Architecture(input: [3, 8, 8], stacks: [[6]], hidden: [5], classes: 3), images: 2
    ).explained.merged()
    #expect(throws: KernelFailure.self) {
      try other.record(sharing: logits, keeping: .gates, algorithm: .direct)
    }
  }

  @Test func `a rule that reads what was not recorded says so`() throws {
    struct Careless: BackwardRule {
      func propagate(
        _ signal: DeviceTensor, through step: BackwardStep
      ) throws(KernelFailure) -> DeviceTensor { try step.referenceOutput }
    }
    let failure = #expect(throws: KernelFailure.self) {
      try lively.explained.merged().relevance(
        lively.request, seed: .unit, composite: Composite().with(Careless(), for: .dense),
        in: AttributionContext())
    }
    #expect(failure?.description.contains("says so by its extent") == true)
  }

  @Test func `filters, segments and bounds that cannot be made are refused`() throws {
    for (size, sigma) in [(14, 1.0), (0, 1), (-1, 1), (3, 0), (3, .nan), (1 << 40 + 1, 1)] {
      #expect(throws: AttributionFailure.self) { try GaussianBlur(size: size, sigma: sigma) }
    }
    for (labels, height, width) in [([], 0, 0), ([0, 0], 1, 1), ([0], -1, -1), ([0], 1, 2)] {
      #expect(throws: AttributionFailure.self) {
        try SegmentMap(labels: labels, height: height, width: width)
      }
    }
    let one = Tensor(shape: [3], repeating: 1)
    for (mean, deviation, shape) in [
      (one, one, [3, 8]), (Tensor(shape: [2]), one, [3, 8, 8]),
      (one, Tensor(shape: [3]), [3, 8, 8]),
      (one, Tensor(shape: [1], repeating: 1), [3, 8, 8]),
    ] {
      #expect(throws: AttributionFailure.self) {
        try PixelBaselines(mean: mean, standardDeviation: deviation, shape: shape)
      }
    }
  }
}
