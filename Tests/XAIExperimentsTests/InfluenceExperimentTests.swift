import Testing
import XAIDatasets
import XAIExamples
import XAIExperiments
import XAIExperimentsTestSupport
import XAIFiles
import XAIImages
import XAINetworks
import XAIStatistics
import XAITensor
import XAITestSupport

@Suite struct InfluenceExperimentTests {
  private func configuration(
    _ change: (inout InfluenceExperiment.Configuration) -> Void = { _ in }
  ) -> InfluenceExperiment.Configuration {
    var configuration = InfluenceExperiment.Configuration()
    configuration.images = .samples(.chosen("1"))
    (configuration.most, configuration.top, configuration.penalty) = (50, 4, 0.01)
    change(&configuration)
    return configuration
  }

  @Test func `what is foretold agrees with really leaving out`() throws {
    let study = try StudyCase()
    try study.writeLively("lively.safetensors")
    let session = try study.session(["lively.safetensors"])
    let outcome = try InfluenceExperiment(
      configuration { $0.methods = [.head, .ekfac, .tracin] }, in: session
    ).run()
    let results = outcome.results
    #expect(results.methods == [.neighbors, .head, .tracin, .ekfac])
    #expect(results.head?.isChecked == true, "shapes are few")
    for image in results.images {
      #expect(image.lists.map(\.method) == results.methods)
      let check = try #require(image.check)
      #expect(check.points.count >= 20)
      let newton = Ranks.pearson(check.points.map(\.newton), check.points.map(\.real))
      #expect((newton ?? 0) > 0.9)
      let head = image.lists[1]
      #expect((head.agreement?.pearson ?? 0) > 0.9)
      #expect(head.helpful.allSatisfy { $0.value > 0 && $0.newton != nil && $0.real != nil })
      #expect(head.harmful.allSatisfy { $0.value < 0 })
      #expect(zip(head.helpful, head.helpful.dropFirst()).allSatisfy { $0.value >= $1.value })
      #expect(image.lists[0].harmful.isEmpty && image.lists[0].helpful.count == 4)
      #expect(image.lists[0].stayed.map(\.network) == ["random-head", "random-network"])
      #expect(image.isTrue && image.same == nil)
    }
    #expect(outcome.pictures[0].helpful[0].count == 4)
  }

  @Test func `the nearest is the one of the largest cosine`() throws {
    let study = try StudyCase()
    try study.writeLively("lively.safetensors")
    let session = try study.session(["lively.safetensors"])
    let results = try InfluenceExperiment(
      configuration { $0.methods = [.neighbors] }, in: session
    ).run().results
    #expect(results.head == nil && results.images[0].check == nil)
    let values = results.images[0].lists[0].helpful.map(\.value)
    #expect(values == values.sorted() && values.allSatisfy { $0 >= -1e-6 })
  }

  @Test func `a picture that is among the training images is no neighbor of itself`() throws {
    let study = try StudyCase()
    try study.writeLively("lively.safetensors")
    let session = try study.session(["lively.safetensors"])
    let dataset = try #require(session.dataset)
    let picture = try dataset.picture(at: 3, of: .train)
    let path = study.folder.file("own.png")
    try AtomicFile.write(try PNG.encode(picture), to: path)
    let results = try InfluenceExperiment(
      configuration {
        $0.images = .files([path])
        $0.methods = [.neighbors]
        $0.most = nil
      }, in: session
    ).run().results
    let image = results.images[0]
    #expect(image.same == dataset.name(at: 3, of: .train))
    #expect(!image.lists[0].helpful.contains { $0.index == 3 })
    #expect(!image.isTrue && image.target == image.image.predicted)
    #expect(results.notes.contains { $0.contains("is not known") })
    #expect(results.notes.contains { $0.contains("among the training images") })
  }

  @Test func `gradients of a kept epoch count beside those of the network`() throws {
    let study = try StudyCase()
    try study.writeLively("lively.safetensors")
    try study.write("earlier.safetensors", seed: 5)
    let session = try study.session(["lively.safetensors"])
    let alone = try InfluenceExperiment(
      configuration { $0.methods = [.tracin] }, in: session
    ).run().results
    let both = try InfluenceExperiment(
      configuration {
        $0.methods = [.tracin]
        $0.epochs = [study.folder.file("earlier.safetensors")]
      }, in: session
    ).run().results
    #expect(both.epochs.count == 1 && alone.epochs.isEmpty)
    #expect(both.images[0].lists[1].helpful != alone.images[0].lists[1].helpful)
  }

  @Test func `an observer stops it`() throws {
    let session = try StudyCase().session(observer: RecordingObserver(stoppingAfter: 1))
    #expect(throws: WorkStopped.self) {
      try InfluenceExperiment(configuration(), in: session).run()
    }
  }
}
