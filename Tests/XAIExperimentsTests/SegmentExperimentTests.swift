import Testing
import XAIAttribution
import XAIClassifiers
import XAIDatasets
import XAIExamples
import XAIExperiments
import XAIExperimentsTestSupport
import XAITensor

@Suite struct SegmentExperimentTests {
  private func configuration(
    _ words: String = "saliency"
  ) throws -> SegmentExperiment.Configuration {
    let entry = try #require(MethodCatalog.entry(words))
    let methods = [
      MethodPreparation.Candidate(MethodUnderTest(entry, baseline: nil), isRequired: true)
    ]
    var configuration = SegmentExperiment.Configuration(methods: methods)
    configuration.images = .samples(.chosen("4"))
    return configuration
  }

  @Test func `numbers are those of the cut of the method's map against the exact mask`() throws {
    let session = try StudyCase().session()
    let outcome = try SegmentExperiment(configuration(), in: session).run()
    let results = outcome.results
    let dataset = try #require(session.dataset as? ShapesDataset)
    let requests = try session.requests(for: session.network)
    let images = try session.images(.samples(.chosen("4")), requests)
    for (index, image) in images.enumerated() {
      let mask = dataset.mask(at: index, of: .test)
      let truth = (0..<4096).map { mask.contains(row: $0 / 64, column: $0 % 64) }
      #expect(
        results.images[index].boxes == [
          [mask.box.xMin, mask.box.yMin, mask.box.xMax, mask.box.yMax]
        ])
      let row = try #require(results.rows.first { $0.image == index && $0.way == .method })
      let part = try #require(outcome.parts.first { results.rows[$0.row] == row })
      // Again, by the formula.
      let both = zip(part.mask, truth).count { $0 && $1 }
      let either = zip(part.mask, truth).count { $0 || $1 }
      #expect(row.maskIoU == Double(both) / Double(either))
      let whole = try #require(
        results.rows.first { $0.image == index && $0.name == "whole-image" })
      #expect(whole.maskIoU == Double(truth.count { $0 }) / 4096)
      #expect(image.name == results.images[index].image.name)
    }
    #expect(
      results.summaries.map(\.name) == [
        "saliency", "saliency", "random", "edge-detector", "whole-image", "center-box",
      ])
    #expect(results.summaries.map(\.way.rawValue).prefix(2) == ["method", "random-head"])
    #expect(results.summaries.allSatisfy { $0.images == 4 })
  }

  @Test func `a control that looks at no network is not asked of a random head`() throws {
    let session = try StudyCase().session()
    let results = try SegmentExperiment(configuration("edge-detector"), in: session).run().results
    #expect(results.summaries.map(\.name).prefix(2) == ["edge-detector", "random"])
    #expect(!results.rows.contains { $0.way == .randomHead })
  }

  @Test func `the same call gives the same numbers, and an observer stops it`() throws {
    let study = try StudyCase()
    let first = try SegmentExperiment(configuration(), in: study.session()).run().results
    let again = try SegmentExperiment(configuration(), in: study.session()).run().results
    #expect(first.rows == again.rows)
    #expect(throws: WorkStopped.self) {
      try SegmentExperiment(
        configuration(), in: study.session(observer: RecordingObserver(stoppingAfter: 1))
      ).run()
    }
  }

  @Test func `a summary is the mean of its rows, with its standard error`() throws {
    let results = try SegmentExperiment(
      configuration(), in: StudyCase().session()
    ).run().results
    for summary in results.summaries {
      let values = results.rows.filter { $0.name == summary.name && $0.way == summary.way }
        .compactMap(\.boxIoU)
      let mean = values.reduce(0, +) / 4
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      #expect(abs((summary.boxIoU ?? -1) - mean) < 1e-12)
      #expect(abs((summary.boxError ?? -1) - (squares / 12).squareRoot()) < 1e-12)
      #expect(summary.found == Double(values.count { $0 >= 0.5 }) / 4)
    }
  }
}
