import Testing
import XAIExperiments
import XAIExperimentsTestSupport
import XAIFiles
import XAINetworks
import XAIRepresentations
import XAITensor
import XAITestSupport

@Suite struct ProbeExperimentTests {
  private func configuration(
    _ properties: String..., change: (inout ProbeExperiment.Configuration) -> Void = { _ in }
  ) -> ProbeExperiment.Configuration {
    var configuration = ProbeExperiment.Configuration(properties)
    (configuration.images, configuration.layers) = (120, ["conv1_relu"])
    (configuration.randomNetworks, configuration.controls) = (2, 3)
    configuration.features = .mean
    change(&configuration)
    return configuration
  }

  /// A network whose first channels are red, green and blue.
  private func colors() throws -> StudyCase {
    let study = try StudyCase()
    try study.write("colors.safetensors") { parameters in
      parameters["conv1.weight"] = Tensor(shape: [6, 3, 3, 3])
      parameters["conv1.bias"] = Tensor(shape: [6], repeating: 3)
      for channel in 0..<3 { parameters["conv1.weight"]?[channel, channel, 1, 1] = 1 }
    }
    return study
  }

  @Test func `the mean red of a picture is read from a channel that is red`() throws {
    let session = try colors().session(["colors.safetensors"])
    let results = try ProbeExperiment(
      configuration("mean-red") { $0.penalty = 1e-6 }, in: session
    ).run()
    let entry = results.entries[0]
    #expect((entry.value ?? 0) > 0.9999, "\(entry)")
    #expect(entry.labels == nil && entry.p == nil && entry.random.count == 2)
    #expect(results.layers.map(\.layer) == ["conv1_relu"])
    #expect(results.layers[0].features == .mean && results.layers[0].count == 6)
  }

  @Test func `a name is held against majority, pixels, random weights and control tasks`() throws {
    let session = try colors().session(["colors.safetensors"])
    let results = try ProbeExperiment(
      configuration("light", "kind") { $0.images = 240 }, in: session
    )
    .run()
    let (light, kind) = (results.entries[0], results.entries[1])
    #expect(light.labels == ["bright", "dark", "normal"])
    #expect((light.value ?? 0) > (light.majority ?? 1))
    #expect(light.random.count == 2 && light.control.count == 3 && light.pixels != nil)
    #expect(
      abs((light.value ?? 0) - light.control.reduce(0, +) / 3 - (light.selectivity ?? 9)) < 1e-12)
    #expect(kind.control.isEmpty && kind.selectivity == nil)
    #expect(
      results.notes.contains("kind has no control task: the class of an image determines it."))
    let sorted = [light, kind].sorted { ($0.p ?? 1) < ($1.p ?? 1) }
    #expect(sorted[0].adjustedP == min(1, 2 * (sorted[0].p ?? 1)))
  }

  @Test func `what a probe reads is taken from the network`() throws {
    let session = try colors().session(["colors.safetensors"])
    let results = try ProbeExperiment(
      configuration("size") {
        ($0.ablates, $0.layers, $0.features) = (true, ["fc1_relu"], nil)
      }, in: session
    ).run()
    let ablation = try #require(results.entries[0].ablation)
    #expect(ablation.dimension == 2 && ablation.random.count == 20)
    #expect(ablation.p == ablation.adjustedP && ablation.p >= 1 / 21.0)
    #expect(0...1 ~= ablation.before && 0...1 ~= ablation.after)
  }

  @Test func `unknown properties and values of too few images are refused`() throws {
    let session = try colors().session(["colors.safetensors"])
    let failure = #expect(throws: ProbeFailure.self) {
      try ProbeExperiment(configuration("weight"), in: session)
    }
    #expect(
      failure?.description.contains("they have kind, pattern, hue, size, light, radius") == true)
    #expect(
      throws: RepresentationFailure(
        .tooFew("training images of kind=arrow", found: 5, needed: 10))
    ) { try ProbeExperiment(configuration("kind") { $0.images = 60 }, in: session) }
    #expect(throws: RepresentationFailure(.tooFew("training images", found: 9, needed: 10))) {
      try ProbeExperiment(configuration("kind") { $0.images = 9 }, in: session)
    }
  }

  @Test func `what is stopped goes on, and ends in the same bytes`() throws {
    let study = try colors()
    let wanted = configuration("size", "pattern") {
      ($0.layers, $0.ablates) = (["conv1_relu", "fc1_relu"], true)
    }
    let plain = try ProbeExperiment(wanted, in: study.session(["colors.safetensors"])).run()
    let folder = study.folder.file("parts")
    // The folder is locked as long as the experiment lives.
    func run(_ observer: any WorkObserver) throws -> ProbeResults {
      let experiment = try ProbeExperiment(
        wanted, in: study.session(["colors.safetensors"], observer: observer))
      try experiment.keep(in: folder)
      return try experiment.run()
    }
    #expect(throws: WorkStopped.self) { try run(RecordingObserver(stoppingAfter: 3)) }
    #expect(try Folder.entries(of: "\(folder)/units").count { $0.hasPrefix("probe-") } == 2)
    #expect(try JSONText.encode(run(NoObserver())) == JSONText.encode(plain))
    // All is there now, and nothing is computed.
    #expect(try JSONText.encode(run(NoObserver())) == JSONText.encode(plain))
  }

  @Test func `an observer stops it`() throws {
    let session = try colors().session(
      ["colors.safetensors"], observer: RecordingObserver(stoppingAfter: 1))
    #expect(throws: WorkStopped.self) {
      try ProbeExperiment(configuration("size"), in: session).run()
    }
  }
}
