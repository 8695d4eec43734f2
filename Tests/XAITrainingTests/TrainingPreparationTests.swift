import Testing
import XAIClassifiers
import XAIDatasets
import XAINetworks
import XAITensor
import XAITestSupport
import XAITraining

@Suite struct TrainingPreparationTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func configuration(
    _ change: (inout TrainingConfiguration) -> Void = { _ in }
  ) -> TrainingConfiguration {
    var configuration = Recipe.thesis.configuration(
      data: "",
      architecture: Architecture(input: [3, 16, 16], stacks: [[4]], hidden: [], classes: 3))
    configuration.batchSize = 16
    change(&configuration)
    return configuration
  }

  private func prepared(
    _ change: (inout TrainingConfiguration) -> Void = { _ in },
    startingFrom checkpoint: Checkpoint? = nil
  ) throws -> TrainingPreparation {
    try TrainingPreparation(
      .init(configuration(change), data: DataOpening("shapes"), startingFrom: checkpoint),
      folder: folder.file("run"))
  }

  @Test func `the last layer is made for the classes of the data`() throws {
    let prepared = try prepared()
    #expect(prepared.configuration.architecture.classes == 12)
    #expect(prepared.configuration.data == "shapes" && prepared.start == nil)
  }

  @Test func `labels are permuted where that is asked for`() throws {
    let plain = try prepared().dataset
    let random = try prepared { $0.randomLabels = 3 }.dataset
    let labels = [plain, random].map { data in (0..<60).map { data.label(at: $0, of: .train) } }
    #expect(labels[0] != labels[1])
    #expect(random.label(at: 5, of: .test) == plain.label(at: 5, of: .test))
  }

  @Test func `a start takes over the classes that it knows`() throws {
    let network = Network(configuration().architecture)
    let shapes = try DataOpening("shapes").open(input: [3, 16, 16])
    let known = shapes.classes.prefix(3).map { Checkpoint.ClassName(id: $0.id, name: $0.name) }
    let checkpoint = Checkpoint(
      network: network, parameters: .initial(for: network, seed: 0), mean: Tensor(shape: [3]),
      standardDeviation: Tensor(shape: [3], repeating: 1), classes: Array(known))
    let start = try #require(try prepared(startingFrom: checkpoint).start)
    #expect(start.knownClasses == 3 && !start.assumesOrder)
  }

  @Test func `what cannot be is refused before data are opened`() throws {
    let failure = #expect(throws: TrainingFailure.self) {
      try TrainingPreparation(
        .init(configuration { $0.patience = 0 }, data: DataOpening("nowhere")), folder: "run")
    }
    #expect(failure?.kind == .usage)
  }

  @Test func `a folder without a state is not resumed, and one with a model not used again`() throws
  {
    let missing = #expect(throws: TrainingFailure.self) {
      try RunFolder(resuming: folder.file("none"))
    }
    #expect(missing?.code == .noRunFolder(path: folder.file("none")))
    let run = try RunFolder(path: folder.file("run"))
    try run.requireUnused()
    let state = #expect(throws: TrainingFailure.self) { try run.savedTraining() }
    #expect(state?.code == .noState(path: run.last))
    let network = Network(configuration().architecture)
    try Checkpoint(
      network: network, parameters: .initial(for: network, seed: 0), mean: Tensor(shape: [3]),
      standardDeviation: Tensor(shape: [3], repeating: 1), classes: []
    ).write(to: run.bestModel)
    let used = #expect(throws: TrainingFailure.self) { try run.requireUnused() }
    #expect(used?.code == .holdsModel(path: run.bestModel))
  }

  @Test func `a network that no machine can hold is refused with both numbers`() throws {
    try configuration().requireMemory()
    let huge = configuration { $0.architecture.hidden = [3_000_000, 3_000_000] }
    let failure = #expect(throws: TrainingFailure.self) { try huge.requireMemory() }
    guard case .memoryTooLittle(let parameters, let need, let available)? = failure?.code else {
      Issue.record("\(String(describing: failure))")
      return
    }
    #expect(need == 12 * parameters && need > available)
  }
}

@Suite struct CheckpointEvaluationTests {
  private func checkpoint(
    _ classes: [Checkpoint.ClassName] = [], bias: Float = 0
  ) -> Checkpoint {
    let network = Network(
      Architecture(input: [3, 16, 16], stacks: [[4]], hidden: [], classes: 12))
    var parameters = Parameters.initial(for: network, seed: 0)
    // All weight on one output.
    if let name = network.logits?.name, let old = parameters["\(name).bias"] {
      parameters["\(name).bias"] = Tensor(
        shape: old.shape, (0..<12).map { $0 == 4 ? bias : 0 })
    }
    return Checkpoint(
      network: network, parameters: parameters, mean: Tensor(shape: [3]),
      standardDeviation: Tensor(shape: [3], repeating: 1), classes: classes)
  }

  @Test func `a network that always says one class is right about the images of that`() throws {
    let shapes = try DataOpening("shapes").open(input: [3, 16, 16])
    let evaluation = try CheckpointEvaluation(checkpoint(bias: 1e6), path: "m")
    let (report, _) = try evaluation.report(on: shapes, .test, limit: 100)
    let hits = (0..<100).count { shapes.label(at: $0, of: .test) == 4 }
    #expect(report.tally.images == 100 && report.tally.top1 == Double(hits) / 100)
  }

  @Test func `another split than the test images needs what the training decided`() throws {
    let failure = #expect(throws: TrainingFailure.self) {
      try CheckpointEvaluation.open(
        DataOpening("shapes"), .validation, for: checkpoint(), path: "m", observer: NoObserver())
    }
    #expect(failure?.code == .splitUnknown(path: "m", .validation) && failure?.kind == .badData)
  }

  @Test func `a network that overflows is refused with the image`() throws {
    let shapes = try DataOpening("shapes").open(input: [3, 16, 16])
    let evaluation = try CheckpointEvaluation(checkpoint(bias: .nan), path: "m")
    let failure = #expect(throws: NetworkFailure.self) {
      try evaluation.report(on: shapes, .test, limit: 10)
    }
    #expect(failure?.description.contains(shapes.name(at: 0, of: .test)) == true)
  }

  private struct Stopping: WorkObserver { var isStopped: Bool { true } }

  @Test func `it stops where it is asked to`() throws {
    let shapes = try DataOpening("shapes").open(input: [3, 16, 16])
    let evaluation = try CheckpointEvaluation(checkpoint(), path: "m")
    #expect(throws: WorkStopped.self) {
      try evaluation.report(on: shapes, .test, observer: Stopping())
    }
  }
}
