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
  /// Where removals lie: there, and where shards have written.
  private let folders: [String]

  /// Opens a folder, making it where there is none.
  init(_ folder: String, origin: EvaluationOrigin, shard: Shard?) throws {
    units = try UnitStore(folder, origin: origin, shard: shard)
    removals = "\(units.path)/removals"
    try Folder.create(removals)
    folders = try ShardFolders(folder).all("removals")
  }

  /// Says that the part of a shard begins.
  func begin() throws { try units.begin() }

  /// Says that the part of a shard is finished.
  func end() throws { try units.end() }

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
      removals, reading: folders, name: "\(subject.keyText)-t\(subject.target)-\(filling)")
  }
}
