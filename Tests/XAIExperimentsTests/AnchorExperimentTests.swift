import Testing
import XAIAttribution
import XAIDatasets
import XAIExamples
import XAIExperiments
import XAIExperimentsTestSupport
import XAIFiles
import XAIImages
import XAINetworks
import XAITensor
import XAITestSupport

@Suite struct AnchorExperimentTests {
  private func configuration(
    _ change: (inout AnchorExperiment.Configuration) -> Void = { _ in }
  ) -> AnchorExperiment.Configuration {
    var configuration = AnchorExperiment.Configuration()
    (configuration.images, configuration.segments) = (.samples(.chosen("1")), 2)
    change(&configuration)
    return configuration
  }

  @Test func `of a network that always says the same the empty rule is proved`() throws {
    let study = try StudyCase()
    try study.write("constant.safetensors") { parameters in
      let head = study.network.nodes.last { $0.isDense }?.name ?? ""
      parameters["\(head).weight"] = parameters["\(head).weight"].map { Tensor(shape: $0.shape) }
      parameters["\(head).bias"] = parameters["\(head).bias"].map { bias in
        Tensor(shape: bias.shape, (0..<bias.count).map { $0 == 3 ? 1 : 0 })
      }
    }
    let outcome = try AnchorExperiment(
      configuration(), in: study.session(["constant.safetensors"])
    ).run()
    let image = outcome.results.images[0]
    #expect(image.image.predicted.index == 3)
    #expect(image.rule.segments.isEmpty && image.rule.reached && image.rule.precision == 1)
    #expect(image.coverage == 1 && image.area == 0 && image.alone == 1)
    #expect(image.samples == 1000 && image.looks.count == 1)
    #expect(outcome.pictures[0].fails.isEmpty && outcome.pictures[0].holds.count == 6)
    #expect(outcome.results.notes.count == 1)
  }

  @Test func `a rule that was accepted was proved, and coverage is keep to its size`() throws {
    let session = try StudyCase().session()
    let results = try AnchorExperiment(
      configuration {
        ($0.threshold, $0.keep, $0.fill) = (0.8, 0.5, .mean)
      }, in: session
    ).run().results
    let image = results.images[0]
    #expect(image.rule.reached == (image.rule.bound >= 0.8))
    let spent = 0.05 / Double(image.looks.count * (image.looks.count + 1))
    #expect(abs((image.looks.last?.error ?? 1) - spent) < 1e-12)
    var coverage = 1.0
    for _ in image.rule.segments { coverage *= 0.5 }
    #expect(abs(image.coverage - coverage) < 1e-15)
    #expect(0...1 ~= image.randomHead.jaccard && 0...1 ~= image.randomHead.precision)
  }

  @Test func `what samples cannot prove is refused`() throws {
    let session = try StudyCase().session()
    #expect(throws: ExampleFailure.self) {
      try AnchorExperiment(configuration { $0.threshold = 0.9999 }, in: session)
    }
  }

  /// Rules of scenes that are easy to prove.
  private func scenes(
    _ change: (inout AnchorExperiment.Configuration) -> Void = { _ in }
  ) throws -> AnchorExperiment.Outcome {
    try AnchorExperiment(
      configuration {
        ($0.rules, $0.samples, $0.threshold, $0.confidence) = (.scene, 60, 0.02, 0.5)
        change(&$0)
      }, in: StudyCase().session()
    ).run()
  }

  @Test
  func `rules of scenes have exact coverage, predicates in words and samples that are scenes`()
    throws
  {
    let outcome = try scenes()
    let (results, image) = (outcome.results, outcome.results.images[0])
    #expect(results.rules == "scene" && results.keep == nil && results.fill == nil)
    #expect(image.segments == 19 && image.predicates?.count == 19)
    #expect(image.area == nil && image.alone == nil)
    let product = image.rule.segments.reduce(1.0) {
      $0 * (image.predicates?[$1].probability ?? 0)
    }
    #expect(image.coverage == product)
    #expect(image.words(image.rule) != nil)
    #expect(outcome.pictures[0].mask == nil && !outcome.pictures[0].holds.isEmpty)
    #expect(results.notes.contains { $0.hasPrefix("Ground, clutter, colors") })
    // The first predicate is the class itself, as the scene was drawn.
    #expect(image.predicates?[0].words == "kind = \(image.image.label?.words ?? "")")
  }

  @Test func `finished images are read again, and give the same results`() throws {
    let study = try StudyCase()
    func run() throws -> AnchorExperiment.Outcome {
      let experiment = try AnchorExperiment(
        configuration { ($0.threshold, $0.samples, $0.fill) = (0.1, 100, .mean) },
        in: study.session())
      try experiment.keep(in: study.folder.file("kept"))
      return try experiment.run()
    }
    let (first, second) = (try run(), try run())
    #expect(first.results.images == second.results.images)
    #expect(first.pictures[0].holds == second.pictures[0].holds)
    #expect(first.pictures[0].mask == second.pictures[0].mask)
  }

  @Test func `images that are no scenes are refused`() throws {
    let study = try StudyCase()
    let picture = RGBImage(height: 64, width: 64, repeating: (90, 120, 40))
    try AtomicFile.write(try PNG.encode(picture), to: study.folder.file("photo.png"))
    let session = try study.session()
    #expect(throws: ExperimentFailure.self) {
      try AnchorExperiment(
        configuration {
          ($0.rules, $0.images) = (.scene, .files([study.folder.file("photo.png")]))
        }, in: session)
    }
  }
}
