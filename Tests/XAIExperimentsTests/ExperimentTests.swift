import Testing
import XAIAttribution
import XAIExperiments
import XAIExperimentsTestSupport
import XAIFiles
import XAITensor
import XAITestSupport

@Suite struct RandomizationExperimentTests {
  private let test: SessionCase

  init() throws { test = try SessionCase() }

  private func experiment(
    _ change: (inout RandomizationExperiment.Configuration) -> Void = { _ in },
    observer: any WorkObserver = NoObserver()
  ) throws -> RandomizationExperiment {
    var configuration = RandomizationExperiment.Configuration(
      images: test.pictures(2), methods: test.methods("saliency"))
    configuration.draws = 1
    configuration.without = [.controls, .convergence]
    change(&configuration)
    return try RandomizationExperiment(configuration, in: test.session(observer: observer))
  }

  @Test func `maps are computed once, and the second run finds them`() throws {
    let folder = test.folder.file("out")
    let observer = RecordingObserver()
    let units: Int
    do {
      let first = try experiment(observer: observer)
      units = try first.cost().maps.units
      try first.open(folder)
      #expect(try first.cost().maps.missing == units)
      let outcome = try first.finish()
      #expect(outcome.results.verdicts.map(\.method) == ["saliency"])
      #expect(outcome.pictures.count == 2 && outcome.results.complete)
      #expect(observer.work == ["testing", "health"])
      #expect(observer.warnings.contains { $0.hasPrefix("every verdict will be inconclusive") })
    }
    let again = try experiment()
    try again.open(folder)
    #expect(try again.cost().maps.missing == 0 && again.cost().looks == 0)
    #expect(try again.cost().maps.units == units)
  }

  @Test func `layers, modes and controls are as the configuration says`() throws {
    let some = try experiment {
      $0.layers = ("conv3", "conv2")
      $0.modes = [.independent, .independent]
      $0.without = [.convergence]
    }
    let cost = try some.cost()
    // Two steps and the original network, by the method and four controls.
    #expect(cost.methods == 5 && cost.maps.units == 5 * 2 * 3)
    let failure = #expect(throws: ExperimentFailure.self) {
      try experiment { $0.layers = ("conv9", "conv9") }
    }
    guard case .unknownLayer("conv9", _) = failure?.code else {
      Issue.record("\(String(describing: failure))")
      return
    }
  }

  @Test func `equal pictures are tested once, which is told`() throws {
    let observer = RecordingObserver()
    let path = test.folder.file("image0.png")
    let cost = try experiment({ $0.images = .files([path, path]) }, observer: observer).cost()
    #expect(cost.images == 1)
    #expect(observer.warnings.contains { $0.hasSuffix("so it is tested once") })
  }

  @Test func `a run that is stopped leaves what is finished, and another goes on`() throws {
    let folder = test.folder.file("out")
    let all: Int
    do {
      let stopped = try experiment(observer: RecordingObserver(stoppingAfter: 2))
      all = try stopped.cost().maps.units
      try stopped.open(folder)
      #expect(throws: AttributionStopped.self) { try stopped.finish() }
    }
    let next = try experiment()
    try next.open(folder)
    #expect(try 1..<all ~= next.cost().maps.missing)
    #expect(try next.finish().results.complete)
  }

  @Test func `without a folder there is nothing to finish`() throws {
    let failure = #expect(throws: ExperimentFailure.self) { try experiment().finish() }
    #expect(failure?.code == .noFolder)
  }
}

@Suite struct ContrastExperimentTests {
  private let test: SessionCase

  init() throws {
    test = try SessionCase()
    try test.write(
      "other.safetensors", TrainedNetwork().randomized(TrainedNetwork().layers))
  }

  @Test func `classes are compared on one network`() throws {
    var configuration = ContrastExperiment.Configuration(
      .classes(.chosen([.index(1), .index(2)])), images: test.pictures(2),
      methods: test.methods("saliency"))
    configuration.addsControls = false
    configuration.keptImages = 1
    let observer = RecordingObserver()
    let experiment = try ContrastExperiment(configuration, in: test.session(observer: observer))
    let cost = try experiment.cost()
    #expect(cost.methods == 1 && cost.images == 2 && cost.maps == 4 && cost.walks > 0)
    let outcome = try experiment.run()
    #expect(outcome.results.kind == .classSensitivity && outcome.results.scores.count == 2)
    #expect(outcome.maps[0, 0, .init(network: 0, target: 2)] != nil)
    #expect(outcome.maps[0, 1, .init(network: 0, target: 2)] == nil)
    #expect(observer.work == ["comparing"])
  }

  @Test func `networks are compared on the class that the first one predicts`() throws {
    let session = try test.session(["model.safetensors", "other.safetensors"])
    let experiment = try ContrastExperiment(
      .init(
        .networks(targets: nil), images: test.pictures(1), methods: test.methods("saliency")),
      in: session)
    let outcome = try experiment.run()
    #expect(outcome.results.networks.map(\.name) == ["A", "B"])
    let pair = try #require(outcome.results.pairs.first)
    #expect(pair.left.network == 0 && pair.right.network == 1)
    #expect(pair.left.target.index == pair.right.target.index)
    // Saliency and four controls.
    #expect(outcome.results.methods.count == 5)
  }

  @Test func `controls alone are no comparison`() throws {
    let configuration = ContrastExperiment.Configuration(
      .classes(.ranked(random: 1)), images: test.pictures(1),
      methods: test.methods("cam", isRequired: false))
    let observer = RecordingObserver()
    let failure = #expect(throws: ExperimentFailure.self) {
      try ContrastExperiment(configuration, in: test.session(observer: observer)).cost()
    }
    #expect(failure?.code == .noMethodLeft)
    #expect(observer.warnings.contains { $0.hasPrefix("cam is left out: ") })
  }

  @Test func `a comparison that was stopped goes on to the same bytes`() throws {
    let wanted = ContrastExperiment.Configuration(
      .classes(.ranked(random: 2)), images: test.pictures(3),
      methods: test.methods("saliency", "occlusion", "grad-cam"))
    func results(
      in folder: String?, _ observer: RecordingObserver = RecordingObserver()
    ) throws -> String {
      let experiment = try ContrastExperiment(wanted, in: test.session(observer: observer))
      if let folder { try experiment.open(test.folder.file(folder)) }
      return try JSONText.encode(try experiment.run().results)
    }
    let whole = try results(in: nil)
    var stops = 0
    for steps in [1, 2, 4] {
      do {
        _ = try results(in: "out", RecordingObserver(stoppingAfter: steps))
      } catch is AttributionStopped {
        stops += 1
      }
    }
    #expect(stops > 1)
    #expect(try results(in: "out") == whole)
    let units = try Folder.entries(of: test.folder.file("out/units"))
    // What is finished is read.
    #expect(try results(in: "out") == whole)
    #expect(try Folder.entries(of: test.folder.file("out/units")) == units)
  }

  @Test func `the folder of another question or other networks is refused`() throws {
    func open(_ names: [String]) throws -> ContrastExperiment {
      let question: ContrastExperiment.Question =
        names.count == 1 ? .classes(.ranked(random: 1)) : .networks(targets: nil)
      let experiment = try ContrastExperiment(
        .init(question, images: test.pictures(1), methods: test.methods("saliency")),
        in: test.session(names))
      try experiment.open(test.folder.file("out"))
      return experiment
    }
    func refusal(_ names: [String]) -> [UnitStore.Difference.Subject] {
      let failure = #expect(throws: ExperimentFailure.self) { _ = try open(names) }
      guard case .otherTest(_, let differences) = failure?.code else { return [] }
      return differences.map(\.subject)
    }
    _ = try open(["model.safetensors", "other.safetensors"]).run()
    #expect(refusal(["other.safetensors", "model.safetensors"]) == [.checkpoint])
    #expect(refusal(["model.safetensors"]) == [.setting("question"), .checkpoint])
  }

  @Test func `where it is stopped there are no results`() throws {
    let configuration = ContrastExperiment.Configuration(
      .classes(.ranked(random: 1)), images: test.pictures(2), methods: test.methods("saliency"))
    #expect(throws: AttributionStopped.self) {
      try ContrastExperiment(
        configuration, in: test.session(observer: RecordingObserver(stoppingAfter: 1))
      ).run()
    }
  }
}
