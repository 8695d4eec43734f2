import Testing
import XAIDatasets
import XAIExamples
import XAIExperiments
import XAIExperimentsTestSupport
import XAITensor

@Suite struct SuspectExperimentTests {
  private func configuration(
    _ change: (inout SuspectExperiment.Configuration) -> Void = { _ in }
  ) -> SuspectExperiment.Configuration {
    var configuration = SuspectExperiment.Configuration()
    (configuration.most, configuration.top, configuration.penalty) = (80, 5, 0.01)
    change(&configuration)
    return configuration
  }

  private func session(_ study: StudyCase) throws -> Session {
    try study.writeLively("lively.safetensors")
    return try study.session(["lively.safetensors"])
  }

  @Test func `every image has every score, and labels that were exchanged are marked`() throws {
    let outcome = try SuspectExperiment(
      configuration { $0.flip = 0.1 }, in: session(StudyCase())
    ).run()
    let results = outcome.results
    #expect(results.scores.map(\.kind) == [.selfInfluence, .loss, .margin, .neighbors])
    #expect(results.scores.allSatisfy { 0...1 ~= $0.areaUnderCurve ?? -1 })
    #expect(results.scores.allSatisfy { $0.stayed.count == 2 })
    #expect(outcome.all.count == 80 && outcome.all.count(where: \.isFlipped) == 8)
    #expect(outcome.all.allSatisfy { $0.scores.count == 4 })
    #expect(results.selfInfluence == "exact")
    #expect(outcome.pictures.count == results.images.count && results.images.count >= 5)
    // The margin is the loss's: where one class leads, both agree on who is wrong.
    for image in outcome.all where image.predicted == image.label {
      #expect((image.scores[2] ?? 1) <= 0)
    }
  }

  @Test func `without an exchange no score has an area under a curve`() throws {
    let results = try SuspectExperiment(
      configuration { $0.scores = [.loss] }, in: session(StudyCase())
    ).run().results
    #expect(results.scores.map(\.areaUnderCurve) == [nil])
    #expect(results.selfInfluence == nil && results.flipped == nil)
  }

  @Test func `an observer stops it`() throws {
    let session = try StudyCase().session(observer: RecordingObserver(stoppingAfter: 1))
    #expect(throws: WorkStopped.self) {
      try SuspectExperiment(configuration(), in: session).run()
    }
  }
}
