import Foundation
import Testing
import XAIDatasets
import XAIExperiments
import XAIExperimentsTestSupport
import XAIFiles
import XAIRepresentations
import XAITensor
import XAITestSupport

@Suite struct PrototypeExperimentTests {
  private func configuration(
    _ change: (inout PrototypeExperiment.Configuration) -> Void = { _ in }
  ) -> PrototypeExperiment.Configuration {
    var configuration = PrototypeExperiment.Configuration()
    (configuration.count, configuration.criticisms) = (3, 2)
    (configuration.most, configuration.tests, configuration.draws) = (30, 40, 4)
    change(&configuration)
    return configuration
  }

  @Test func `the first prototype is the image of the largest mean kernel`() throws {
    let session = try StudyCase().session()
    let outcome = try PrototypeExperiment(
      configuration { $0.scope = .together }, in: session
    ).run()
    let group = outcome.results.groups[0]
    #expect(outcome.results.groups.count == 1 && group.target == nil && group.images == 30)
    #expect(group.prototypes.count == 3 && group.criticisms.count == 2)
    #expect(outcome.pictures[0].prototypes.count == 3)
    // By the formula, in Double: J = 2 mean k_j - k_jj, and k_jj is 1.
    let dataset = try #require(session.dataset)
    let gamma = try #require(group.gamma)
    let numbers = try drawn(session)
    let features = try features(session, numbers)
    let means = features.map { own in
      features.reduce(0.0) { $0 + kernel(own, $1, gamma) } / Double(features.count)
    }
    let best = try #require(means.indices.max { means[$0] < means[$1] })
    #expect(group.prototypes[0].index == numbers[best])
    #expect(group.prototypes[0].name == dataset.name(at: numbers[best], of: .train))
    let discrepancy = means.reduce(0, +) / Double(means.count) - (2 * means[best] - 1)
    #expect(abs(group.curve[0].chosen - discrepancy) < 1e-6)
    #expect(group.curve.map(\.count) == [1, 2, 3])
    #expect(group.stayed.map(\.network) == ["random-head", "random-network"])
  }

  /// The training images that are drawn, by their names in every image's record.
  private func drawn(_ session: Session) throws -> [Int] {
    let dataset = try #require(session.dataset)
    var all = Array(0..<dataset.count(of: .train))
    var stream = RandomStream(seed: 0, purpose: "examples/images/train")
    stream.shuffle(&all)
    return all.prefix(30).sorted()
  }

  private func features(_ session: Session, _ numbers: [Int]) throws -> [[Double]] {
    let dataset = try #require(session.dataset)
    let preprocessing = try session.requests(for: session.network).preprocessing
    let images = try PictureList(dataset, .train, numbers).normalized(
      0..<numbers.count, by: preprocessing)
    let outputs = try LayerOutputs(["fc1_relu"], of: session.network.explained).all(of: images)
    let tensor = try #require(outputs["fc1_relu"])
    return numbers.indices.map { tensor.row($0).elements.map(Double.init) }
  }

  private func kernel(_ left: [Double], _ right: [Double], _ gamma: Double) -> Double {
    exp(-gamma * zip(left, right).reduce(0.0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) })
  }

  @Test func `each class is a set of its own, and prototypes classify test images`() throws {
    let session = try StudyCase().session()
    let results = try PrototypeExperiment(
      configuration {
        $0.scope = .classes([2, 5])
        $0.most = 12
      }, in: session
    ).run().results
    #expect(results.groups.map(\.target?.index) == [2, 5])
    #expect(
      results.groups.allSatisfy { group in
        group.images == 12 && group.prototypes.allSatisfy { $0.label == group.target }
      })
    let quality = try #require(results.classification)
    #expect(quality.prototypes == 6 && quality.tests > 10)
    #expect(0...1 ~= quality.accuracy && quality.range[0] <= quality.random)
  }

  @Test func `a class with fewer images than asked for is all of them in their order`() throws {
    let session = try StudyCase().session()
    let results = try PrototypeExperiment(
      configuration {
        $0.scope = .classes([1])
        ($0.most, $0.count) = (4, 6)
      }, in: session
    ).run().results
    let group = results.groups[0]
    #expect(group.prototypes.count == 4 && group.criticisms.isEmpty && group.curve.isEmpty)
    #expect(group.prototypes.map(\.index) == group.prototypes.map(\.index).sorted())
    #expect(results.classification == nil, "one class tells nothing")
  }

  @Test func `features that were kept are read again, and give the same results`() throws {
    let study = try StudyCase()
    let folder = study.folder.file("bank")
    let first = try PrototypeExperiment(
      configuration { $0.store = folder }, in: study.session()
    ).run().results
    #expect(!(try Folder.entries(of: folder)).isEmpty)
    let again = try PrototypeExperiment(
      configuration { $0.store = folder }, in: study.session()
    ).run().results
    let without = try PrototypeExperiment(configuration(), in: study.session()).run().results
    #expect(first.groups.map(\.prototypes) == again.groups.map(\.prototypes))
    #expect(first.groups.map(\.prototypes) == without.groups.map(\.prototypes))
  }

  @Test func `an observer stops it, and a layer that does not exist is refused`() throws {
    let study = try StudyCase()
    #expect(throws: WorkStopped.self) {
      try PrototypeExperiment(
        configuration(), in: study.session(observer: RecordingObserver(stoppingAfter: 1))
      ).run()
    }
    let session = try study.session()
    #expect(throws: RepresentationFailure.self) {
      try PrototypeExperiment(configuration { $0.layer = "fc9" }, in: session)
    }
  }
}
