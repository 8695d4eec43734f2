import Testing
import XAIAttribution
import XAIDatasets
import XAIExamples
import XAIExperiments
import XAIExperimentsTestSupport
import XAINetworks
import XAITensor

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
}
