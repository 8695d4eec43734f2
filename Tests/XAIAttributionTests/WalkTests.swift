import Testing
import XAIAttribution
import XAIKernels
import XAINetworks
import XAITensor
import XAITestSupport

@Suite struct WalkTests {
  private static let networks = ["A", "B", "N", "F"]

  /// A form of a fixture with its images on the device.
  private struct Walked {
    let fixture: FixtureNetwork
    let form: NetworkForm
    let images: DeviceTensor

    init(_ name: String, trained: Bool = false) throws {
      fixture = try FixtureNetwork(name)
      form = trained ? fixture.explained.trained : fixture.explained.merged()
      images = try form.backend.upload(fixture.images)
    }

    func record(
      _ extent: Recording.Extent, and names: Set<String> = [],
      _ algorithm: ConvolutionAlgorithm = .direct
    ) throws -> Recording {
      try form.record(images, keeping: extent, and: names, algorithm: algorithm)
    }

    func download(_ tensor: DeviceTensor?) throws -> Tensor {
      form.backend.download(try #require(tensor))
    }
  }

  // MARK: Forward

  @Test(arguments: networks, [false, true])
  func `every extent keeps what it promises, with the same values`(
    _ name: String, _ trained: Bool
  ) throws {
    let walked = try Walked(name, trained: trained)
    let everything = try walked.record(.everything)
    let (gates, logits) = (try walked.record(.gates), try walked.record(.logits))
    let nodes = walked.form.nodes
    #expect(everything.last == nodes.count - 1 && gates.last == everything.last)
    for (index, node) in nodes.enumerated() {
      let value = try walked.download(everything.output(of: index))
      #expect(value.shape == [3] + node.outputShape, "\(node.name)")
      if index > 0 {
        #expect(try walked.download(everything.input(of: index)).shape == [3] + node.inputShape)
      }
      let keeps = [.relu, .maxPool, .flatten].contains(node.operation)
      if keeps { #expect(gates.output(of: index) != nil, "\(node.name)") }
      if let kept = gates.output(of: index) {
        expectClose(try walked.download(kept), value, relative: 1e-6, node.name)
      }
      // A linear node and its rectifier ran as one: nothing lies between them.
      if index + 1 < nodes.count, nodes[index + 1].operation == .relu {
        #expect(gates.output(of: index) == nil, "\(node.name)")
      }
      #expect((logits.output(of: index) != nil) == (index == nodes.count - 1), "\(node.name)")
    }
    let outputs = try [everything, gates, logits].map { try walked.download($0.output) }
    expectClose(outputs[1], outputs[0], relative: 1e-6)
    #expect(outputs[2] == outputs[1])
  }

  @Test func `a named node is kept besides, before its rectifier`() throws {
    let walked = try Walked("A")
    let everything = try walked.record(.everything)
    let index = try #require(walked.form.index(of: "conv2"))
    for extent in [Recording.Extent.logits, .gates] {
      let recording = try walked.record(extent, and: ["conv2"])
      let kept = try walked.download(recording.output(of: index))
      expectClose(
        kept, try walked.download(everything.output(of: index)), relative: 1e-6, "\(extent)")
      #expect(kept.elements.contains { $0 < 0 }, "rectified")
    }
    #expect(walked.form.index(of: "conv2_bn") == nil && walked.form.index(of: "nothing") == nil)
  }

  @Test(arguments: networks, ConvolutionAlgorithm.allCases)
  func `a pass in two halves equals the whole, forward and back`(
    _ name: String, _ algorithm: ConvolutionAlgorithm
  ) throws {
    let walked = try Walked(name)
    let (form, count) = (walked.form, walked.form.nodes.count)
    let whole = try walked.record(.everything, algorithm)
    let walk = BackwardWalk(
      Composite().with(GatedRectifier(.guided), for: .activation), algorithm: algorithm)
    let seed = try form.seed(at: walked.fixture.targets)
    let signal = try walked.download(try walk.signal(from: seed, of: whole))
    for cut in 1..<count {
      let first = try form.record(
        walked.images, keeping: .everything, nodes: 0..<cut, algorithm: algorithm)
      let second = try form.record(
        first.output, keeping: .everything, nodes: cut..<count, algorithm: algorithm)
      #expect(first.last == cut - 1 && second.start == cut && second.last == count - 1)
      #expect(try walked.download(second.output) == walked.download(whole.output), "cut at \(cut)")
      let between = try walk.signal(from: seed, of: second)
      let back = try walked.download(try walk.signal(from: between, of: first))
      #expect(back == signal, "cut at \(cut)")
    }
  }

  // MARK: Backward

  @Test(arguments: networks, ConvolutionAlgorithm.allCases)
  func `rectifiers that are passed with what follows them give the same signal`(
    _ name: String, _ algorithm: ConvolutionAlgorithm
  ) throws {
    for trained in [false, true] {
      let walked = try Walked(name, trained: trained)
      let recording = try walked.record(.gates, algorithm)
      let seed = try walked.form.seed(at: walked.fixture.targets)
      for gate in RectifierGate.allCases {
        let composite = Composite().with(GatedRectifier(gate), for: .activation)
        var walk = BackwardWalk(composite, algorithm: algorithm)
        let fused = try walked.download(try walk.signal(from: seed, of: recording))
        var seen = 0
        walk.observe = { _, _ in seen += 1 }
        let single = try walked.download(try walk.signal(from: seed, of: recording))
        #expect(seen == walked.form.nodes.count + 1)
        #expect(fused == single, "\(gate), trained \(trained)")
      }
    }
  }

  @Test(arguments: networks)
  func `the observer sees every signal once, last node first, and a stop ends there`(
    _ name: String
  ) throws {
    let walked = try Walked(name)
    let recording = try walked.record(.everything)
    let seed = try walked.form.seed(at: walked.fixture.targets)
    var (order, signals) = ([Int](), [Int: Tensor]())
    let backend = walked.form.backend
    var walk = BackwardWalk(Composite(), algorithm: .direct)
    walk.observe = { index, signal in
      order.append(index)
      signals[index] = backend.download(signal)
    }
    let input = try walked.download(try walk.signal(from: seed, of: recording))
    let last = walked.form.nodes.count - 1
    #expect(order == Array((-1...last).reversed()))
    #expect(signals[-1] == input && signals[last] == backend.download(seed))
    for stop in 0...last {
      #expect(signals[stop]?.shape == [3] + walked.form.nodes[stop].outputShape)
      order = []
      let there = try walked.download(try walk.signal(from: seed, of: recording, at: stop))
      #expect(order == Array((stop...last).reversed()))
      #expect(there == signals[stop], "node \(stop)")
      // Without the observer rectifiers may be passed with what follows, but none beyond the stop.
      let quick = try BackwardWalk(Composite(), algorithm: .direct)
        .signal(from: seed, of: recording, at: stop)
      #expect(try walked.download(quick) == there, "node \(stop), unobserved")
    }
  }

  @Test func `the first assignment that applies is the rule, else the gradient`() throws {
    let network = Network(try #require(FixtureNetwork.architectures["A"]))
    let composite = Composite()
      .with(GatedRectifier(.guided)) { node, _ in node.name == "conv1_relu" }
      .with(GatedRectifier(.deconvolution), for: .activation)
      .with(GatedRectifier(.guided)) { _, _ in true }
    func gate(_ name: String, _ composite: Composite) throws -> RectifierGate? {
      let node = try #require(network.nodes.first { $0.name == name })
      return (composite.rule(for: node, in: network) as? GatedRectifier)?.gate
    }
    #expect(try gate("conv1_relu", composite) == .guided)
    #expect(try gate("conv2_relu", composite) == .deconvolution)
    #expect(try gate("pool1", composite) == .guided)
    for name in ["conv1_relu", "pool1", "fc1"] {
      #expect(try gate(name, Composite()) == nil)
      let node = try #require(network.nodes.first { $0.name == name })
      #expect(Composite().rule(for: node, in: network) is Gradient)
    }
    #expect(composite.extent(in: network) == .gates)
    let greedy = composite.with(EverythingRule()) { _, _ in true }
    #expect(greedy.extent(in: network) == .gates)
    let first = Composite().with(EverythingRule(), for: .maxPooling)
    #expect(first.extent(in: network) == .everything)
  }

  private struct EverythingRule: BackwardRule {
    var extent: Recording.Extent { .everything }

    func propagate(
      _ signal: DeviceTensor, through step: BackwardStep
    ) throws(KernelFailure) -> DeviceTensor { signal }
  }

  // MARK: Forms

  @Test(arguments: ["A", "B", "N", "F"])
  func `a kept node and its batch norm stay, and every form is the same function`(
    _ name: String
  ) throws {
    let fixture = try FixtureNetwork(name)
    let explained = fixture.explained
    func logits(_ form: NetworkForm) throws -> Tensor {
      form.backend.download(
        try form.record(
          try form.backend.upload(fixture.images), keeping: .logits, algorithm: .direct
        ).output)
    }
    let trained = explained.trained
    let expected = try logits(trained)
    let norms = trained.nodes.filter { $0.operation == .batchNorm }.map(\.name)
    #expect(!norms.isEmpty)
    let merged = explained.merged()
    #expect(merged.nodes.allSatisfy { $0.operation != .batchNorm })
    expectClose(try logits(merged), expected, relative: 1e-5, "merged")
    for norm in norms {
      let linear = String(norm.dropLast("_bn".count))
      for kept in [norm, linear] {
        let form = explained.merged(keeping: kept)
        #expect(form.index(of: kept) != nil)
        #expect(form.nodes.filter { $0.operation == .batchNorm }.map(\.name) == [norm])
        expectClose(try logits(form), expected, relative: 1e-5, "keeping \(kept)")
      }
    }
    for kept in ["\(norms[0].dropLast(3))_relu", "flatten", "nothing"] {
      #expect(explained.merged(keeping: kept).network == merged.network)
    }
  }

  // MARK: Flat areas

  /// A noisy image with some pixels of one colour.
  private func image(
    _ rows: Range<Int>, _ columns: Range<Int>, channels: Range<Int> = 0..<3, noise: String
  ) -> Tensor {
    var image = ReferenceArray.random([1, 3, 16, 16], noise)
    for channel in channels {
      for row in rows { for column in columns { image[0, channel, row, column] = 0.25 } }
    }
    return image.tensor
  }

  @Test func `images with an area of 4x4 equal pixels run directly, all others fast`() throws {
    let fixture = try FixtureNetwork("A")
    let cases: [(image: Tensor, isFlat: Bool)] = [
      (image(0..<0, 0..<0, noise: "0"), false), (image(5..<9, 6..<10, noise: "1"), true),
      (image(5..<9, 6..<9, noise: "2"), false), (image(5..<8, 0..<16, noise: "3"), false),
      (image(12..<16, 12..<16, noise: "4"), true), (image(0..<4, 0..<4, noise: "5"), true),
      (image(4..<10, 4..<10, channels: 0..<2, noise: "6"), false),
      (Tensor(shape: [1, 3, 16, 16]), true),
    ]
    let images = Tensor(stacking: cases.map(\.image))
    let targets = cases.indices.map { $0 % 10 }
    func signals(
      _ places: [Int], _ algorithm: ConvolutionAlgorithm?
    ) throws -> (signals: Tensor, logits: Tensor) {
      try fixture.explained.merged().inputSignals(
        images: images.rows(at: places), targets: places.map { targets[$0] },
        composite: Composite(), algorithm: algorithm, in: AttributionContext())
    }
    let chosen = try signals(Array(cases.indices), nil)
    let flat = cases.indices.filter { cases[$0].isFlat }
    let others = cases.indices.filter { !cases[$0].isFlat }
    for (places, algorithm) in [(flat, ConvolutionAlgorithm.direct), (others, .fastest)] {
      let expected = try signals(places, algorithm)
      #expect(chosen.signals.rows(at: places) == expected.signals, "\(algorithm)")
      #expect(chosen.logits.rows(at: places) == expected.logits, "\(algorithm)")
    }
    // Each image tells the two algorithms apart, or this would show nothing.
    let all = Array(cases.indices)
    let (direct, fast) = (try signals(all, .direct).logits, try signals(all, .fastest).logits)
    for place in all.dropLast() { #expect(direct.row(place) != fast.row(place), "\(place)") }
    // Images smaller than 4x4 have no such area.
    let small = try LivelyNetwork(
      Architecture(input: [3, 3, 9], stacks: [[4]], hidden: [], classes: 2, pooling: false))
    let one = Tensor(shape: [1, 3, 3, 9], repeating: 0.5)
    let form = small.explained.merged()
    let results = try [nil, ConvolutionAlgorithm.fastest].map {
      try form.inputSignals(
        images: one, targets: [1], composite: Composite(), algorithm: $0,
        in: AttributionContext()
      ).logits
    }
    #expect(results[0] == results[1])
  }

  // MARK: Finite differences

  @Test(arguments: networks)
  func `the gradient is the limit of finite differences in Double`(_ name: String) throws {
    let fixture = try FixtureNetwork(name)
    let maps = ReferenceArray(try fixture.maps(of: "gradient", fixture.request()))
    let network = fixture.literal.network
    let images = ReferenceArray(fixture.images)
    let size = images.values.count / images.shape[0]
    let (step, count) = (1e-6, 8)
    let scale = maps.values.map(\.magnitude).max() ?? 0
    #expect(scale > 0)
    for image in 0..<images.shape[0] {
      var stream = RandomStream(seed: 4, purpose: "differences/\(name)", image)
      let pixels = (0..<count).map { _ in Int(stream.next() % UInt64(size)) }
      var probes = ReferenceArray([2 * count] + images.shape.dropFirst())
      for probe in 0..<2 * count {
        for pixel in 0..<size {
          probes.values[probe * size + pixel] = images.values[image * size + pixel]
        }
        probes.values[probe * size + pixels[probe / 2]] += probe % 2 == 0 ? step : -step
      }
      let logits = try #require(network.evaluate(probes).last)
      for (index, pixel) in pixels.enumerated() {
        let target = fixture.targets[image]
        let difference =
          (logits[2 * index, target] - logits[2 * index + 1, target]) / (2 * step)
        let gradient = maps.values[image * size + pixel]
        #expect(abs(gradient - difference) < 1e-4 * scale, "image \(image), element \(pixel)")
      }
    }
  }
}
