import XAIAttribution
import XAIEvaluation
import XAIFiles
import XAIMetrics
import XAITensor

/// The finished parts of an evaluation: maps, numbers of maps, and what the network said of removals.
///
/// Everything is named by what decides it, so that a method that is added later finds what all methods share, and a
/// killed run goes on.
final class EvaluationStore {
  private let units: UnitStore
  private let removals: String

  /// Opens a folder, making it where there is none.
  init(_ folder: String, origin: EvaluationOrigin) throws {
    units = try UnitStore(folder, origin: origin)
    removals = "\(folder)/removals"
    try Folder.create(removals)
  }

  /// Makes sure that the folder is still there.
  func requireFolder() throws { try units.requireFolder() }

  /// Whether a map is finished.
  func contains(_ key: UnitKey) -> Bool { units.contains(key) }

  /// Saves maps that were computed together.
  func add(_ maps: [(key: UnitKey, unit: UnitStore.Unit)], of method: UnitMethod) throws {
    try units.add(maps, of: method)
  }

  /// A finished map with its channels; nil where it is not finished.
  func map(_ key: UnitKey) throws -> Tensor? { try units.unit(key)?.map }

  /// Numbers that are made at the first call and read later.
  func numbers(
    _ kind: String, count: Int, of inputs: [String], _ make: () throws -> [Double?]
  ) throws -> [Double?] {
    try units.record(kind, of: inputs, where: { $0.count == count }, make)
  }

  /// Whether numbers were made already.
  func hasNumbers(_ kind: String, of inputs: [String]) -> Bool {
    units.hasRecord(kind, of: inputs)
  }

  /// What the network said of removals from an image.
  func archive(of subject: EvaluationSubject, filling: String) -> StoredRemovals {
    StoredRemovals(
      removals, name: "\(subject.keyText)-t\(subject.target)-\(filling)")
  }
}
