import Testing
import XAIDatasets
import XAIFiles
import XAIKernels
import XAINetworks
import XAITensor
import XAITraining

@Suite struct TrainerResumeTests {
  static let variants = [
    Change("the thesis's recipe") { _ in },
    Change("everything switched on") {
      $0.augmentation = .flipCrop
      $0.averaging = 0.8
      $0.labelSmoothing = 0.1
      $0.randomLabels = 7
      $0.preprocessing = .channelMean
      $0.schedule = .plateau(factor: 0.5, patience: 0, threshold: 0.9)
      $0.descent.nesterov = true
      $0.descent.decaysBatchNorm = false
      $0.descent.gradientClip = 1
    },
    Change("images that grow in one cycle") {
      $0.sizes = [ImageSizePhase(size: 4, epochs: 2), ImageSizePhase(size: 8, epochs: 1)]
      $0.partialValidation = PartialValidation(stride: 3, fullEpochs: 1)
      $0.schedule = .oneCycle(riseEpochs: 1)
    },
    Change("a cosine without batch norm") {
      $0.schedule = .cosine(warmupEpochs: 1)
      $0.architecture.batchNorm = false
      $0.augmentation = .flip
    },
  ]

  static let moments: [Recorder.Moment] = [
    .afterStep(1), .afterStep(3), .afterStep(4), .afterStep(5), .afterStep(8), .afterStep(12),
    .inValidation(ofEpoch: 1), .inValidation(ofEpoch: 3),
  ]

  @Test(arguments: variants)
  func `an interrupted training equals one that was not, bit for bit`(_ variant: Change) throws {
    let whole = try TrainerFixture(change: variant.apply)
    #expect(try whole.train().stoppedBy == .epochs)
    for moment in Self.moments {
      let parts = try TrainerFixture(change: variant.apply)
      let summary = try parts.train(events: Recorder(interrupting: moment))
      #expect(summary.stoppedBy == .interrupted)
      if case .afterStep(let step) = moment { #expect(summary.steps == step) }
      #expect(try parts.last().state.step == summary.steps)
      #expect(try parts.train(resuming: true).stoppedBy == .epochs)
      try expectSameTraining(whole, parts, "\(moment)")
    }
  }

  @Test func `a training is not resumed with other data`() throws {
    let fixture = try TrainerFixture()
    try fixture.train(events: Recorder(interrupting: .afterStep(3)))
    let saved = try fixture.bytes("last.safetensors")
    fixture.dataset = ColouredNoise(counts: [.train: 16, .validation: 12, .test: 6])
    let failure = try #require(throws: TrainingFailure.self) { try fixture.train(resuming: true) }
    #expect(failure.kind == .badData)
    #expect(failure.description.contains("has 16 training and 12 validation images"))
    #expect(failure.description.contains("began with 30 and 12"))
    #expect(try fixture.bytes("last.safetensors") == saved)
  }

  @Test func `what a killed session was writing is removed`() throws {
    let fixture = try TrainerFixture()
    try fixture.train()
    let leftover = fixture.path(".last.safetensors.2147483647-abc.part")
    try AtomicFile.write("half a checkpoint", to: leftover)
    try fixture.train(resuming: true)
    #expect(throws: FileFailure.self) { try WholeFile.read(leftover) }
  }

  @Test(arguments: variants)
  func `twelve sessions of one step equal one session of twelve`(_ variant: Change) throws {
    let whole = try TrainerFixture(change: variant.apply)
    try whole.train()
    let parts = try TrainerFixture(change: variant.apply)
    var sessions = 0
    var end = RunSummary.End.interrupted
    while end == .interrupted, sessions < 40 {
      end = try parts.train(
        resuming: sessions > 0, events: Recorder(interrupting: .afterFirstStep)
      ).stoppedBy
      sessions += 1
    }
    #expect(end == .epochs && sessions >= 12)
    try expectSameTraining(whole, parts)
  }

  @Test(arguments: [2, 4, 9])
  func `a training stopped by a number of steps can be continued`(steps: Int) throws {
    let whole = try TrainerFixture()
    try whole.train()
    let parts = try TrainerFixture()
    parts.options.maxSteps = steps
    let summary = try parts.train()
    #expect(summary.stoppedBy == .maximumSteps && summary.steps == steps)
    #expect(summary.epochs == steps / 4)
    parts.options.maxSteps = nil
    try parts.train(resuming: true)
    try expectSameTraining(whole, parts)
  }

  @Test func `a training that failed goes on from the last regular save`() throws {
    let whole = try TrainerFixture()
    try whole.train()
    let parts = try TrainerFixture()
    parts.options.maxSteps = 5
    try parts.train()
    parts.options.maxSteps = nil
    parts.options.saveEverySteps = 1
    // The image that comes last in epoch 2: two more steps are done and saved before it.
    let order = BatchOrder.shuffled(seed: 0, epoch: 1).indices(count: 30)
    parts.dataset = ColouredNoise(broken: order[29])
    let failure = #expect(throws: DatasetFailure.self) { try parts.train(resuming: true) }
    #expect(failure?.description == "image \(order[29]) is broken")
    #expect(try parts.last().state.step == 7)
    parts.dataset = ColouredNoise()
    try parts.train(resuming: true)
    try expectSameTraining(whole, parts)
  }

  @Test func `a training that is over ends at once when it is resumed`() throws {
    let fixture = try TrainerFixture()
    let first = try fixture.train()
    let best = try fixture.bytes("bestmodel.safetensors")
    let recorder = Recorder()
    #expect(try fixture.train(resuming: true, events: recorder) == first)
    #expect(recorder.states.isEmpty)
    #expect(try fixture.bytes("bestmodel.safetensors") == best)
  }

  @Test(arguments: [0, 0.8])
  func `a best model that a killed session did not come to write is written`(
    averaging: Double
  ) throws {
    let fixture = try TrainerFixture {
      $0.epochs = 1
      $0.averaging = averaging
    }
    try fixture.train()
    let best = try fixture.bytes("bestmodel.safetensors")
    // As between the state of the epoch and its model: there is an older model, or none.
    var older = try fixture.bestModel()
    older.metadata["epoch"] = "0"
    try older.write(to: fixture.path("bestmodel.safetensors"))
    #expect(try fixture.bytes("bestmodel.safetensors") != best)
    for hasOlder in [true, false] {
      if !hasOlder { try Folder.remove(fixture.path("bestmodel.safetensors")) }
      try fixture.train(resuming: true)
      #expect(try fixture.bytes("bestmodel.safetensors") == best)
    }
  }

  @Test func `curves that a killed session left behind are brought up to date`() throws {
    let fixture = try TrainerFixture { $0.epochs = 1 }
    try fixture.train()
    let metrics = try fixture.bytes("metrics.csv")
    try AtomicFile.write("old", to: fixture.path("metrics.csv"))
    try AtomicFile.write("old", to: fixture.path("curves.svg"))
    try fixture.train(resuming: true)
    #expect(try fixture.bytes("metrics.csv") == metrics)
    #expect(try fixture.bytes("curves.svg").count > 1000)
  }

  @Test(arguments: [
    ("configuration", "\"batch_size\" : 8", "\"batch_size\" : 0", "batch size"),
    ("configuration", "\"momentum\" : 0.9", "\"momentum\" : 1.5", "momentum"),
    ("configuration", "\"classes\" : 3", "\"classes\" : 4", "contradict"),
    ("configuration", "\"patience\" : 10", "\"patience\" : 11", "contradict"),
    ("training_state", "\"step\" : 4", "\"step\" : -4", "contradict"),
    ("training_state", "\"stepInEpoch\" : 0", "\"stepInEpoch\" : \"zero\"", "stepInEpoch"),
    // An epoch without images: its means would be 0 / 0.
    ("training_state", "\"stepInEpoch\" : 0", "\"stepInEpoch\" : 4", "contradict"),
    ("training_state", "\"imageCounts\" : [\n    30,", "\"imageCounts\" : [", "contradict"),
    ("training_state", "\"correct\" : 0", "\"correct\" : 1", "contradict"),
    ("training_state", "{", "", "no valid JSON"),
  ])
  func `a state that was tampered with is refused`(
    key: String, old: String, new: String, word: String
  ) throws {
    let fixture = try TrainerFixture { $0.epochs = 1 }
    try fixture.train()
    try fixture.tamper(key) { text in
      #expect(text.contains(old))
      return text.replacing(old, with: new, maxReplacements: 1)
    }
    let error = #expect(throws: (any Error).self) { try fixture.last() }
    let failure = error as? any Failure
    #expect(failure?.kind == .badData)
    #expect(failure?.description.contains("last.safetensors") == true)
    #expect(failure?.description.contains(word) == true, "\(String(describing: failure))")
  }

  @Test func `a checkpoint without a state cannot be resumed`() throws {
    let fixture = try TrainerFixture { $0.epochs = 1 }
    try fixture.train()
    let path = fixture.path("bestmodel.safetensors")
    let failure = #expect(throws: TrainingFailure.self) { try SavedTraining(path: path) }
    #expect(
      failure
        == TrainingFailure(
          .badData, "\(path): holds a network but no state of a training, so it cannot be resumed"))
  }
}
