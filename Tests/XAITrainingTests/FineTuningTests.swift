import Testing
import XAIDatasets
import XAINetworks
import XAITensor
import XAITraining

/// Trainings that start from trained weights, some of which stay.
@Suite struct FineTuningTests {
  private static let frozen = ["conv1", "conv1_bn"]

  /// A training from the best model of another.
  private func tuned(
    frozen: [String]? = frozen, _ change: (inout TrainingConfiguration) -> Void = { _ in }
  ) throws -> TrainerFixture {
    let first = try TrainerFixture { $0.seed = 5 }
    try first.train()
    let fixture = try TrainerFixture {
      $0.frozen = frozen
      $0.averaging = 0.8
      $0.descent.nesterov = true
      $0.from = .init(path: "first", digest: "0", keepsPreprocessing: true)
      change(&$0)
    }
    fixture.start = try StartingPoint(
      first.bestModel(), for: Network(fixture.configuration.architecture),
      dataset: fixture.dataset, seed: fixture.configuration.seed, keepsPreprocessing: true)
    return fixture
  }

  @Test func `frozen parameters and their statistics stay, the others move`() throws {
    let fixture = try tuned()
    try fixture.train()
    let start = try #require(fixture.start)
    let frozen = Network(fixture.configuration.architecture).parameterNames(of: Self.frozen)
    let best = try fixture.bestModel()
    let last = try Checkpoint(path: fixture.path("last.safetensors")).parameters
    for name in start.parameters.names {
      // Biases in front of a batch norm have no gradient and were zero from the start.
      let hasNoEffect = name.hasSuffix(".bias") && !name.contains("_bn") && name != "fc2.bias"
      for parameters in [best.parameters, last] where frozen.contains(name) || !hasNoEffect {
        #expect(
          (parameters[name] == start.parameters[name]) == frozen.contains(name), "\(name)")
      }
    }
    #expect(best.mean == start.preprocessing?.mean)
  }

  @Test(arguments: [nil, frozen, ["conv1", "conv1_bn", "conv2", "conv2_bn"], ["conv2_bn", "fc1"]])
  func `a fine-tuning that was interrupted equals one that was not`(frozen: [String]?) throws {
    let whole = try tuned(frozen: frozen)
    try whole.train()
    for moment in [Recorder.Moment.afterStep(1), .afterStep(6), .inValidation(ofEpoch: 2)] {
      let parts = try tuned(frozen: frozen)
      try parts.train(events: Recorder(interrupting: moment))
      // The checkpoint is not needed again.
      parts.start = nil
      try parts.train(resuming: true)
      try expectSameTraining(whole, parts, "\(moment)")
    }
  }

  @Test(arguments: [
    (["conv7"], "no node 'conv7'"), (["pool1"], "no node 'pool1'"),
    (["conv1", "conv1_bn", "conv2", "conv2_bn", "fc1", "fc1_bn", "fc2"], "nothing to train"),
  ])
  func `nodes that cannot be frozen are refused`(frozen: [String], words: String) throws {
    let fixture = try TrainerFixture { $0.frozen = frozen }
    let failure = try #require(throws: TrainingFailure.self) { try fixture.train() }
    #expect(failure.kind == .usage && failure.description.contains(words), "\(failure)")
  }

  @Test func `a configuration without these keys is read and written as before`() throws {
    let fixture = try TrainerFixture { $0.epochs = 1 }
    try fixture.train()
    let text = String(decoding: try fixture.bytes("config.json"), as: UTF8.self)
    #expect(!text.contains("\"from\"") && !text.contains("\"frozen\""))
  }
}
