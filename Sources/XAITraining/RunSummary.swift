import XAIFiles
import XAITensor

/// `summary.json`: how a run ended.
public struct RunSummary: Codable, Sendable, Equatable {
  /// What ended the run.
  public enum End: String, Codable, Sendable {
    /// All epochs are done.
    case epochs
    /// The validation loss did not improve for as many epochs as patience allows.
    case earlyStopping = "early_stopping"
    /// The greatest number of steps is done.
    case maximumSteps = "max_steps"
    /// A signal asked for it; the run can be resumed.
    case interrupted
  }

  /// The epoch with the lowest validation loss, from 1; none before the first validation.
  public var bestEpoch: Int?
  /// That loss.
  public var bestValidationLoss: Double?
  /// The fraction of validation images whose class came first in that epoch.
  public var bestValidationTop1: Double?
  /// The fraction of validation images whose class was among the first five in that epoch.
  public var bestValidationTop5: Double?
  /// What ended the run.
  public var stoppedBy: End
  /// Epochs that were finished, over all sessions of the run.
  public var epochs: Int
  /// Steps that were done, over all sessions of the run.
  public var steps: Int
  /// Seconds of training and validation, over all sessions of the run.
  public var seconds: Double
  /// Training images per second, validation not counted.
  public var imagesPerSecond: Double

  /// A summary.
  /// - Parameters:
  ///   - best: The metrics of the best epoch; none before the first validation.
  ///   - stoppedBy: What ended the run.
  ///   - epochs: Epochs that were finished.
  ///   - steps: Steps that were done.
  ///   - seconds: Seconds of training and validation.
  ///   - imagesPerSecond: Training images per second.
  public init(
    best: EpochMetrics?, stoppedBy: End, epochs: Int, steps: Int, seconds: Double,
    imagesPerSecond: Double
  ) {
    bestEpoch = best?.epoch
    bestValidationLoss = best?.validationLoss
    bestValidationTop1 = best?.validationTop1
    bestValidationTop5 = best?.validationTop5
    self.stoppedBy = stoppedBy
    self.epochs = epochs
    self.steps = steps
    self.seconds = seconds
    self.imagesPerSecond = imagesPerSecond
  }

  enum CodingKeys: String, CodingKey {
    case bestEpoch = "best_epoch"
    case bestValidationLoss = "best_validation_loss"
    case bestValidationTop1 = "best_validation_top1"
    case bestValidationTop5 = "best_validation_top5"
    case stoppedBy = "stopped_by"
    case epochs, steps, seconds
    case imagesPerSecond = "images_per_second"
  }

  /// Writes the summary, replacing an older one.
  /// - Parameter path: The file.
  /// - Throws: `TrainingFailure` when the file cannot be written.
  public func write(to path: String) throws(TrainingFailure) {
    do {
      try AtomicFile.write(try JSONText.encode(self), to: path)
    } catch { throw TrainingFailure(error) }
  }
}
