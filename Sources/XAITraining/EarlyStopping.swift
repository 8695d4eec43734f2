/// Decides after each epoch whether training goes on, and remembers the best epoch.
///
/// The state is part of the value: stored in a checkpoint, it lets a resumed run stop where the
/// uninterrupted one would.
public struct EarlyStopping: Codable, Sendable, Equatable {
  /// What an epoch's validation loss means.
  public enum Verdict: Sendable, Equatable {
    /// The lowest loss so far: keep these weights.
    case improved
    /// Not better, but there is patience left.
    case keepGoing
    /// Not better for `patience` epochs in a row.
    case stop
  }

  /// How many epochs in a row may bring no improvement; the last of them stops the run.
  public let patience: Int
  /// By how much a loss must be lower than the best to count.
  public let minimumImprovement: Double
  /// The lowest validation loss; none before the first finite one.
  public private(set) var bestLoss: Double?
  /// The epoch that had it, numbered as the caller does.
  public private(set) var bestEpoch: Int?
  /// Epochs since then.
  public private(set) var epochsWithoutImprovement = 0

  /// Whether patience is at its end.
  public var isOver: Bool { epochsWithoutImprovement >= patience }

  /// Early stopping before the first epoch.
  /// - Parameters:
  ///   - patience: Epochs in a row that may bring no improvement, at least 1.
  ///   - minimumImprovement: By how much a loss must be lower than the best to count.
  public init(patience: Int = 10, minimumImprovement: Double = 0) {
    precondition(patience > 0, "a patience of \(patience) epochs")
    precondition(minimumImprovement >= 0, "a minimum improvement of \(minimumImprovement)")
    self.patience = patience
    self.minimumImprovement = minimumImprovement
  }

  /// Takes note of an epoch.
  /// - Parameters:
  ///   - validationLoss: Its validation loss. NaN and infinity are never an improvement.
  ///   - epoch: Its number.
  /// - Returns: What to do now.
  public mutating func observe(validationLoss: Double, epoch: Int) -> Verdict {
    let isBetter = bestLoss.map { validationLoss < $0 - minimumImprovement } ?? true
    if validationLoss.isFinite && isBetter {
      bestLoss = validationLoss
      bestEpoch = epoch
      epochsWithoutImprovement = 0
      return .improved
    }
    epochsWithoutImprovement += 1
    return isOver ? .stop : .keepGoing
  }
}
