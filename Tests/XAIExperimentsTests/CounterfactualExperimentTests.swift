import Testing
import XAIAttribution
import XAIDatasets
import XAIExamples
import XAIExperiments
import XAIExperimentsTestSupport
import XAIImages
import XAIKernels
import XAINetworks
import XAITensor

@Suite struct CounterfactualExperimentTests {
  private func configuration(
    _ kind: CounterfactualKind,
    _ change: (inout CounterfactualExperiment.Configuration) -> Void = { _ in }
  ) -> CounterfactualExperiment.Configuration {
    var configuration = CounterfactualExperiment.Configuration()
    (configuration.images, configuration.kind) = (.samples(.chosen("1")), kind)
    (configuration.segments, configuration.most, configuration.tests) = (6, 120, 30)
    configuration.budget = 400
    change(&configuration)
    return configuration
  }

  private func session(_ study: StudyCase, also: [String] = []) throws -> Session {
    try study.writeLively("lively.safetensors")
    return try study.session(["lively.safetensors"] + also)
  }

  @Test(arguments: CounterfactualKind.allCases)
  func `an answer that is valid has another class after rounding`(
    _ kind: CounterfactualKind
  ) throws {
    let session = try session(StudyCase())
    let outcome = try CounterfactualExperiment(configuration(kind), in: session).run()
    #expect(outcome.results.images.count == 1 && outcome.results.kind == kind)
    for (record, pictures) in zip(outcome.results.images, outcome.pictures) {
      let answer = record.answer
      // Asked again of the bytes that a file would hold.
      let asked = try session.requests(for: session.network)
      let images = PictureList([pictures.answer])
      let logits = try ClassReader(session.network.explained, algorithm: .direct).logits(
        of: images.normalized(0..<1, by: asked.preprocessing)
      ).elements
      let predicted = logits.indices.reduce(0) { logits[$1] > logits[$0] ? $1 : $0 }
      #expect(answer.predicted.index == predicted)
      let goal = record.goal?.index
      #expect(
        answer.valid
          == (goal.map { $0 == predicted } ?? (predicted != record.image.predicted.index)))
      #expect((answer.margin > 0) == answer.valid || answer.margin == 0)
      let bytes = zip(pictures.fact.pixels, pictures.answer.pixels).map { abs(Int($0) - Int($1)) }
      #expect(answer.sum == bytes.reduce(0, +) && answer.largest == bytes.max())
      #expect(
        record.references.map(\.name) == ["random-direction", "nearest-image"]
          || record.references.map(\.name) == ["random-direction"])
      #expect(record.randomHead != nil && answer.stability <= 32)
      #expect(answer.plausibility.map { 0...100 ~= $0 } == true)
    }
  }

  @Test func `a goal that is the prediction already needs no search`() throws {
    let session = try session(StudyCase())
    let first = try CounterfactualExperiment(configuration(.evidence), in: session).run()
    let predicted = first.results.images[0].image.predicted.index
    let results = try CounterfactualExperiment(
      configuration(.evidence) { $0.goal = .index(predicted) }, in: session
    ).run().results
    let answer = results.images[0].answer
    #expect(answer.already && answer.valid && answer.sum == 0 && answer.passes == 0)
    #expect(results.images[0].references.isEmpty && results.images[0].randomHead == nil)
  }

  @Test func `of a network that always says the same no change is found`() throws {
    let study = try StudyCase()
    try study.write("constant.safetensors") { parameters in
      let head = study.network.nodes.last { $0.isDense }?.name ?? ""
      parameters["\(head).weight"] = parameters["\(head).weight"].map { Tensor(shape: $0.shape) }
      parameters["\(head).bias"] = parameters["\(head).bias"].map { bias in
        Tensor(shape: bias.shape, (0..<bias.count).map { $0 == 3 ? 1 : 0 })
      }
    }
    let results = try CounterfactualExperiment(
      configuration(.evidence), in: study.session(["constant.safetensors"])
    ).run().results
    let image = results.images[0]
    #expect(!image.answer.valid && image.answer.margin == -1 && image.answer.stability == 0)
    #expect(image.detail.isMinimal == nil && image.answer.complete)
  }

  @Test func `a second network is asked about every answer`() throws {
    let study = try StudyCase()
    let session = try session(study, also: ["lively.safetensors"])
    let results = try CounterfactualExperiment(configuration(.evidence), in: session).run().results
    #expect(results.networks.map(\.name) == ["A", "B"])
    for image in results.images {
      #expect(image.answer.agrees == image.answer.valid, "it is the same network")
    }
  }
}
