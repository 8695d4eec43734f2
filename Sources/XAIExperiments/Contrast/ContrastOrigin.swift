import XAITensor

/// What all finished maps of a comparison have in common.
public struct ContrastOrigin: StoreOrigin {
  /// What kind of work lies here.
  public static let work: String? = "contrast"

  /// The version of the toolkit.
  public var version: String
  /// What the two maps of a pair differ in.
  public var question: ContrastResults.Kind
  /// The digests of the networks, in their order.
  public var networks: [String]
  /// What decides every random choice.
  public var seed: UInt64
  private var work = Self.work

  /// Groups what finished maps have in common.
  /// - Parameters:
  ///   - question: What the two maps of a pair differ in.
  ///   - networks: The digests of the networks, in their order.
  ///   - seed: What decides every random choice.
  public init(_ question: ContrastResults.Kind, networks: [String], seed: UInt64) {
    version = Toolkit.version
    (self.question, self.networks, self.seed) = (question, networks, seed)
  }

  /// What is another than in a folder.
  /// - Parameter known: What the folder says.
  /// - Returns: The differences.
  public func differences(from known: ContrastOrigin) -> [UnitStore.Difference] {
    func words(_ networks: [String]) -> String {
      networks.map { String($0.prefix(12)) }.joined(separator: " and ")
    }
    let pairs: [(UnitStore.Difference.Subject, String, String)] = [
      (.version, known.version, version),
      (.setting("question"), known.question.rawValue, question.rawValue),
      (.checkpoint, words(known.networks), words(networks)),
      (.seed, "\(known.seed)", "\(seed)"),
    ]
    return pairs.filter { $1 != $2 }
      .map { UnitStore.Difference(subject: $0, known: $1, wanted: $2) }
  }
}
