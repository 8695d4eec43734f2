import Testing
import XAIDatasets
import XAIFiles
import XAINetworks
import XAITensor
import XAITraining

/// Trainings that go on under other rules of when to end.
@Suite struct TrainerGrowthTests {
  /// Rates at which some epochs improve and others do not.
  private func fixture(
    _ change: (inout TrainingConfiguration) -> Void
  ) throws -> TrainerFixture {
    try TrainerFixture {
      $0.schedule = .constant
      $0.learningRate = 0.3
      change(&$0)
    }
  }

  @Test(
    arguments: [Schedule.constant, .step(factor: 0.5, every: 1), .plateau(patience: 0)], [0, 0.8])
  func `more epochs on resuming equal a training that had them from the start`(
    schedule: Schedule, averaging: Double
  ) throws {
    func trained(epochs: Int) throws -> TrainerFixture {
      let fixture = try fixture {
        $0.schedule = schedule
        $0.averaging = averaging
        $0.epochs = epochs
      }
      try fixture.train()
      return fixture
    }
    let whole = try trained(epochs: 6)
    let grown = try trained(epochs: 2)
    for epochs in [3, 6] {
      grown.configuration.epochs = epochs
      #expect(try grown.train(resuming: true).stoppedBy == .epochs)
    }
    try expectSameTraining(whole, grown)
  }

  @Test(arguments: [0, 0.2])
  func `more patience on resuming equals a training that had it from the start`(
    minimumImprovement: Double
  ) throws {
    func trained(patience: Int, minimumImprovement: Double) throws -> TrainerFixture {
      let fixture = try fixture {
        $0.epochs = 12
        $0.patience = patience
        $0.minimumImprovement = minimumImprovement
      }
      try fixture.train()
      return fixture
    }
    let whole = try trained(patience: 20, minimumImprovement: minimumImprovement)
    // So much never counts: patience ends the training at once, and what counts is changed with it.
    let grown = try trained(patience: 1, minimumImprovement: 100)
    #expect(try grown.last().state.epoch == 2)
    #expect(try grown.train(resuming: true).stoppedBy == .earlyStopping)
    (grown.configuration.patience, grown.configuration.minimumImprovement) = (
      20, minimumImprovement
    )
    #expect(try grown.train(resuming: true).stoppedBy == .epochs)
    try expectSameTraining(whole, grown)
  }

  private var thesis: TrainingConfiguration {
    let architecture = Architecture(input: [3, 8, 8], stacks: [[2]], hidden: [], classes: 3)
    return Recipe.thesis.configuration(data: "here", architecture: architecture)
  }

  /// A state after epochs of these validation losses.
  private func state(
    _ losses: [Double] = [], stepInEpoch: Int = 0, knowsData: Bool = true
  ) -> TrainingState {
    var state = TrainingState(stopping: EarlyStopping())
    state.metrics = losses.enumerated().map { index, loss in
      EpochMetrics(
        epoch: index + 1, learningRate: 0.1, trainLoss: 1, trainTop1: 0, validationLoss: loss,
        validationTop1: 0, validationTop5: 0, imagesPerSecond: 1, seconds: 1)
    }
    (state.epoch, state.stepInEpoch) = (losses.count, stepInEpoch)
    state.dataDigest = knowsData ? "1" : nil
    return state
  }

  @Test(
    arguments: [
      (9, 10, 0, 0, nil), (99, 10, 0, 1, nil), (4, 10, 0, 0, nil),
      (4, 10, 0, 1, "epochs 4, but epoch 5 is under way"),
      (3, 10, 0, 0, "epochs 3, but 4 are finished"), (1, 10, 0, 1, "epochs 1, but 4 are finished"),
      // The losses are 3, 2, 2.5, 1.9.
      (9, 99, 0, 1, nil), (9, 2, 0, 1, nil), (9, 2, 0.5, 0, nil), (9, 3, 100, 0, nil),
      (
        9, 1, 0, 0,
        "patience 1 with a minimum improvement of 0.0, which would have ended it after epoch 3"
      ),
      (
        9, 2, 0.5, 1,
        "patience 2 with a minimum improvement of 0.5, which would have ended it after epoch 4"
      ),
      (
        9, 2, 100, 0,
        "patience 2 with a minimum improvement of 100.0, which would have ended it after epoch 3"
      ),
    ] as [(Int, Int, Double, Int, String?)])
  func `an end may move away, and never before what was done`(
    epochs: Int, patience: Int, minimumImprovement: Double, stepInEpoch: Int, conflict: String?
  ) {
    var saved = thesis
    saved.epochs = 9
    var wanted = saved
    (wanted.epochs, wanted.patience) = (epochs, patience)
    wanted.minimumImprovement = minimumImprovement
    let state = state([3, 2, 2.5, 1.9], stepInEpoch: stepInEpoch)
    #expect(wanted.conflicts(resuming: saved, at: state) == [conflict].compactMap(\.self))
  }

  @Test func `a rule of ending that was not changed is no conflict, whatever it makes of losses`() {
    var saved = thesis
    (saved.epochs, saved.patience) = (2, 1)
    #expect(saved.conflicts(resuming: saved, at: state([3, 4, 5, 6])).isEmpty)
  }

  @Test func `what decided what was done is a conflict, and what ends a training is none`() {
    let saved = thesis
    func conflicts(
      _ saved: TrainingConfiguration, knowsData: Bool = true,
      _ change: (inout TrainingConfiguration) -> Void
    ) -> [String] {
      var wanted = saved
      change(&wanted)
      return wanted.conflicts(resuming: saved, at: state(knowsData: knowsData))
    }
    let ends = conflicts(saved) {
      ($0.epochs, $0.patience, $0.minimumImprovement, $0.data) = (99, 2, 0.5, "there")
    }
    #expect(ends.isEmpty)
    let other = conflicts(saved, knowsData: false) { $0.data = "there" }
    #expect(other == ["data there instead of here"])
    let size = conflicts(saved) { $0.batchSize = 2 }
    #expect(size == ["batch size 2 instead of 64"])
    let frozen = conflicts(saved) { $0.frozen = ["conv1"] }
    #expect(frozen == ["frozen nodes conv1 instead of none"])
    let origin = TrainingConfiguration.Origin(path: "a", digest: "1", keepsPreprocessing: true)
    let started = conflicts(saved) { $0.from = origin }
    #expect(started.count == 2)
    var tuned = saved
    tuned.from = origin
    let moved = conflicts(tuned) { $0.from?.path = "b" }
    #expect(moved.isEmpty)
    let changed = conflicts(tuned) { $0.from?.digest = "2" }
    #expect(changed.count == 1)
    let measured = conflicts(tuned) { $0.from?.keepsPreprocessing = false }
    #expect(measured == ["preprocessing mean-image instead of the checkpoint's"])
    var cosine = saved
    cosine.schedule = .cosine()
    let longer = conflicts(cosine) { $0.epochs = 99 }
    #expect(longer == ["epochs 99 instead of 35, on which every rate of the schedule depends"])
    let patient = conflicts(cosine) { $0.patience = 99 }
    #expect(patient.isEmpty)
  }

  @Test(
    arguments: [
      ([.train], "", "its training images are others"),
      ([.validation], "", "its validation images are others"),
      ([.train, .validation, .test], "", "its training images and validation images are others"),
      ([], "x", "its classes are others"),
      ([.validation], "x", "its classes and validation images are others"),
    ] as [([Split], String, String)])
  func `other data of the same number and name are refused by what differs`(
    splits: [Split], classPrefix: String, words: String
  ) throws {
    let fixture = try TrainerFixture()
    fixture.options.maxSteps = 3
    try fixture.train()
    let saved = try fixture.bytes("last.safetensors")
    fixture.dataset = RenamedNoise(splits: splits, classPrefix: classPrefix)
    let failure = try #require(throws: TrainingFailure.self) { try fixture.train(resuming: true) }
    #expect(failure.kind == .badData)
    #expect(
      failure.description
        == "coloured-noise: has as many images as the data that the saved training began with, but "
        + "\(words) by name, label or size; resume with the same data")
    #expect(try fixture.bytes("last.safetensors") == saved)
    fixture.dataset = RenamedNoise()
    try fixture.train(resuming: true)
  }

  @Test func `other test images change nothing of a training`() throws {
    let whole = try TrainerFixture()
    try whole.train()
    let fixture = try TrainerFixture()
    fixture.options.maxSteps = 3
    try fixture.train()
    fixture.options.maxSteps = nil
    #expect(try !fixture.last().state.hasSeenOtherTestImages(than: fixture.dataset))
    fixture.dataset = RenamedNoise(splits: [.test])
    #expect(try fixture.last().state.hasSeenOtherTestImages(than: fixture.dataset))
    try fixture.train(resuming: true)
    #expect(try fixture.bestModel().parameters == whole.bestModel().parameters)
    // They are told of once.
    #expect(try !fixture.last().state.hasSeenOtherTestImages(than: fixture.dataset))
  }

  @Test func `the digest is kept, and a state without one goes on`() throws {
    let whole = try TrainerFixture()
    try whole.train()
    #expect(try whole.bestModel().metadata["data_digest"] == whole.dataset.digest)
    let fixture = try TrainerFixture()
    fixture.options.maxSteps = 3
    try fixture.train()
    try fixture.tamper("training_state") { text in
      withoutLists(text).split(separator: "\n").filter { !$0.contains("\"dataDigest\"") }
        .joined(separator: "\n")
    }
    let state = try fixture.last().state
    #expect(state.dataDigest == nil && state.listDigests == nil)
    #expect(!state.hasSeenOtherTestImages(than: RenamedNoise(splits: [.test])))
    fixture.options.maxSteps = nil
    try fixture.train(resuming: true)
    try expectSameTraining(whole, fixture)
  }

  @Test(arguments: Split.allCases)
  func `a state with one digest alone knows its data, and refuses others`(split: Split) throws {
    let whole = try TrainerFixture()
    try whole.train()
    let fixture = try TrainerFixture()
    fixture.options.maxSteps = 3
    try fixture.train()
    try fixture.tamper("training_state", withoutLists)
    let state = try fixture.last().state
    #expect(state.dataDigest != nil && state.listDigests == nil)
    fixture.options.maxSteps = nil
    fixture.dataset = RenamedNoise(splits: [split])
    let failure = try #require(throws: TrainingFailure.self) { try fixture.train(resuming: true) }
    #expect(failure.kind == .badData)
    #expect(failure.description.contains("names, labels, sizes"), "\(failure)")
    fixture.dataset = RenamedNoise()
    try fixture.train(resuming: true)
    try expectSameTraining(whole, fixture)
  }

  /// A state as it was before lists had digests.
  private func withoutLists(_ text: String) -> String {
    text.replacing(#/"listDigests" : \{[^}]*\},\s*/#, with: "")
  }
}

/// The noise under other names.
private struct RenamedNoise: ImageDataset {
  /// The splits whose images have other names.
  var splits: [Split] = []
  /// What the identifiers of the classes begin with.
  var classPrefix = ""

  let base = ColouredNoise()
  var name: String { base.name }
  var classes: [ClassLabel] {
    base.classes.map { ClassLabel(id: classPrefix + $0.id, name: $0.name) }
  }
  var height: Int { base.height }
  var width: Int { base.width }

  func count(of split: Split) -> Int { base.count(of: split) }

  func sample(at index: Int, of split: Split) -> Sample {
    var sample = base.sample(at: index, of: split)
    if splits.contains(split) { sample.name = "other " + sample.name }
    return sample
  }

  func readPixels(
    at index: Int, of split: Split, into pixels: UnsafeMutableBufferPointer<UInt8>
  ) throws(DatasetFailure) {
    try base.readPixels(at: index, of: split, into: pixels)
  }
}
