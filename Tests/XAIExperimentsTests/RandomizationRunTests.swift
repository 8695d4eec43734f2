import Foundation
import Testing
import XAIAttribution
import XAIClassifiers
import XAIDatasets
import XAIExperiments
import XAIExperimentsTestSupport
import XAIFiles
import XAIImages
import XAIKernels
import XAIMetrics
import XAINetworks
import XAITensor
import XAITestSupport

@Suite struct RandomizationRunTests {
  private let trained = TrainedNetwork()
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private var checkpoint: Checkpoint {
    Checkpoint(
      network: trained.network, parameters: trained.parameters,
      mean: Tensor(shape: [3], repeating: 0.5),
      standardDeviation: Tensor(shape: [3], repeating: 0.25), classes: [])
  }

  private func image(_ number: Int) -> ExplainedImage {
    var stream = RandomStream(seed: 1, purpose: "run image", number)
    let pixels = (0..<16 * 16 * 3).map { _ in UInt8(stream.integer(below: 256)) }
    return ExplainedImage(
      name: "image \(number)", source: "test",
      picture: RGBImage(height: 16, width: 16, pixels: pixels))
  }

  private struct Setup {
    var images = [0, 1, 2]
    var methods = "saliency,integrated-gradients,lrp-a1b0,random"
    var modes: [RandomizationMode] = [.cascading, .independent]
    var seeds = 2
    var randomization = Randomization()
    var target = RandomizationConfiguration.Target.fixed
    var memory = 256 << 20
    var keepsChannels = false
    var layers: (String, String)?
    var output = "out"
  }

  private func run(
    _ setup: Setup = Setup(), _ events: RandomizationRun.Events = .init()
  ) throws -> RandomizationRun {
    let network = ExplainedNetwork(
      trained.network, parameters: trained.parameters, backend: try CPUBackend())
    let requests = try RequestMaker(checkpoint, dataset: nil, seed: 0, tell: { _ in })
    let images = setup.images.map(image)
    let normalised = ExplainedImage.normalised(images, requests.preprocessing)
    let predictions = try Prediction.of(normalised, by: network)
    var selection = try MethodSelection(setup.methods.split(separator: ",").map(String.init))
    try selection.apply(
      ["integrated-gradients": .object(["steps": .integer(4)])].filter {
        setup.methods.contains($0.key)
      })
    let plans = try setup.modes.map { mode in
      let plan = RandomizationPlan(trained.network, mode: mode)
      return try setup.layers.map { try plan.steps(from: $0.0, through: $0.1) } ?? plan
    }
    let test = RandomizationTest(
      networks: RandomizedNetworks(
        original: network, randomization: setup.randomization, seed: 0,
        calibration: setup.randomization.batchNorm == .recalibrate ? normalised : nil),
      subjects: zip(images, predictions).map {
        .init(image: $0, prediction: $1, target: $1.predicted)
      },
      methods: selection.choices.map {
        .init(
          $0,
          baseline: RequestMaker.baseline(of: $0.method, chosen: nil))
      }, plans: plans, seeds: setup.seeds, target: setup.target, requests: requests,
      keepsChannels: setup.keepsChannels)
    let store = try UnitStore(
      folder.file(setup.output),
      origin: RandomizationOrigin(
        version: "1", checkpoint: "abc",
        configuration: .init(
          randomization: setup.randomization, target: setup.target, seed: 0),
        calibration: setup.randomization.batchNorm == .recalibrate ? normalised : nil))
    return try RandomizationRun(
      test, store: store, memory: setup.memory, events: events)
  }

  private let panel = SimilarityPanel(height: 16, width: 16)

  private func scores(_ setup: Setup = Setup()) throws -> [ScoreRow] {
    let run = try run(setup)
    try run.computeUnits()
    return try run.scores(by: panel, threads: 2)
  }

  private func text(_ rows: [ScoreRow]) throws -> String { try JSONText.encode(rows) }

  @Test func `a run that was stopped anywhere goes on to the same bytes`() throws {
    let whole = try text(try scores())
    for limit in [1, 2, 5, 9] {
      let setup = Setup(output: "stopped \(limit)")
      var batches = 0
      let events = RandomizationRun.Events(
        phase: { _, _ in batches += 1 }, isStopped: { batches >= limit })
      // The folder is free again when the stopped run is gone.
      do {
        let stopped = try run(setup, events)
        #expect(throws: AttributionStopped.self) { try stopped.computeUnits() }
        let estimate = try stopped.estimate()
        #expect(0 < estimate.missing && estimate.missing < estimate.units)
      }
      #expect(try text(try scores(setup)) == whole, "stopped after \(limit)")
    }
  }

  @Test func `images, order, memory and other methods change nothing`() throws {
    func key(_ row: ScoreRow, _ images: [Int]) -> String {
      "\(images[row.image]) \(row.method) \(row.step) \(row.values)"
    }
    let base = Set(try scores().map { key($0, [0, 1, 2]) })
    let reversed = try scores(Setup(images: [2, 1, 0], output: "reversed"))
    #expect(Set(reversed.map { key($0, [2, 1, 0]) }) == base)
    let narrow = try scores(Setup(memory: 1, output: "narrow"))
    #expect(Set(narrow.map { key($0, [0, 1, 2]) }) == base)
    let single = try scores(Setup(images: [1], methods: "lrp-a1b0", seeds: 1, output: "single"))
    #expect(Set(single.map { key($0, [1]) }).isSubset(of: base))
  }

  @Test func `what is added later is all that is computed`() throws {
    let first = Setup(methods: "saliency", seeds: 1)
    do { try run(first).computeUnits() }
    do {
      let same = try run(first).estimate()
      #expect(same.missing == 0 && same.walks == 0 && same.units == 3 * 12)
    }
    // 6 layers in two modes: the first steps are the same network.
    var more = first
    more.methods = "saliency,guided-backprop"
    do { #expect(try run(more).estimate().missing == 3 * (1 + 11)) }
    more = first
    more.seeds = 2
    do { #expect(try run(more).estimate().missing == 3 * 11) }
    more = first
    more.images = [0, 1, 2, 3]
    do { #expect(try run(more).estimate().missing == 1 + 11) }
    more = first
    more.modes = [.cascading, .independent, .bottomUp]
    // Of its 6 steps the first is that of `independent`, the last that of `cascading`.
    do { #expect(try run(more).estimate().missing == 3 * 4) }
  }

  @Test func `modes agree where they randomize the same layers`() throws {
    let rows = try scores(Setup(modes: RandomizationMode.allCases, seeds: 1))
    func values(_ mode: RandomizationMode, _ layer: String) -> [[Double?]] {
      rows.filter { $0.step.mode == mode && $0.step.layer == layer }.map(\.values)
    }
    #expect(values(.cascading, "fc2") == values(.independent, "fc2"))
    #expect(values(.bottomUp, "conv1") == values(.independent, "conv1"))
    #expect(values(.cascading, "conv1") == values(.bottomUp, "fc2"))
    #expect(values(.cascading, "conv1") != values(.independent, "conv1"))
    #expect(!values(.cascading, "fc2").isEmpty)
  }

  @Test func `a map is that of the method on the randomized network`() throws {
    let run = try run(Setup(keepsChannels: true))
    try run.computeUnits()
    let keys = try UnitKeys(run.test)
    let step = RandomizationPlan(trained.network, mode: .cascading).steps[3]
    let layers = RandomLayers(step, of: trained.network)
    let unit = try #require(try run.store.unit(keys.key(0, 1, layers, seed: 1)))
    let network = ExplainedNetwork(
      trained.network,
      parameters: Randomization().randomize(
        step.layers, of: trained.parameters, in: trained.network, seed: 1),
      backend: try CPUBackend())
    let requests = run.test.requests
    let request = try requests.request(
      [image(1)], targets: [run.test.subjects[1].target],
      for: run.test.methods[0].method, baseline: nil)
    let map = try Saliency()
      .attribute(request, on: network, in: AttributionContext()).maps
    #expect(run.test.methods[0].identifier == "saliency")
    #expect(unit.map.shape == [3, 16, 16])
    #expect(unit.map == map.row(0).reshaped(to: [3, 16, 16]))
    #expect(unit.target == run.test.subjects[1].target)
    let shown = try #require(
      try run.map(
        MapKey(
          image: 1, method: "saliency",
          step: .init(mode: .cascading, layer: step.name, seed: 1))))
    #expect(shown == (try RelevanceMap(summingChannelsOf: map, source: "")))
  }

  @Test func `what is predicted anew is explained anew`() throws {
    let run = try run(Setup(methods: "saliency", target: .repredicted))
    try run.computeUnits()
    let rows = try run.scores(by: panel, threads: 1)
    #expect(rows.contains { $0.target != run.test.subjects[$0.image].target })
    let fixed = try scores(Setup(methods: "saliency", output: "fixed"))
    #expect(fixed.allSatisfy { $0.target == run.test.subjects[$0.image].target })
    // The map is that of the other class.
    let row = try #require(
      rows.first {
        $0.target != run.test.subjects[$0.image].target && $0.step.mode == .independent
      })
    let layers = RandomLayers(
      try #require(
        run.test.plans[1].steps.first { $0.name == row.step.layer }), of: trained.network)
    let unit = try #require(
      try run.store.unit(try UnitKeys(run.test).key(0, row.image, layers, seed: row.step.seed)))
    let network = ExplainedNetwork(
      trained.network,
      parameters: Randomization().randomize(
        layers.names, of: trained.parameters, in: trained.network, seed: UInt64(row.step.seed)),
      backend: try CPUBackend())
    #expect(unit.map == (try saliency(of: row.image, as: row.target, run, on: network)))
  }

  /// The absolute gradient, channels summed.
  private func saliency(
    of number: Int, as target: Int, _ run: RandomizationRun, on network: ExplainedNetwork
  ) throws -> Tensor {
    let request = try run.test.requests.request(
      [image(number)], targets: [target], for: run.test.methods[0].method, baseline: nil)
    let map = try Saliency()
      .attribute(request, on: network, in: AttributionContext()).maps
    let elements = map.elements
    let sums = (0..<16 * 16).map { pixel in
      Float(Double(elements[pixel]) + Double(elements[256 + pixel]) + Double(elements[512 + pixel]))
    }
    return Tensor(shape: [16, 16], sums)
  }

  @Test func `recalibrated statistics are those of each step`() throws {
    let setup = Setup(
      methods: "saliency", seeds: 1, randomization: .init(batchNorm: .recalibrate))
    let recalibrated = try scores(setup)
    let reset = try scores(Setup(methods: "saliency", seeds: 1, output: "reset"))
    #expect(recalibrated.count == reset.count)
    #expect(recalibrated.map(\.values) != reset.map(\.values))
    // Each network has the moments of what arrives at its own layers.
    let run = try run(setup)
    let images = ExplainedImage.normalised(
      run.test.subjects.map(\.image), run.test.requests.preprocessing)
    for step in run.test.plans[0].steps {
      let backend = try CPUBackend()
      let layers = RandomLayers(step, of: trained.network)
      let drawn = Randomization().randomize(
        layers.names, of: trained.parameters, in: trained.network, seed: 0)
      let network = ExplainedNetwork(
        trained.network,
        parameters: try RunningStatistics.estimated(
          for: layers.names, of: drawn, in: trained.network, on: images, backend: backend),
        backend: backend)
      let unit = try #require(
        try run.store.unit(try UnitKeys(run.test).key(0, 1, layers, seed: 0)))
      #expect(unit.map == (try saliency(of: 1, as: unit.target, run, on: network)), "\(step.name)")
    }
  }

  @Test func `other images that recalibrate make another test`() throws {
    var setup = Setup(
      methods: "saliency", seeds: 1, randomization: .init(batchNorm: .recalibrate))
    do { try run(setup).computeUnits() }
    setup.images = [0, 1]
    let failure = #expect(throws: ExperimentFailure.self) { _ = try run(setup) }
    let says = failure?.description.contains("other images recalibrate batch norm") == true
    #expect(says && failure?.kind == .usage)
  }

  @Test func `equal images make equal units`() throws {
    let rows = try scores(Setup(images: [0, 0], methods: "saliency", seeds: 1))
    let (first, second) = (rows.filter { $0.image == 0 }, rows.filter { $0.image == 1 })
    #expect(first.map(\.values) == second.map(\.values) && first.count == 12)
  }

  @Test func `a folder with other content is left alone`() throws {
    let place = folder.file("out")
    try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
    try AtomicFile.write("{}", to: "\(place)/results.json")
    let failure = #expect(throws: FileFailure.self) { _ = try run() }
    #expect(failure?.kind == .cannotCreate)
    let says = failure?.description.contains("'results.json' but no test of this command") == true
    #expect(says)
    #expect(try Folder.entries(of: place) == ["results.json"])
  }

  @Test func `an origin that cannot be read is not replaced`() throws {
    do { try run(Setup(methods: "saliency")).computeUnits() }
    let file = folder.file("out/origin.json")
    try Data([0xFF, 0xFE]).write(to: URL(filePath: file))
    #expect(throws: FileFailure.self) { _ = try run(Setup(methods: "saliency")) }
    #expect(try WholeFile.read(file) == [0xFF, 0xFE])
  }

  @Test func `a method that is added measures its own convergence alone`() throws {
    func records() throws -> [String] {
      try Folder.entries(of: folder.file("out/units")).filter { $0.hasPrefix("convergence") }
    }
    let one = try {
      _ = try run(Setup(methods: "lrp-a1b0")).convergence()
      return try records()
    }()
    let curves = try run(Setup(methods: "saliency,lrp-a1b0,input-x-gradient,random")).convergence()
    #expect(curves.map(\.method) == ["saliency", "input-x-gradient", "lrp-a1b0"])
    #expect(curves[0].median == curves[1].median && curves[0].median != curves[2].median)
    let all = try records()
    // The gradient is measured once.
    #expect(one.count == 1 && all.count == 2 && Set(all).isSuperset(of: one))
  }

  @Test func `controls cannot react, and equal maps are equal`() throws {
    let rows = try scores(Setup(methods: "random,input,edge-detector", seeds: 1))
    let headline = try #require(
      panel.measures.firstIndex { $0.identifier == SimilarityPanel.headline })
    #expect(rows.allSatisfy { $0.values[headline] == 1 } && rows.count == 3 * 3 * 12)
  }

  @Test func `the health of every network is measured once`() throws {
    let run = try run(Setup(methods: "saliency", seeds: 1))
    let images = ExplainedImage.normalised(
      (10..<18).map(image), run.test.requests.preprocessing)
    let records = try run.health(on: images, labels: nil)
    #expect(records.count == 1 + 12 && records[0].step == nil)
    let last = try #require(
      records.first { $0.step == .init(mode: .cascading, layer: "conv1", seed: 0) })
    let alone = try NetworkHealth.measure(
      ExplainedNetwork(
        trained.network, parameters: trained.randomized(trained.layers, seed: 0),
        backend: try CPUBackend()), on: images)
    #expect(last.health.deadRectifiers == alone.deadRectifiers)
    #expect(abs(last.health.logitSpread - alone.logitSpread) < 1e-9)
    let again = try run.health(on: images, labels: nil)
    #expect(try JSONText.encode(again) == JSONText.encode(records))
  }

  @Test func `a folder of another test is refused, and so is one in use`() throws {
    let first = try run()
    let busy = #expect(throws: FileFailure.self) { try run() }
    #expect(busy?.description.contains("is writing results into this folder") == true)
    _ = consume first
    let other = #expect(throws: ExperimentFailure.self) {
      try run(Setup(randomization: .init(initializer: .permute, batchNorm: .keep)))
    }
    let text = other?.description ?? ""
    #expect(text.contains("initializer he-normal there, initializer permute here"))
    #expect(text.contains("batch norm reset there, batch norm keep here"))
    #expect(other?.kind == .usage)
  }

  @Test func `a damaged file is named, and nothing else is lost`() throws {
    do { try run(Setup(methods: "saliency")).computeUnits() }
    let units = folder.file("out/units")
    let name = try #require(try Folder.entries(of: units).first { $0.hasPrefix("saliency") })
    let whole = try WholeFile.read("\(units)/\(name)")
    try Data(whole.dropLast(100)).write(to: URL(filePath: "\(units)/\(name)"))
    let failure = #expect(throws: FileFailure.self) { try run(Setup(methods: "saliency")) }
    #expect(failure?.kind == .badData && failure?.description.contains(name) == true)
    let says = failure?.description.contains("only what it held is computed again") == true
    #expect(says)
    try FileManager.default.removeItem(atPath: "\(units)/\(name)")
    let estimate = try run(Setup(methods: "saliency")).estimate()
    #expect(0 < estimate.missing && estimate.missing < estimate.units)
  }

  @Test func `the network is as it was`() throws {
    let run = try run()
    try run.computeUnits()
    // What it holds on the device as well: it is shared with the randomized networks.
    let fresh = ExplainedNetwork(
      trained.network, parameters: trained.parameters, backend: try CPUBackend())
    for method in run.test.methods {
      let request = try run.test.requests.request(
        [image(1)], targets: [3], for: method.method, baseline: method.baseline)
      let maps = try [run.test.networks.original, fresh].map { network in
        try method.method.attribute(request, on: network, in: AttributionContext()).maps
      }
      #expect(maps[0] == maps[1], "\(method.identifier)")
    }
    #expect(run.test.networks.original.parameters == trained.parameters)
  }
}
