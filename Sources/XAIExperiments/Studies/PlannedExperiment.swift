/// An experiment that can say what it takes before it is done.
public protocol PlannedExperiment {
  /// What it finds.
  associatedtype Outcome

  /// What it takes.
  /// - Returns: Words and passes.
  /// - Throws: What is missing or wrong.
  func plan() throws -> ExperimentPlan

  /// Does it.
  /// - Returns: What it found.
  /// - Throws: `WorkStopped` where the observer asked to stop; what is missing or wrong.
  func run() throws -> Outcome
}

/// What an experiment takes.
public struct ExperimentPlan: Sendable, Equatable {
  /// What is computed, in words: `2 layers, 1,024 images`.
  public var words: String
  /// Passes of one image through the network, forward or backward.
  public var passes: Double

  /// Describes what an experiment takes.
  /// - Parameters:
  ///   - words: What is computed.
  ///   - passes: Passes of one image through the network.
  public init(_ words: String, passes: Double) { (self.words, self.passes) = (words, passes) }
}
