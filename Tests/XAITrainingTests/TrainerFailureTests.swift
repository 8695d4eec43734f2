import Glibc
import Testing
import XAIDatasets
import XAIFiles
import XAINetworks
import XAITensor
import XAITraining

/// Puts a folder where the best model is to be, once the training is under way.
private struct Obstacle: TrainingEvents {
  let path: String
  var isInterrupted: Bool { false }

  func willTrain(epoch: Int, of total: Int, steps: Int, _ state: TrainingState) {}
  func didTrain(_ state: TrainingState) { mkdir(path, 0o777) }
  func willValidate(images: Int) {}
  func didValidate(images: Int) {}
  func didFinish(_ metrics: EpochMetrics, isBest: Bool) {}
}

@Suite struct TrainerFailureTests {
  private let files = ["bestmodel.safetensors", "last.safetensors", "metrics.csv", "curves.svg"]

  @Test(arguments: [true, false])
  func `a training that diverges says so and leaves what was saved`(batchNorm: Bool) throws {
    let fixture = try TrainerFixture {
      $0.epochs = 1
      $0.architecture.batchNorm = batchNorm
    }
    try fixture.train()
    let before = try files.map(fixture.bytes)
    fixture.configuration.epochs = 5
    fixture.configuration.learningRate = 1e38
    let failure = try #require(throws: TrainingFailure.self) { try fixture.train(resuming: true) }
    #expect(failure.kind == .badData)
    #expect(failure.description.hasPrefix("epoch 2, "), "\(failure)")
    #expect(
      failure.description.hasSuffix(
        "; training diverged, so use a smaller learning rate than 1e+38 or clip gradients; what was "
          + "saved before is intact"), "\(failure)")
    #expect(try files.map(fixture.bytes) == before)
  }

  @Test(arguments: [true, false])
  func `numbers that overflowed are never saved`(batchNorm: Bool) throws {
    let fixture = try TrainerFixture {
      $0.learningRate = 1e38
      $0.architecture.batchNorm = batchNorm
    }
    fixture.options.saveEverySteps = 1
    #expect(throws: TrainingFailure.self) { try fixture.train() }
    if Glibc.access(fixture.path("last.safetensors"), F_OK) == 0 { _ = try fixture.last() }
    #expect(Glibc.access(fixture.path("bestmodel.safetensors"), F_OK) != 0)
  }

  @Test func `where the first checkpoint cannot be written there is a state to resume from`() throws
  {
    let fixture = try TrainerFixture { $0.epochs = 2 }
    let whole = try TrainerFixture { $0.epochs = 2 }
    try whole.train()
    let path = fixture.path("bestmodel.safetensors")
    let failure = try #require(throws: FileFailure.self) {
      try fixture.train(events: Obstacle(path: path))
    }
    #expect(failure.kind == .cannotCreate && failure.description.contains("bestmodel"))
    // While it is there a training does not begin.
    #expect(throws: FileFailure.self) { try fixture.train(resuming: true) }
    #expect(try fixture.last().state.epoch == 1)
    #expect(rmdir(path) == 0)
    try fixture.train(resuming: true)
    #expect(
      try fixture.bytes("bestmodel.safetensors") == whole.bytes("bestmodel.safetensors"))
  }

  @Test func `a folder is trained into by one training at a time`() throws {
    let fixture = try TrainerFixture()
    let first = try RunFolder(path: fixture.path(""))
    let failure = try #require(throws: TrainingFailure.self) { try fixture.train() }
    #expect(failure.kind == .cannotCreate)
    #expect(
      failure.description.hasSuffix(
        ": process \(getpid()) is training into this folder; wait for it or choose another folder"))
    withExtendedLifetime(first) {}
  }

  @Test func `a folder is free again when its training is over`() throws {
    let fixture = try TrainerFixture { $0.epochs = 1 }
    try fixture.train()
    #expect(throws: Never.self) { try RunFolder(path: fixture.path("")) }
  }

  @Test(arguments: [Split.train, .validation])
  func `an empty split is named`(split: Split) throws {
    var dataset = ColouredNoise()
    dataset.counts[split] = 0
    let fixture = try TrainerFixture(dataset)
    let failure = try #require(throws: TrainingFailure.self) { try fixture.train() }
    #expect(failure.kind == .badData)
    #expect(
      failure.description
        == "coloured-noise: the \(split.rawValue) split is empty; the data need at least one image "
        + "in each split, so use more images or another validation fraction")
  }

  @Test func `batch norm cannot train on one image`() throws {
    let fixture = try TrainerFixture(ColouredNoise(counts: [.train: 1, .validation: 1]))
    let failure = try #require(throws: TrainingFailure.self) { try fixture.train() }
    #expect(failure.kind == .badData)
    #expect(failure.description.contains("at least 2 training images"))
  }

  @Test func `an architecture for other images or classes is refused`() throws {
    let gray = try TrainerFixture { $0.architecture.input = [1, 8, 8] }
    let size = try #require(throws: TrainingFailure.self) { try gray.train() }
    #expect(size.description.contains("takes images of 1 x 8 x 8, coloured-noise has images of 3"))
    let four = try TrainerFixture { $0.architecture.classes = 4 }
    let count = try #require(throws: TrainingFailure.self) { try four.train() }
    #expect(count.description == "the architecture has 4 classes, coloured-noise has 3")
  }

  @Test(arguments: [
    Change("epochs") { $0.epochs = 0 },
    Change("batch size") { $0.batchSize = -1 },
    Change("patience") { $0.patience = 0 },
    Change("learning rate") { $0.learningRate = .nan },
    Change("validation fraction") { $0.validationFraction = 1 },
    Change("momentum") { $0.descent.momentum = 1 },
    Change("label smoothing") { $0.labelSmoothing = -0.1 },
    Change("averaging") { $0.averaging = 1 },
    Change("weight decay") { $0.descent.weightDecay = -1 },
    Change("gradient clip") { $0.descent.gradientClip = .infinity },
    Change("minimum improvement") { $0.minimumImprovement = -1 },
    Change("schedule's factor") { $0.schedule = .step(factor: 0, every: 1) },
    Change("warm-up") { $0.schedule = .cosine(warmupEpochs: 3) },
  ])
  func `a number that cannot be is refused by its name`(_ change: Change) throws {
    let fixture = try TrainerFixture(change: change.apply)
    let failure = try #require(throws: TrainingFailure.self) { try fixture.train() }
    #expect(failure.kind == .usage)
    #expect(failure.description.contains("the \(change.testDescription)"), "\(failure)")
  }

  @Test func `absurd numbers of epochs and images in a batch do no harm`() throws {
    let fixture = try TrainerFixture {
      $0.epochs = .max
      $0.schedule = .cosine(warmupEpochs: .max - 1)
      $0.batchSize = .max
      $0.patience = .max
    }
    fixture.options.maxSteps = 2
    #expect(try fixture.train().steps == 2)
  }
}
