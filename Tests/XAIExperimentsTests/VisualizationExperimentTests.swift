import Testing
import XAIDatasets
import XAIExperiments
import XAIExperimentsTestSupport
import XAIImages
import XAINetworks
import XAIRepresentations
import XAIStatistics
import XAITensor

@Suite struct VisualizationExperimentTests {
  private func configuration(
    _ features: [VisualizationExperiment.Feature],
    _ change: (inout VisualizationExperiment.Configuration) -> Void = { _ in }
  ) -> VisualizationExperiment.Configuration {
    var configuration = VisualizationExperiment.Configuration(features)
    (configuration.steps, configuration.images) = (6, 20)
    change(&configuration)
    return configuration
  }

  private func lively(observer: any WorkObserver = NoObserver()) throws -> Session {
    let study = try StudyCase()
    try study.writeLively("lively.safetensors")
    return try study.session(["lively.safetensors"], observer: observer)
  }

  @Test func `pictures excite a class and a unit more than they did at the start`() throws {
    let session = try lively()
    let outcome = try VisualizationExperiment(
      configuration([.target(4), .unit(layer: "conv2_relu", 1)]), in: session
    ).run()
    let records = outcome.results.pictures
    #expect(records.map(\.name) == ["star", "conv2_relu:1"])
    for record in records {
      #expect(record.trained.end > record.trained.start, "\(record.name)")
      #expect(record.random != nil && record.images.count == 9 && 0...1 ~= record.rank)
      #expect(0...1 ~= (record.trained.grain ?? -1))
    }
    #expect(records[0].target?.index == 4 && records[0].probability != nil)
    #expect(records[1].unit == 1 && records[1].probability == nil)
    #expect(outcome.pictures.map(\.images.count) == [9, 9])
    #expect(outcome.results.grainOfImages.count == 3)
  }

  @Test func `the images that excite a unit most are those of the largest mean`() throws {
    let session = try lively()
    let outcome = try VisualizationExperiment(
      configuration([.unit(layer: "conv1_relu", 0)]), in: session
    ).run()
    let dataset = try #require(session.dataset)
    let preprocessing = try session.requests(for: session.network).preprocessing
    let outputs = try LayerOutputs(["conv1_relu"], of: session.network.explained).all(
      of: PictureList(dataset, .test, Array(0..<20)).normalized(0..<20, by: preprocessing))
    let maps = try #require(outputs["conv1_relu"])
    let means = (0..<20).map { image in
      maps.row(image).elements.prefix(64 * 64).reduce(0.0) { $0 + Double($1) }
    }
    let best = (0..<20).max { means[$0] < means[$1] } ?? 0
    #expect(outcome.results.pictures[0].images[0] == dataset.name(at: best, of: .test))
  }

  @Test func `a class is ascended from the mean image as Simonyan did`() throws {
    let session = try lively()
    let outcome = try VisualizationExperiment(
      configuration([.target(2)]) { $0.style = .simonyan }, in: session
    ).run()
    let record = outcome.results.pictures[0]
    #expect(record.trained.end > record.trained.start)
    #expect(
      throws: RepresentationFailure(
        .value(of: "the style", found: "simonyan", expected: "fourier for units"))
    ) {
      try VisualizationExperiment(
        configuration([.unit(layer: "conv1_relu", 0)]) { $0.style = .simonyan }, in: session)
    }
  }

  @Test func `a dead unit has no picture, which is told, and what does not exist is refused`()
    throws
  {
    let study = try StudyCase()
    try study.write("dead.safetensors") { parameters in
      parameters["conv1.weight"] = Tensor(shape: [6, 3, 3, 3])
      parameters["conv1.bias"] = Tensor(shape: [6], repeating: -1)
    }
    let session = try study.session(["dead.safetensors"])
    let results = try VisualizationExperiment(
      configuration([.unit(layer: "conv1_relu", 0)]), in: session
    ).run().results
    #expect(results.pictures.isEmpty)
    #expect(results.notes == ["conv1_relu:0 is dead: nothing changes it, and there is no picture"])
    for feature in [
      VisualizationExperiment.Feature.unit(layer: "conv1_relu", 6), .unit(layer: "conv9", 0),
      .target(12),
    ] {
      #expect(throws: RepresentationFailure.self, "\(feature)") {
        try VisualizationExperiment(configuration([feature]), in: session)
      }
    }
  }

  @Test func `a concept's picture goes along its vector, and one that is noise is told`() throws {
    let session = try lively()
    var wanted = configuration([])
    (wanted.concepts, wanted.layers) = (
      try ConceptSource.list("shapes:hue=red,shapes:pattern=dots"), ["conv1_relu"]
    )
    wanted.set = 24
    let outcome = try VisualizationExperiment(wanted, in: session).run()
    let records = outcome.results.pictures
    #expect(records.map(\.name) == ["hue=red in conv1_relu", "pattern=dots in conv1_relu"])
    #expect(records.map(\.concept) == ["hue=red", "pattern=dots"])
    for record in records {
      #expect(record.layer == "conv1_relu" && record.unit == nil && record.probability == nil)
      #expect(record.trained.end > record.trained.start && record.random != nil)
    }
    // A direction is noise, and told to be, exactly where its accuracy may be chance.
    for record in records {
      let right = Int(((record.accuracy ?? 0) * 48).rounded())
      let isNoise = CountTests.binomial(atLeast: right, of: 48, chance: 0.5) > 0.05
      #expect(
        outcome.results.notes.contains { $0.hasPrefix("\(record.name): the layer does not tell") }
          == isNoise, "\(record)")
    }
    #expect((records[0].accuracy ?? 0) > 0.7)
    // Red light is what the first picture asks for: more red than green or blue.
    let pixels = outcome.pictures[0].trained.pixels
    let means = (0..<3).map { channel in
      stride(from: channel, to: pixels.count, by: 3).reduce(0) { $0 + Int(pixels[$1]) }
    }
    #expect(means[0] > means[1] && means[0] > means[2], "\(means)")
    #expect(throws: RepresentationFailure.self) {
      var other = wanted
      other.style = .simonyan
      _ = try VisualizationExperiment(other, in: session)
    }
  }

  @Test func `an observer stops it`() throws {
    let session = try lively(observer: RecordingObserver(stoppingAfter: 2))
    #expect(throws: WorkStopped.self) {
      try VisualizationExperiment(configuration([.target(0)]), in: session).run()
    }
  }
}
