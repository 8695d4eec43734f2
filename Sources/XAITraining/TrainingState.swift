public import XAIDatasets
import XAITensor

/// Where a training stands, besides the tensors: what `last.safetensors` keeps as JSON.
public struct TrainingState: Codable, Sendable, Equatable {
  /// Epochs that are finished, validation included.
  public var epoch = 0
  /// Steps done in the epoch under way.
  public var stepInEpoch = 0
  /// Steps done in all.
  public var step = 0
  /// The sum over images of the loss in this epoch.
  public var lossSum = 0.0
  /// Images whose label had the largest logit in this epoch.
  public var correct = 0
  /// Images seen in this epoch.
  public var images = 0
  /// What the schedule remembers.
  public var schedule = Schedule.State()
  /// What early stopping remembers.
  public var stopping: EarlyStopping
  /// The finished epochs.
  public var metrics: [EpochMetrics] = []
  /// Seconds of this epoch's steps, over all sessions.
  public var epochSeconds = 0.0
  /// Seconds in all.
  public var seconds = 0.0
  /// Seconds of the training steps, but for each session's first: the denominator of the speed.
  public var stepSeconds = 0.0
  /// Images of the steps in `stepSeconds`.
  public var imagesInAll = 0
  /// The numbers step by step; nil in states of versions that did not keep them.
  public var steps: StepsLog?
  /// Training and validation images at the start, so that other data are noticed on resuming.
  public var imageCounts: [Int]?
  /// The digest of the data, which tells them from others; older states do not have it.
  public var dataDigest: String?
  /// The digests of its lists, of which each may be asked for; older states do not have them.
  public var listDigests: DataDigests?

  /// The state before the first step.
  /// - Parameter stopping: The rule of early stopping.
  public init(stopping: EarlyStopping) { self.stopping = stopping }

  /// Whether a training with a configuration can come to this state: a file may hold anything.
  func isPossible(for configuration: TrainingConfiguration) -> Bool {
    let counts = [
      epoch, stepInEpoch, step, correct, images, imagesInAll, schedule.badEpochs,
      schedule.reductions, stopping.epochsWithoutImprovement,
    ]
    // NaN and infinity can be read, and would go on into the reports.
    let numbers: [Double] =
      [lossSum, epochSeconds, seconds, stepSeconds]
      + metrics.flatMap { metrics in EpochMetrics.columns.compactMap { $0.read(metrics) } }
    // The means of the epoch under way are divided by these.
    let hasBegun = stepInEpoch > 0
    return counts.allSatisfy { 0...(1 << 53) ~= $0 } && numbers.allSatisfy(\.isFinite)
      && hasBegun == (images > 0) && hasBegun == (epochSeconds > 0) && correct <= images
      && imageCounts.map { $0.count == 2 } ?? true
      && steps?.isPossible(atStep: step) ?? true
      && metrics.count == epoch && stopping.patience == configuration.patience
  }

  /// Takes note of the data.
  /// - Parameter dataset: What a training is about to use.
  /// - Throws: `.badData` where it was begun with others; the sentence says what differs.
  mutating func begin(with dataset: any ImageDataset) throws(TrainingFailure) {
    let counts = [Split.train, .validation].map { dataset.count(of: $0) }
    if let before = imageCounts, before != counts {
      throw TrainingFailure(
        .badData,
        "\(dataset.name): has \(counts[0]) training and \(counts[1]) validation images, but the saved "
          + "training began with \(before[0]) and \(before[1]); resume with the same data")
    }
    let (digest, lists) = (dataset.digest, DataDigests(dataset))
    if let before = listDigests {
      let others = before.differences(to: lists)
      guard others.isEmpty else {
        throw TrainingFailure(
          .badData,
          "\(dataset.name): has as many images as the data that the saved training began with, but its "
            + "\(others.joined(separator: " and ")) are others by name, label or size; resume with the "
            + "same data")
      }
    } else if let before = dataDigest, before != digest {
      throw TrainingFailure(
        .badData,
        "\(dataset.name): has as many images as the data that the saved training began with, but they "
          + "are others: names, labels, sizes or the test images differ; resume with the same data")
    }
    (imageCounts, dataDigest, listDigests) = (counts, digest, lists)
  }

  /// Whether data have other test images than when they were used last, which changes nothing of a training.
  /// - Parameter dataset: The data.
  /// - Returns: Whether they have; no where the state does not know.
  public func hasSeenOtherTestImages(than dataset: any ImageDataset) -> Bool {
    listDigests.map { $0.test != dataset.digest(of: .test) } ?? false
  }

  /// Whether the parameters that belong to this state are those of the best epoch.
  public var isBest: Bool { epoch > 0 && stepInEpoch == 0 && stopping.bestEpoch == epoch }

  /// The metrics of the best epoch.
  public var best: EpochMetrics? { metrics.first { $0.epoch == stopping.bestEpoch } }
}
