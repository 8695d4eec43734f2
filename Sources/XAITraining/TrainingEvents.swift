/// Who is told how a training goes, and may ask it to stop.
public protocol TrainingEvents {
  /// Whether the training should save and stop after the step under way.
  var isInterrupted: Bool { get }

  /// An epoch begins or continues.
  /// - Parameters:
  ///   - epoch: Its number, from 1.
  ///   - total: The most epochs.
  ///   - steps: The epoch's steps.
  ///   - state: Where the training stands.
  func willTrain(epoch: Int, of total: Int, steps: Int, _ state: TrainingState)

  /// A step is done.
  /// - Parameter state: Where the training stands.
  func didTrain(_ state: TrainingState)

  /// Validation begins.
  /// - Parameter images: How many will be evaluated.
  func willValidate(images: Int)

  /// Some validation images are evaluated.
  /// - Parameter images: How many so far.
  func didValidate(images: Int)

  /// An epoch is over.
  /// - Parameters:
  ///   - metrics: Its numbers.
  ///   - isBest: Whether its parameters are the best so far.
  func didFinish(_ metrics: EpochMetrics, isBest: Bool)
}

/// Nobody is told.
public struct NoEvents: TrainingEvents {
  /// Creates the silent listener.
  public init() {}
  /// Never.
  public var isInterrupted: Bool { false }
  /// Says nothing.
  public func willTrain(epoch: Int, of total: Int, steps: Int, _ state: TrainingState) {}
  /// Says nothing.
  public func didTrain(_ state: TrainingState) {}
  /// Says nothing.
  public func willValidate(images: Int) {}
  /// Says nothing.
  public func didValidate(images: Int) {}
  /// Says nothing.
  public func didFinish(_ metrics: EpochMetrics, isBest: Bool) {}
}
