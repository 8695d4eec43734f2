/// Remembers the best epoch, and decides when so many epochs brought no improvement that training ends.
///
/// Two questions about the same losses: the best epoch is that of the lowest one, whereas patience
/// counts only a loss that is lower by more than `minimumImprovement`. The state is part of the
/// value: stored in a checkpoint, it lets a resumed run stop where the uninterrupted one would.
public struct EarlyStopping: Codable, Sendable, Equatable {
  /// How many epochs in a row may bring no improvement; the last of them stops the run.
  public private(set) var patience: Int
  /// By how much a loss must be lower than the last that counted to start patience anew.
  public private(set) var minimumImprovement: Double
  /// The lowest validation loss; none before the first finite one.
  public private(set) var bestLoss: Double?
  /// The epoch that had it, numbered as the caller does.
  public private(set) var bestEpoch: Int?
  /// The loss of the last epoch that counted as an improvement; states that were written while this
  /// and the lowest loss were one do not have it.
  public private(set) var countedLoss: Double?
  /// Epochs since the last that counted as an improvement.
  public private(set) var epochsWithoutImprovement = 0

  /// Whether patience is at its end.
  public var isOver: Bool { epochsWithoutImprovement >= patience }

  /// Early stopping before the first epoch.
  /// - Parameters:
  ///   - patience: Epochs in a row that may bring no improvement, at least 1.
  ///   - minimumImprovement: By how much a loss must be lower to count as one.
  public init(patience: Int = 10, minimumImprovement: Double = 0) {
    precondition(patience > 0, "a patience of \(patience) epochs")
    precondition(minimumImprovement >= 0, "a minimum improvement of \(minimumImprovement)")
    self.patience = patience
    self.minimumImprovement = minimumImprovement
  }

  /// Takes note of an epoch.
  /// - Parameters:
  ///   - validationLoss: Its validation loss. NaN and infinity are never better.
  ///   - epoch: Its number.
  /// - Returns: Whether the loss is the lowest so far: then these are the weights to keep.
  @discardableResult
  public mutating func observe(validationLoss: Double, epoch: Int) -> Bool {
    let counted = countedLoss ?? bestLoss
    let isBest = validationLoss.isFinite && bestLoss.map { validationLoss < $0 } ?? true
    if isBest { (bestLoss, bestEpoch) = (validationLoss, epoch) }
    count(validationLoss, since: counted)
    return isBest
  }

  /// Changes the rule in the course of a run; the best epoch stays, for its weights are those kept.
  /// - Parameters:
  ///   - patience: Epochs in a row that may bring no improvement, at least 1.
  ///   - minimumImprovement: By how much a loss must be lower to count as one.
  ///   - losses: The validation losses of all epochs so far, to be counted anew.
  package mutating func change(patience: Int, minimumImprovement: Double, losses: [Double]) {
    self.patience = patience
    guard minimumImprovement != self.minimumImprovement else { return }
    self.minimumImprovement = minimumImprovement
    (countedLoss, epochsWithoutImprovement) = (nil, 0)
    for loss in losses { count(loss, since: countedLoss) }
  }

  /// When a training would have ended under this rule from its start.
  /// - Parameter losses: The validation losses of all epochs; nil for one that does not count.
  /// - Returns: The number of the last epoch, from 1; nothing where patience would have lasted.
  func end(of losses: [Double?]) -> Int? {
    var rule = EarlyStopping(patience: patience, minimumImprovement: minimumImprovement)
    for (index, loss) in losses.enumerated() {
      guard let loss else { continue }
      rule.observe(validationLoss: loss, epoch: index + 1)
      if rule.isOver { return index + 1 }
    }
    return nil
  }

  /// Counts an epoch for patience.
  private mutating func count(_ loss: Double, since counted: Double?) {
    if loss.isFinite && counted.map({ loss < $0 - minimumImprovement }) ?? true {
      countedLoss = loss
      epochsWithoutImprovement = 0
    } else {
      countedLoss = counted
      epochsWithoutImprovement += 1
    }
  }
}
