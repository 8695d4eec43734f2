import XAIAttribution
package import XAIExperiments
import XAIFiles
import XAIMetrics

/// What finished experiments say about methods: columns of another table.
package enum KnownFindings {
  /// Bytes; far more than any results take.
  private static let longest = 1 << 30

  /// Reads the folders of finished experiments.
  /// - Parameters:
  ///   - randomized: A folder of a randomization test.
  ///   - compared: A folder of a comparison of two networks.
  ///   - session: The network that is judged.
  /// - Returns: What they say, by the names of methods.
  /// - Throws: Where a folder holds no results, or results of another network.
  package static func read(
    randomized: String?, compared: String?, in session: Session
  ) throws -> [String: EvaluatedMethod.Finding] {
    var known: [String: EvaluatedMethod.Finding] = [:]
    if let randomized { try add(test: randomized, session, to: &known) }
    if let compared { try addComparison(compared, session, to: &known) }
    return known
  }

  private static func stored<Results: Decodable>(in folder: String) throws -> Results {
    let file = "\(folder)/results.json"
    return try JSONText.decode(
      Results.self, from: try WholeFile.readText(file, limit: longest), name: "'\(file)'")
  }

  private static func add(
    test folder: String, _ session: Session, to known: inout [String: EvaluatedMethod.Finding]
  ) throws {
    let results: RandomizationResults = try stored(in: folder)
    let digest = try session.network.digest.value()
    guard results.checkpoint.sha256 == digest else {
      throw CommandFailure(
        .form,
        "--randomized \(folder): its test is of the network \(results.checkpoint.sha256.prefix(12)), this one is "
          + "\(digest.prefix(12)); give the folder of a test of \(session.network.path)")
    }
    let methods = byName(results.methods)
    for verdict in results.verdicts {
      guard let method = methods[verdict.method] else { continue }
      known[verdict.method, default: .init()].verdict = .init(
        RandomizationFinding(
          outcome: verdict.outcome, degree: verdict.degree, topSimilarity: verdict.afterTop),
        about: method)
    }
  }

  private static func addComparison(
    _ folder: String, _ session: Session, to known: inout [String: EvaluatedMethod.Finding]
  ) throws {
    let results: ContrastResults = try stored(in: folder)
    let digest = try session.network.digest.value()
    guard results.kind == .compare,
      results.networks.contains(where: { $0.checkpoint.sha256 == digest })
    else {
      throw CommandFailure(
        .form,
        "--compared \(folder): it is no comparison of two networks of which one is "
          + "\(session.network.path) (\(digest.prefix(12))); give the folder of such a comparison")
    }
    let rows = Dictionary(
      grouping: results.summaries.filter { $0.measure == results.headline }, by: \.method)
    let methods = byName(results.methods)
    for (name, rows) in rows {
      guard let method = methods[name] else { continue }
      known[name, default: .init()].consistency = .init(
        rows.reduce(0) { $0 + $1.mean } / Double(rows.count), about: method)
    }
  }

  private static func byName(_ methods: [TestedMethod]) -> [String: TestedMethod] {
    Dictionary(methods.map { ($0.identifier, $0) }, uniquingKeysWith: { first, _ in first })
  }
}
