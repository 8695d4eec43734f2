/// Work whose finished parts are kept in a folder.
public protocol StoredStudy {
  /// What `origin.json` calls the kind of work.
  static var study: String { get }
}

/// What all finished parts of a study of a network have in common.
public struct StudyOrigin<Study: StoredStudy>: StoreOrigin {
  /// What kind of work lies here.
  public static var work: String? { Study.study }

  /// The version of the toolkit.
  public var version: String
  /// The digest of the checkpoint.
  public var checkpoint: String
  /// What decides every random choice.
  public var seed: UInt64
  /// What else decides every part, by the names that people know it by.
  public var settings: [String: String]
  private var work = Study.study

  /// Groups what finished parts have in common.
  /// - Parameters:
  ///   - version: The version of the toolkit.
  ///   - checkpoint: The digest of the checkpoint.
  ///   - seed: What decides every random choice.
  ///   - settings: What else decides every part, by names.
  public init(
    version: String, checkpoint: String, seed: UInt64, settings: [String: String] = [:]
  ) {
    (self.version, self.checkpoint) = (version, checkpoint)
    (self.seed, self.settings) = (seed, settings)
  }

  /// What is another than in a folder.
  /// - Parameter known: What the folder says.
  /// - Returns: The differences.
  public func differences(from known: Self) -> [UnitStore.Difference] {
    let pairs: [(UnitStore.Difference.Subject, String, String)] =
      [
        (.version, known.version, version),
        (.checkpoint, String(known.checkpoint.prefix(12)), String(checkpoint.prefix(12))),
        (.seed, "\(known.seed)", "\(seed)"),
      ]
      + Set(settings.keys).union(known.settings.keys).sorted().map { name in
        let subject = UnitStore.Difference.Subject.setting(name)
        return (subject, known.settings[name] ?? "none", settings[name] ?? "none")
      }
    return pairs.filter { $1 != $2 }
      .map { UnitStore.Difference(subject: $0, known: $1, wanted: $2) }
  }
}
