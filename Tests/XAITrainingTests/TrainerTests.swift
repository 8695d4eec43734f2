import Glibc
import Testing
import XAIDatasets
import XAIKernels
import XAINetworks
import XAITensor
import XAITestSupport
import XAITraining

@Suite struct TrainerTests {
  @Test func `the loss falls and the classes are learned`() throws {
    let fixture = try TrainerFixture {
      $0.epochs = 8
      $0.seed = 1
      $0.schedule = .constant
      $0.architecture.dropout = .init(convolution: 0, dense: 0)
    }
    let recorder = Recorder()
    let summary = try fixture.train(events: recorder)
    let (first, last) = (try #require(recorder.epochs.first), try #require(recorder.epochs.last))
    #expect(recorder.epochs.map(\.epoch) == Array(1...8))
    #expect(last.trainLoss < first.trainLoss / 3)
    #expect(last.trainTop1 > 0.9)
    #expect(try #require(summary.bestValidationTop1) > 0.9)
    #expect(summary.bestValidationTop5 == 1)
    #expect(recorder.bestEpochs.last == summary.bestEpoch)
  }

  @Test func `the same seed gives the same bytes and another seed others`() throws {
    let fixtures = try ([0, 0, 1] as [UInt64]).map { seed in
      let fixture = try TrainerFixture { $0.seed = seed }
      try fixture.train()
      return fixture
    }
    try expectSameTraining(fixtures[0], fixtures[1])
    let parameters = try fixtures.map { try $0.bestModel().parameters }
    #expect(parameters[0] == parameters[1])
    #expect(parameters[0] != parameters[2])
  }

  @Test(arguments: [2, 3, 5])
  func `any number of threads gives the same bytes`(threads: Int) throws {
    let fixtures = try [1, threads].map { threads in
      let fixture = try TrainerFixture {
        $0.averaging = 0.5
        $0.descent.gradientClip = 0.5
      }
      fixture.threads = threads
      try fixture.train()
      return fixture
    }
    try expectSameTraining(fixtures[0], fixtures[1])
  }

  @Test(arguments: [
    Change("augmentation") { $0.augmentation = .flip },
    Change("averaging") { $0.averaging = 0.5 },
    Change("Nesterov") { $0.descent.nesterov = true },
    Change("label smoothing") { $0.labelSmoothing = 0.1 },
    Change("random labels") { $0.randomLabels = 1 },
    Change("weight decay") { $0.descent.weightDecay = 0.1 },
    Change("decay of batch norm") { $0.descent.decaysBatchNorm = false },
    Change("gradient clip") { $0.descent.gradientClip = 0.01 },
    Change("momentum") { $0.descent.momentum = 0 },
    Change("schedule") { $0.schedule = .cosine() },
    Change("dropout of convolutions") { $0.architecture.dropout.convolution = 0 },
    Change("dropout of dense layers") { $0.architecture.dropout.dense = 0 },
    Change("preprocessing") { $0.preprocessing = .channelMean },
    Change("batch size") { $0.batchSize = 6 },
    Change("learning rate") { $0.learningRate = 0.01 },
  ])
  func `every switch changes what is learned`(_ change: Change) throws {
    let plain = try TrainerFixture()
    let changed = try TrainerFixture(change: change.apply)
    try plain.train()
    try changed.train()
    #expect(try plain.bestModel().parameters != changed.bestModel().parameters)
  }

  @Test func `training stops when patience is over and keeps the best epoch`() throws {
    // No epoch can be better than the first by so much, and at this rate the second is worse.
    let patient = try TrainerFixture {
      $0.epochs = 9
      $0.patience = 2
      $0.minimumImprovement = 1000
      $0.learningRate = 2
    }
    let summary = try patient.train()
    #expect(summary.stoppedBy == .earlyStopping)
    #expect(summary.epochs == 3)
    let best = try #require(summary.bestEpoch)
    try #require(best < 3, "another rate is needed")
    let short = try TrainerFixture {
      $0.epochs = best
      $0.learningRate = 2
    }
    try short.train()
    #expect(try patient.bestModel().parameters == short.bestModel().parameters)
    #expect(try patient.bestModel().metadata["epoch"] == "\(best)")
    let last = try Checkpoint(path: patient.path("last.safetensors"))
    #expect(try last.parameters != patient.bestModel().parameters)
    #expect(try patient.train(resuming: true).stoppedBy == .earlyStopping)
  }

  @Test(arguments: [0, 0.05, 0.3, 1000])
  func `the best model is that of the lowest validation loss whatever patience counts`(
    minimumImprovement: Double
  ) throws {
    let fixture = try TrainerFixture {
      $0.epochs = 8
      $0.schedule = .constant
      $0.minimumImprovement = minimumImprovement
    }
    let recorder = Recorder()
    let summary = try fixture.train(events: recorder)
    let losses = recorder.epochs.compactMap(\.validationLoss)
    let lowest = try #require(losses.min())
    try #require(losses[0] > lowest, "the first epoch must not be the best")
    let best = try #require(losses.firstIndex(of: lowest)) + 1
    #expect(summary.bestEpoch == best && summary.bestValidationLoss == lowest)
    #expect(try fixture.bestModel().metadata["epoch"] == "\(best)")
    #expect(recorder.bestEpochs.last == best)
  }

  @Test func `a plateau of the validation loss reduces the learning rate`() throws {
    let schedule = Schedule.plateau(factor: 0.5, patience: 0, threshold: 0.9)
    let fixture = try TrainerFixture {
      $0.schedule = schedule
      $0.epochs = 5
    }
    let recorder = Recorder()
    try fixture.train(events: recorder)
    var state = Schedule.State()
    for metrics in recorder.epochs {
      let rate = schedule.rate(base: 0.05, epoch: 0, totalEpochs: 5, state: state)
      #expect(metrics.learningRate == rate)
      schedule.finishEpoch(
        validationLoss: try #require(metrics.validationLoss), state: &state)
    }
    #expect(state.reductions >= 2)
  }

  @Test func `the average of the parameters follows them with its decay`() throws {
    let fixture = try TrainerFixture { $0.averaging = 0.75 }
    fixture.options.maxSteps = 1
    try fixture.train()
    let last = try Checkpoint(path: fixture.path("last.safetensors"))
    let initial = Parameters.initial(for: last.network, seed: 0)
    let average = try fixture.bestModel().parameters
    for name in initial.names {
      let (start, end) = (try #require(initial[name]), try #require(last.parameters[name]))
      let expected = zip(start.elements, end.elements).map { 0.75 * $0 + 0.25 * $1 }
      expectClose(try #require(average[name]).elements, expected, relative: 1e-6, name)
    }
  }

  @Test(arguments: [(30, true, 30, 4), (33, true, 32, 4), (33, false, 33, 5), (8, true, 8, 1)])
  func `a smaller last batch counts, but not one image for batch norm`(
    images: Int, batchNorm: Bool, seen: Int, steps: Int
  ) throws {
    let dataset = ColouredNoise(counts: [.train: images, .validation: 3])
    let fixture = try TrainerFixture(dataset) {
      $0.epochs = 1
      $0.architecture.batchNorm = batchNorm
    }
    let recorder = Recorder()
    #expect(try fixture.train(events: recorder).steps == steps)
    #expect(recorder.states.last?.images == seen)
  }

  @Test func `two images and one class are enough`() throws {
    let dataset = ColouredNoise(classCount: 1, counts: [.train: 2, .validation: 1])
    let fixture = try TrainerFixture(dataset) { $0.epochs = 2 }
    let summary = try fixture.train()
    #expect(summary.steps == 2)
    #expect(summary.bestValidationTop1 == 1 && summary.bestValidationLoss == 0)
  }

  @Test func `memory does not grow from epoch to epoch`() throws {
    let fixture = try TrainerFixture {
      $0.epochs = 6
      $0.averaging = 0.5
    }
    let backend = try CPUBackend()
    let recorder = Recorder(backend: backend)
    try fixture.train(events: recorder, backend: backend)
    #expect(recorder.memory.count == 6)
    #expect(Set(recorder.memory.dropFirst()).count == 1, "\(recorder.memory)")
  }
}
