/// What all finished parts of an evaluation have in common.
public struct EvaluationOrigin: StoreOrigin {
  /// What kind of work lies here.
  public static let work: String? = "evaluation"

  /// The version of the toolkit.
  public var version: String
  /// The digest of the checkpoint.
  public var checkpoint: String
  /// What decides every random choice.
  public var seed: UInt64
  private var work = Self.work

  /// Groups what finished parts have in common.
  /// - Parameters:
  ///   - version: The version of the toolkit.
  ///   - checkpoint: The digest of the checkpoint.
  ///   - seed: What decides every random choice.
  public init(version: String, checkpoint: String, seed: UInt64) {
    (self.version, self.checkpoint, self.seed) = (version, checkpoint, seed)
  }

  /// What is another than in a folder.
  /// - Parameter known: What the folder says.
  /// - Returns: The differences.
  public func differences(from known: EvaluationOrigin) -> [UnitStore.Difference] {
    let pairs: [(UnitStore.Difference.Subject, String, String)] = [
      (.version, known.version, version),
      (.checkpoint, String(known.checkpoint.prefix(12)), String(checkpoint.prefix(12))),
      (.seed, "\(known.seed)", "\(seed)"),
    ]
    return pairs.filter { $1 != $2 }
      .map { UnitStore.Difference(subject: $0, known: $1, wanted: $2) }
  }
}
