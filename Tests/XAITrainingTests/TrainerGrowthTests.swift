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

  @Test func `what decided what was done is a conflict, and what ends a training is none`() {
    let architecture = Architecture(input: [3, 8, 8], stacks: [[2]], hidden: [], classes: 3)
    let saved = Recipe.thesis.configuration(data: "here", architecture: architecture)
    func conflicts(
      _ saved: TrainingConfiguration, knowsData: Bool = true,
      _ change: (inout TrainingConfiguration) -> Void
    ) -> [String] {
      var wanted = saved
      change(&wanted)
      return wanted.conflicts(resuming: saved, knowsData: knowsData)
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
    #expect(longer == ["epochs 99 instead of 35, on which every rate of the cosine depends"])
    let patient = conflicts(cosine) { $0.patience = 99 }
    #expect(patient.isEmpty)
  }

  @Test func `other images of the same number and name are refused`() throws {
    let fixture = try TrainerFixture()
    fixture.options.maxSteps = 3
    try fixture.train()
    let saved = try fixture.bytes("last.safetensors")
    fixture.dataset = RenamedNoise(prefix: "other")
    let failure = try #require(throws: TrainingFailure.self) { try fixture.train(resuming: true) }
    #expect(failure.kind == .badData)
    #expect(failure.description.contains("as many images"), "\(failure)")
    #expect(failure.description.contains("names, labels, sizes"), "\(failure)")
    #expect(try fixture.bytes("last.safetensors") == saved)
    fixture.dataset = RenamedNoise(prefix: "")
    try fixture.train(resuming: true)
  }

  @Test func `the digest is kept, and a state without one goes on`() throws {
    let whole = try TrainerFixture()
    try whole.train()
    #expect(try whole.bestModel().metadata["data_digest"] == whole.dataset.digest)
    let fixture = try TrainerFixture()
    fixture.options.maxSteps = 3
    try fixture.train()
    try fixture.tamper("training_state") { text in
      text.split(separator: "\n").filter { !$0.contains("\"dataDigest\"") }
        .joined(separator: "\n")
    }
    #expect(try fixture.last().state.dataDigest == nil)
    fixture.options.maxSteps = nil
    try fixture.train(resuming: true)
    try expectSameTraining(whole, fixture)
  }
}

/// The noise under other names.
private struct RenamedNoise: ImageDataset {
  let base = ColouredNoise()
  let prefix: String
  var name: String { base.name }
  var classes: [ClassLabel] { base.classes }
  var height: Int { base.height }
  var width: Int { base.width }

  func count(of split: Split) -> Int { base.count(of: split) }

  func sample(at index: Int, of split: Split) -> Sample {
    var sample = base.sample(at: index, of: split)
    sample.name = prefix + sample.name
    return sample
  }

  func readPixels(
    at index: Int, of split: Split, into pixels: UnsafeMutableBufferPointer<UInt8>
  ) throws(DatasetFailure) {
    try base.readPixels(at: index, of: split, into: pixels)
  }
}
