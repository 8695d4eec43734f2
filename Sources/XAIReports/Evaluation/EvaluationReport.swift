import XAIFiles
public import XAIExperiments

/// Placeholder until the page lands.
public struct EvaluationReport {
  public struct Options: Sendable {
    public var command: [String] = []
    public init() {}
  }
  let outcome: EvaluationOutcome
  public init(_ outcome: EvaluationOutcome, options: Options = Options()) { self.outcome = outcome }
  public func write(to folder: String, progress: (Double) throws -> Void = { _ in }) throws {
    try AtomicFile.write(try JSONText.encode(outcome.results), to: "\(folder)/results.json")
  }
}
