import XAINetworks
import XAITensor

extension TrainingConfiguration {
  /// Checks every number: a command line, a program or a damaged file may have supplied it.
  /// - Throws: `TrainingFailure` of kind `usage`, or `NetworkFailure`, that names the first number
  ///   that cannot be.
  public func validate() throws {
    try architecture.validate(source: "the architecture")
    try schedule.validate(totalEpochs: epochs)
    func require(_ holds: Bool, _ name: String, _ value: some Any, _ wish: String) throws {
      if !holds {
        throw TrainingFailure(.usage, "the \(name) must be \(wish), but it is \(value)")
      }
    }
    for (name, value) in [("epochs", epochs), ("batch size", batchSize), ("patience", patience)] {
      try require(value >= 1, name, value, "at least 1")
    }
    guard !architecture.batchNorm || batchSize >= 2 else {
      throw TrainingFailure(.batchTooSmall(batchSize))
    }
    try require(
      learningRate > 0 && learningRate.isFinite, "learning rate", learningRate, "above 0")
    try require(
      validationFraction > 0 && validationFraction < 1, "validation fraction", validationFraction,
      "between 0 and 1")
    for (name, value) in [
      ("momentum", descent.momentum), ("label smoothing", labelSmoothing),
      ("averaging", averaging),
    ] {
      try require(0..<1 ~= value, name, value, "at least 0 and below 1")
    }
    for (name, value) in [
      ("weight decay", descent.weightDecay), ("gradient clip", descent.gradientClip),
      ("minimum improvement", minimumImprovement),
    ] {
      try require(value >= 0 && value.isFinite, name, value, "at least 0")
    }
    try validateSizes()
    try validateFrozen()
  }

  private func validateFrozen() throws(TrainingFailure) {
    guard let frozen else { return }
    let names = Network(architecture).nodes.filter { !$0.parameterShapes.isEmpty }.map(\.name)
    if let unknown = frozen.first(where: { !names.contains($0) }) {
      throw TrainingFailure(
        .usage, "the network has no node '\(unknown)' with parameters that could be frozen")
    }
    guard Set(frozen).count < names.count else {
      throw TrainingFailure(
        .usage, "every node with parameters is frozen, so there is nothing to train; freeze fewer")
    }
  }
}
