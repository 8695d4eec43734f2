import Testing
import XAIDatasets
import XAIExperiments
import XAIExperimentsTestSupport
import XAINetworks
import XAIRepresentations
import XAITensor

@Suite struct SurrogateExperimentTests {
  private func configuration(
    _ change: (inout SurrogateExperiment.Configuration) throws -> Void = { _ in }
  ) rethrows -> SurrogateExperiment.Configuration {
    var configuration = SurrogateExperiment.Configuration()
    (configuration.images, configuration.models) = (120, [.tree])
    try change(&configuration)
    return configuration
  }

  /// A network that says star where a picture's red is large, and disk else: each for half of the training images.
  private func red() throws -> StudyCase {
    let study = try StudyCase()
    try write(study, threshold: 0)
    let session = try study.session(["red.safetensors"])
    let dataset = try #require(session.dataset)
    let preprocessing = try session.requests(for: session.network).preprocessing
    let outputs = try LayerOutputs(["fc1_relu"], of: session.network.explained).all(
      of: PictureList(dataset, .train, Array(0..<120)).normalized(0..<120, by: preprocessing))
    let hidden = try #require(outputs["fc1_relu"])
    try write(study, threshold: (0..<120).map { hidden[$0, 0] }.sorted()[60])
    return study
  }

  private func write(_ study: StudyCase, threshold: Float) throws {
    try study.write("red.safetensors") { parameters in
      for name in parameters.names {
        guard let tensor = parameters[name] else { continue }
        parameters[name] = Tensor(shape: tensor.shape)
      }
      parameters["conv1.weight"]?[0, 0, 1, 1] = 1
      parameters["conv1.bias"]?[0] = 3
      parameters["conv2.weight"]?[0, 0, 1, 1] = 1
      let width = parameters["fc1.weight"]?.shape[1] ?? 0
      // The mean over the first channel: positions come before channels end.
      for position in 0..<width / 6 { parameters["fc1.weight"]?[0, position] = 0.01 }
      parameters["fc2.weight"]?[4, 0] = 1
      for label in 0..<12 where label != 4 { parameters["fc2.bias"]?[label] = -100 }
      parameters["fc2.bias"]?[0] = threshold
    }
  }

  @Test func `a tree finds the one question that a network asks`() throws {
    let session = try red().session(["red.safetensors"])
    let results = try SurrogateExperiment(
      configuration {
        ($0.features, $0.depth) = (["mean-red", "radius", "kind"], 1)
      }, in: session
    ).run()
    let model = results.models[0]
    #expect(model.columns?.first?.name == "mean-red")
    #expect(model.columns?.first?.gain == 1)
    #expect((model.fidelity?.value ?? 0) > 0.8 && model.fidelity?.explains == true, "\(model)")
    let rules = try #require(model.rules)
    #expect(rules.last?.answer == "star" && rules.last?.condition.hasPrefix("mean-red > ") == true)
    #expect(rules.map(\.images).reduce(0, +) == 120)
    #expect(model.nodes?.first?.yes == 1 && model.interpretable != nil)
    #expect(results.answers.count == 12 && results.target == nil)
  }

  @Test func `a regression finds what the logit is made of`() throws {
    let session = try red().session(["red.safetensors"])
    let results = try SurrogateExperiment(
      configuration {
        ($0.models, $0.target) = ([.linear, .neighbors], 4)
        $0.features = ["mean-red", "radius", "pattern"]
      }, in: session
    ).run()
    #expect(results.answers == ["star", "other"])
    let linear = results.models[0]
    #expect(linear.columns?.map(\.name).prefix(3) == ["intercept", "mean-red", "radius"])
    // Four of five patterns: the fifth follows from them.
    #expect(linear.columns?.count == 7)
    let red = try #require(linear.columns?[1])
    let others = try #require(linear.columns).dropFirst(2).map { abs($0.effect ?? 0) }
    #expect((red.effect ?? 0) > 5 * (others.max() ?? 1), "\(red) with \(others)")
    #expect((linear.explained?.last ?? nil) ?? 0 > 0.7)
    #expect((results.models[1].fidelity?.value ?? 0) > 0.85)
  }

  @Test func `what cannot be fitted is refused`() throws {
    let session = try red().session(["red.safetensors"])
    #expect(throws: SurrogateExperiment.Failed(.linearNeedsTarget)) {
      try SurrogateExperiment(configuration { $0.models = [.linear] }, in: session)
    }
    #expect(throws: ProbeFailure.self) {
      try SurrogateExperiment(configuration { $0.features = ["class"] }, in: session)
    }
    #expect(throws: SurrogateExperiment.Failed(.oneAnswer("other"))) {
      try SurrogateExperiment(configuration { $0.target = 7 }, in: session).run()
    }
    #expect(throws: SurrogateExperiment.Failed(.dependent("mean-red"))) {
      try SurrogateExperiment(
        configuration {
          ($0.models, $0.target) = ([.linear], 4)
          $0.features = ["mean-red", "mean-red"]
        }, in: session
      ).run()
    }
  }

  @Test func `scores of concepts and means of units are features`() throws {
    let study = try red()
    let session = try study.session(["red.safetensors"])
    let wanted = try configuration {
      ($0.features, $0.depth) = (["radius", "mean-blue"], 1)
      $0.concepts = try ConceptSource.list("shapes:hue=red")
      ($0.layers, $0.set) = (["conv1_relu"], 12)
      $0.units = ["fc1_relu:0", "conv1_relu:0"]
    }
    let results = try SurrogateExperiment(wanted, in: session).run()
    #expect(
      results.features == [
        "radius", "mean-blue", "concept hue red at conv1_relu", "fc1_relu:0", "conv1_relu:0",
      ])
    let model = results.models[0]
    // The network asks for its hidden unit, and so does its surrogate.
    let first = try #require(model.columns?.first?.name)
    #expect(["fc1_relu:0", "conv1_relu:0"].contains(first))
    #expect((model.fidelity?.value ?? 0) > 0.95, "\(model)")
    #expect(throws: SurrogateExperiment.Failed(.noUnits("nowhere"))) {
      try SurrogateExperiment(configuration { $0.units = ["nowhere"] }, in: session)
    }
    #expect(throws: RepresentationFailure(.unknownUnit(16, layer: "fc1_relu", count: 16))) {
      try SurrogateExperiment(configuration { $0.units = ["fc1_relu:16"] }, in: session)
    }
  }

  @Test func `an observer stops it`() throws {
    let session = try red().session(
      ["red.safetensors"], observer: RecordingObserver(stoppingAfter: 1))
    #expect(throws: WorkStopped.self) {
      try SurrogateExperiment(configuration(), in: session).run()
    }
  }
}
