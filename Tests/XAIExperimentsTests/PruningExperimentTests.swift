import Testing
import XAIAttribution
import XAIDatasets
import XAIExperiments
import XAIExperimentsTestSupport
import XAIFiles
import XAIKernels
import XAINetworks
import XAIRepresentations
import XAITensor
import XAITestSupport

@Suite struct PruningExperimentTests {
  private let study: StudyCase

  init() throws { study = try StudyCase(channels: 8) }

  private func configuration(
    _ change: (inout PruningExperiment.Configuration) -> Void = { _ in }
  ) -> PruningExperiment.Configuration {
    var configuration = PruningExperiment.Configuration()
    configuration.criteria = [.weight]
    (configuration.rate, configuration.until) = (0.25, 0.5)
    (configuration.images, configuration.validationImages) = (1, 24)
    (configuration.randomOrders, configuration.recalibration) = (1, 0)
    change(&configuration)
    return configuration
  }

  private func experiment(
    _ configuration: PruningExperiment.Configuration, model: String = "model.safetensors",
    into folder: String? = nil, observer: any WorkObserver = NoObserver()
  ) throws -> PruningExperiment {
    let session = try study.session([model], observer: observer)
    let experiment = try PruningExperiment(
      configuration, data: DataOpening("shapes", threads: 1), in: session)
    if let folder { try experiment.open(study.folder.file(folder)) }
    return experiment
  }

  private func logits(_ checkpoint: Checkpoint, _ images: Tensor) throws -> Tensor {
    let network = ExplainedNetwork(
      checkpoint.network, parameters: checkpoint.parameters, backend: try CPUBackend())
    let last = network.network.logitLayer
    return try #require(try LayerOutputs([last], of: network).all(of: images)[last])
  }

  /// The original with what reads a removed channel reading nothing: its rectifier's output times 0.
  private func masked(_ original: Checkpoint, _ filters: [String: [Int]]) throws -> Checkpoint {
    var masked = original
    for layer in FilterLayer.all(of: original.network) {
      let kept = Set(try #require(filters[layer.convolution]))
      var weights = try #require(masked.parameters["\(layer.reader).weight"])
      let tail = weights.rowCount / layer.filters
      weights.withUnsafeMutableElements { elements in
        for index in elements.indices where !kept.contains(index / tail % layer.filters) {
          elements[index] = 0
        }
      }
      masked.parameters["\(layer.reader).weight"] = weights
    }
    return masked
  }

  @Test(arguments: [FilterCriterion.lrp, .taylor, .weight])
  func `after several steps a checkpoint says what the masked original says`(
    criterion: FilterCriterion
  ) throws {
    let results = try experiment(
      configuration { $0.criteria = [criterion] }, into: "run"
    ).run().results
    #expect(results.layers.map(\.layer) == ["conv1", "conv2"])
    let original = try Checkpoint(path: study.folder.file("model.safetensors"))
    var stream = RandomStream(seed: 1, purpose: "images")
    let images = stream.normal(shape: [5, 3, 64, 64])
    for curve in results.curves {
      let last = try #require(curve.steps.last)
      #expect(last.removed == 8 && last.filters.reduce(0, +) == 8)
      #expect(last.multiplyAdds < results.original.multiplyAdds)
      let path = study.folder.file("run/\(try #require(last.file))")
      let pruned = try Checkpoint(path: path)
      #expect(pruned.network.multiplyAdds == last.multiplyAdds)
      #expect(pruned.network.parameterCount == last.parameters)
      let filters = try JSONText.decode(
        [String: [Int]].self, from: try #require(pruned.metadata["pruned_filters"]), name: path)
      #expect(last.filters == results.layers.map { filters[$0.layer]?.count })
      let own = try logits(pruned, images)
      expectClose(own, try logits(try masked(original, filters), images), relative: 1e-5)
      // The test can fail: other filters are another network.
      let others = filters.mapValues { kept in (0..<8).filter { !kept.contains($0) } }
      let deviation = largestDeviation(own, try logits(try masked(original, others), images))
      #expect(deviation.relative > 1e-3)
      #expect(pruned.metadata["pruned_order"] == curve.order.name)
      #expect(pruned.metadata["pruned_from"]?.count == 64)
    }
  }

  @Test func `what is stopped goes on, and ends in the same bytes`() throws {
    let wanted = configuration { $0.criteria = [.lrp, .weight] }
    let whole = try experiment(wanted, into: "whole").run().results
    let observer = RecordingObserver(stoppingAfter: 3)
    #expect(throws: WorkStopped.self) {
      try experiment(wanted, into: "parts", observer: observer).run()
    }
    let first = try Folder.entries(of: study.folder.file("parts/units")).filter {
      $0.hasPrefix("step-")
    }
    #expect(!first.isEmpty && first.count < 9)
    let parts = try experiment(wanted, into: "parts").run().results
    #expect(try JSONText.encode(parts) == JSONText.encode(whole))
    let files = try Folder.entries(of: study.folder.file("whole/networks"))
    #expect(try files == Folder.entries(of: study.folder.file("parts/networks")))
    for file in files {
      #expect(
        try WholeFile.read(study.folder.file("whole/networks/\(file)"))
          == WholeFile.read(study.folder.file("parts/networks/\(file)")), "\(file)")
    }
  }

  @Test func `a network that is gone is made again from those before it`() throws {
    let whole = try experiment(configuration(), into: "run").run().results
    let file = try #require(whole.curves[0].steps.last?.file)
    let path = study.folder.file("run/\(file)")
    let bytes = try WholeFile.read(path)
    try AtomicFile.write("damaged", to: path)
    let again = try experiment(configuration(), into: "run").run().results
    #expect(try WholeFile.read(path) == bytes)
    #expect(try JSONText.encode(again) == JSONText.encode(whole))
  }

  @Test func `filters that do nothing go first, and nothing changes`() throws {
    // Channels that are 0 whatever is shown: 5 of 8 in each layer.
    let dead: [String: [Int]] = ["conv1": [0, 2, 3, 5, 7], "conv2": [1, 2, 4, 5, 6]]
    try study.write("dead.safetensors") { parameters in
      for (layer, channels) in dead {
        for name in ["\(layer).weight", "\(layer).bias"] {
          guard var tensor = parameters[name] else { continue }
          let count = tensor.count / 8
          tensor.withUnsafeMutableElements { elements in
            for channel in channels {
              for index in 0..<count { elements[channel * count + index] = 0 }
            }
          }
          parameters[name] = tensor
        }
      }
    }
    let results = try experiment(
      configuration {
        $0.criteria = [.lrp, .taylor, .weight]
        ($0.rate, $0.until, $0.includesRandomized) = (0.3125, 0.625, false)
      }, model: "dead.safetensors", into: "run"
    ).run().results
    for curve in results.curves where curve.order.criterion != .random {
      let last = try #require(curve.steps.last)
      #expect(last.removed == 10 && last.filters == [3, 3], "\(curve.order.name)")
      #expect(last.validation.top1 == results.original.validation.top1)
      #expect((last.maps ?? 0) > 0.999 && curve.chosen == 2)
    }
    #expect(results.curves.map(\.order.name) == ["lrp", "taylor", "weight", "random-1"])
  }

  @Test func `random orders and random weights are always beside a criterion`() {
    let curves = PruningCurve.all(
      of: [.lrp, .random, .lrp, .weight], randomOrders: 2, includesRandomized: true)
    #expect(
      curves.map(\.name) == ["lrp", "weight", "lrp-randomized", "random-1", "random-2"])
    #expect(curves.map(\.isControl) == [false, false, true, true, true])
  }

  @Test func `what cannot go is refused, and how much could is told`() throws {
    #expect(throws: PruningFailure(.tooMuch(share: 0.95, filters: 16, staying: 2))) {
      try experiment(configuration { $0.until = 0.95 })
    }
    #expect(
      PruningFailure(.tooMuch(share: 0.95, filters: 16, staying: 2)).description.contains(
        "remove at most 87 %"))
    #expect(throws: PruningFailure(.tooMuch(share: 0.5, filters: 16, staying: 12))) {
      try experiment(configuration { $0.floor = 0.7 })
    }
    #expect(throws: PruningFailure(.nothingGoes(rate: 0.01, filters: 16))) {
      try experiment(configuration { $0.rate = 0.01 })
    }
  }

  @Test func `a folder of other steps is refused`() throws {
    _ = try experiment(configuration(), into: "run")
    #expect(throws: ExperimentFailure.self) {
      try experiment(configuration { $0.rate = 0.5 }, into: "run")
    }
    #expect(throws: Never.self) {
      try experiment(configuration { $0.criteria = [.lrp] }, into: "run")
    }
  }
}
