import Testing
import XAIDatasets
import XAIExamples
import XAIExperiments
import XAIExperimentsTestSupport
import XAIRepresentations
import XAITensor

@Suite struct RepresentativeExperimentTests {
  private func configuration(
    _ change: (inout RepresentativeExperiment.Configuration) -> Void = { _ in }
  ) -> RepresentativeExperiment.Configuration {
    var configuration = RepresentativeExperiment.Configuration()
    (configuration.images, configuration.count, configuration.floor) = (24, 4, 0.3)
    change(&configuration)
    return configuration
  }

  private func session(_ study: StudyCase) throws -> Session {
    try study.writeLively("lively.safetensors")
    return try study.session(["lively.safetensors"])
  }

  @Test func `each pick adds columns, and picks cover no less than random images`() throws {
    let outcome = try RepresentativeExperiment(
      configuration(), in: session(StudyCase())
    ).run()
    let results = outcome.results
    #expect(results.layer == "conv2_relu" && results.columnCount == 6)
    #expect(1...4 ~= results.picks.count && outcome.pictures.count == results.picks.count)
    #expect(results.picks.allSatisfy { $0.fresh > 0 && !$0.largest.isEmpty })
    #expect(results.picks.map(\.fresh).reduce(0, +) <= results.usedColumns)
    #expect(zip(results.curve, results.curve.dropFirst()).allSatisfy { $0.covered < $1.covered })
    #expect(results.curve.allSatisfy { $0.range[1] <= $0.covered + 1e-9 || $0.count > 1 })
    #expect(results.stayed.map(\.network) == ["random-head", "random-network"])
  }

  @Test func `where nothing is left to cover it ends and says so`() throws {
    let results = try RepresentativeExperiment(
      configuration { ($0.floor, $0.count) = (0, 20) }, in: session(StudyCase())
    ).run().results
    #expect(results.picks.count < 20 && results.curve.last?.covered == 1)
    #expect(results.notes.contains { $0.contains("no more were picked") })
  }

  @Test func `a layer without maps is refused, and an observer stops it`() throws {
    let study = try StudyCase()
    let own = try session(study)
    #expect(throws: RepresentationFailure.self) {
      try RepresentativeExperiment(configuration { $0.layer = "fc1_relu" }, in: own)
    }
    let stopped = try study.session(observer: RecordingObserver(stoppingAfter: 1))
    #expect(throws: WorkStopped.self) {
      try RepresentativeExperiment(configuration(), in: stopped).run()
    }
  }
}
