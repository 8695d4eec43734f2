import Testing
import XAIDatasets
import XAIFiles
import XAINetworks
import XAITensor
import XAITestSupport
import XAITraining

/// Damaged files of a training.
@Suite struct MutationTests {
  /// A training after one step in its second epoch, on a network as small as one can be.
  private func interrupted(
    _ change: (inout TrainingConfiguration) -> Void = { _ in }
  ) throws -> TrainerFixture {
    let fixture = try TrainerFixture {
      $0.architecture.stacks = [[2]]
      $0.architecture.hidden = []
      $0.preprocessing = .channelMean
      change(&$0)
    }
    try fixture.train(events: Recorder(interrupting: .afterStep(5)))
    return fixture
  }

  @Test func `saved trainings`() throws {
    let seeds = try [
      interrupted(),
      interrupted {
        $0.averaging = 0.5
        $0.schedule = .plateau()
        $0.randomLabels = 3
      },
    ].map { try $0.bytes("last.safetensors") }
    var trial = MutationTrial("saved training", seeds: seeds)
    trial.isText = true
    trial.mending = mendSafetensorsLength
    let scratch = ScratchFile()
    try trial.run(4_000) { bytes in
      scratch.write(bytes)
      let saved = try SavedTraining(path: scratch.path)
      #expect(saved.state.metrics.count == saved.state.epoch)
    }
  }

  @Test func `configurations`() throws {
    let fixture = try interrupted { $0.schedule = .cosine(warmupEpochs: 1) }
    let seeds = [try fixture.bytes("config.json"), try interrupted().bytes("config.json")]
    var trial = MutationTrial("config.json", seeds: seeds, isText: true)
    // Numbers that cannot be are refused as those of a command line are.
    trial.kinds = [.badData, .usage]
    try trial.run(2_000) { bytes in
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw FileFailure(.badData, "no text")
      }
      try JSONText.decode(TrainingConfiguration.self, from: text, name: "config.json").validate()
    }
  }

  @Test func `metrics logs`() throws {
    let fixture = try interrupted()
    try fixture.train(resuming: true)
    try MutationTrial("metrics.csv", seeds: [try fixture.bytes("metrics.csv")], isText: true)
      .run(2_000) { bytes in
        _ = try MetricsLog.parse(String(decoding: bytes, as: UTF8.self), name: "metrics.csv")
      }
  }

  @Test(arguments: ["badEpochs", "reductions", "epochsWithoutImprovement"])
  func `counts that the next epoch would overflow are refused`(key: String) throws {
    let fixture = try interrupted { $0.schedule = .plateau() }
    try fixture.tamper("training_state") { text in
      text.replacing("\"\(key)\" : 0", with: "\"\(key)\" : 9223372036854775807")
    }
    let failure = try #require(throws: TrainingFailure.self) { try fixture.last() }
    #expect(failure.description.contains("contradict each other"))
  }

  @Test(arguments: ["lossSum", "seconds", "epochSeconds"])
  func `sums that are no numbers are refused`(key: String) throws {
    for word in ["nan", "inf"] {
      let fixture = try interrupted()
      try fixture.tamper("training_state") { text in
        text.split(separator: "\n").map { line in
          line.hasPrefix("  \"\(key)\" : ") ? "  \"\(key)\" : \"\(word)\"," : String(line)
        }.joined(separator: "\n")
      }
      let failure = try #require(throws: (any Error).self) { try fixture.last() }
      #expect("\(failure)".contains("contradict each other"), "\(failure)")
    }
  }
}
