import Testing
import XAIDatasets
import XAIFiles
import XAIKernels
import XAINetworks
import XAITensor
import XAITraining

@Suite struct TrainerFilesTests {
  @Test func `the run folder tells what was done`() throws {
    let fixture = try TrainerFixture()
    let recorder = Recorder()
    let summary = try fixture.train(events: recorder)

    func text(_ name: String) throws -> String { try WholeFile.readText(fixture.path(name)) }
    let configuration = try JSONText.decode(
      TrainingConfiguration.self, from: text("config.json"), name: "config.json")
    #expect(configuration == fixture.configuration)
    #expect(try text("config.json").contains("\"learning_rate\" : 0.05"))

    #expect(try MetricsLog.read(fixture.path("metrics.csv")) == recorder.epochs)
    #expect(recorder.epochs.map(\.learningRate) == [0.05, 0.05, 0.05 * 0.2])
    #expect(recorder.epochs.allSatisfy { $0.seconds > 0 && $0.imagesPerSecond > 0 })

    let written = try JSONText.decode(
      RunSummary.self, from: text("summary.json"), name: "summary.json")
    #expect(written == summary)
    #expect(summary.stoppedBy == .epochs && summary.epochs == 3 && summary.steps == 12)
    let best = recorder.epochs.min {
      $0.validationLoss ?? .infinity < $1.validationLoss ?? .infinity
    }
    #expect(summary.bestEpoch == best?.epoch && summary.bestValidationLoss == best?.validationLoss)

    let curves = try text("curves.svg")
    #expect(curves.contains("best: epoch \(try #require(summary.bestEpoch))"))
    #expect(curves.contains("small on coloured-noise"))

    #expect(
      try Folder.entries(of: fixture.path("")) == [
        ".lock", "bestmodel.safetensors", "config.json", "curves.svg", "last.safetensors",
        "metrics.csv", "steps.csv", "summary.json",
      ])
  }

  @Test func `the best model says what it is and computes what was measured`() throws {
    let fixture = try TrainerFixture { $0.averaging = 0.5 }
    let summary = try fixture.train()
    let model = try fixture.bestModel()
    #expect(model.metadata["epoch"] == summary.bestEpoch.map { "\($0)" })
    #expect(model.metadata["version"] == Toolkit.version)
    #expect(model.classes.map(\.id) == ["c0", "c1", "c2"])
    #expect(model.classes.map(\.name) == ["colour 0", "colour 1", "colour 2"])
    #expect(model.network.architecture == fixture.configuration.architecture)
    #expect(model.mean.shape == [3, 8, 8] && model.standardDeviation.shape == [3])
    let configuration = try JSONText.decode(
      TrainingConfiguration.self, from: #require(model.metadata["configuration"]), name: "metadata")
    #expect(configuration == fixture.configuration)
    let metrics = try JSONText.decode(
      [String: Double].self, from: #require(model.metadata["metrics"]), name: "metadata")
    #expect(metrics["validation_loss"] == summary.bestValidationLoss)
    #expect(metrics["validation_top1"] == summary.bestValidationTop1)

    let evaluator = try Evaluator(
      network: model.network, parameters: model.parameters,
      preprocessing: Preprocessing(
        mean: model.mean, standardDeviation: model.standardDeviation, height: 8, width: 8),
      batchSize: 8, backend: CPUBackend())
    var tally = ClassificationTally()
    try evaluator.forEachBatch(of: fixture.dataset, split: .validation) { batch, logits in
      tally.record(logits: logits, labels: batch.labels)
      return true
    }
    #expect(tally.images == 12)
    #expect(
      abs(tally.loss - (summary.bestValidationLoss ?? 0)) < 1e-6, "\(tally.loss)")
  }

  @Test func `a training stopped before its first validation leaves a model to look at`() throws {
    let fixture = try TrainerFixture()
    fixture.options.maxSteps = 2
    let summary = try fixture.train()
    #expect(summary.bestEpoch == nil && summary.bestValidationLoss == nil)
    let model = try fixture.bestModel()
    #expect(model.metadata["epoch"] == "0" && model.metadata["metrics"] == nil)
    #expect(
      try model.parameters == Checkpoint(path: fixture.path("last.safetensors")).parameters)
  }

  @Test func `event files hold every epoch, and a resumed session voids none of them`() throws {
    let fixture = try TrainerFixture()
    fixture.options.tensorBoard = true
    fixture.options.maxSteps = 9
    try fixture.train()
    #expect(try count(Array("loss/validation".utf8), inEventsOf: fixture) == 2)
    // The start of a session: step 3, then a session log whose status is "start".
    let start: [UInt8] = [0x10, 3, 0x3A, 2, 0x08, 1]
    #expect(try count(start, inEventsOf: fixture) == 0)
    fixture.options.maxSteps = nil
    try fixture.train(resuming: true)
    #expect(try count(Array("loss/validation".utf8), inEventsOf: fixture) == 3)
    #expect(try count(start, inEventsOf: fixture) == 1)
    #expect(try count([0x3A, 2, 0x08, 1], inEventsOf: fixture) == 1)
  }

  private func count(_ pattern: [UInt8], inEventsOf fixture: TrainerFixture) throws -> Int {
    let names = try Folder.entries(of: fixture.path("")).filter {
      $0.hasPrefix("events.out.tfevents.")
    }
    return try names.reduce(0) { try $0 + fixture.bytes($1).ranges(of: pattern).count }
  }
}
