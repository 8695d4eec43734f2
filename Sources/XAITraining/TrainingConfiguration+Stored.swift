import XAIFiles
public import XAINetworks

extension TrainingConfiguration {
  /// The configuration that a network was trained under, which decides how its data were divided.
  /// - Parameters:
  ///   - checkpoint: The network.
  ///   - path: Its file, for messages.
  /// - Returns: The configuration; nil where the checkpoint names none.
  /// - Throws: `FileFailure` where what it names cannot be read.
  public static func stored(
    in checkpoint: Checkpoint, path: String
  ) throws -> TrainingConfiguration? {
    try checkpoint.metadata["configuration"].map {
      try JSONText.decode(
        TrainingConfiguration.self, from: $0, name: "\(path), metadata configuration")
    }
  }

  /// The learning rate at the end of this training, where networks are fine-tuned.
  ///
  /// - Note: A rate that falls to 0 with the last step would tune nothing, and what a plateau had come to is not
  ///   known of a checkpoint: a tenth of the base rate is taken for these.
  /// - Parameter epoch: The finished epochs of the network; nil for all.
  /// - Returns: The rate.
  public func finalRate(epoch: Int?) -> Double {
    switch schedule {
    case .constant, .step:
      schedule.rate(
        base: learningRate, epoch: max(0, (epoch ?? epochs) - 1), totalEpochs: epochs,
        state: Schedule.State())
    case .plateau, .cosine, .oneCycle: learningRate / 10
    }
  }
}
