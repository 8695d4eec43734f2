import XAIAttribution

/// Where the maps of a comparison lie until they are compared: in a folder, which keeps them, or in memory.
final class ContrastShelf {
  private let store: UnitStore?
  private var loose: [UnitKey: UnitStore.Unit] = [:]

  init(_ store: UnitStore? = nil) { self.store = store }

  /// Whether a map is finished.
  func contains(_ key: UnitKey) -> Bool { loose[key] != nil || store?.contains(key) ?? false }

  /// Takes maps of one method that were computed together.
  func add(_ units: [(key: UnitKey, unit: UnitStore.Unit)], of method: UnitMethod) throws {
    if let store { return try store.add(units, of: method) }
    for (key, unit) in units { loose[key] = unit }
  }

  /// Drops what no folder keeps.
  func forget() { loose = [:] }

  /// The maps that are finished now, to be read by several threads.
  var snapshot: Snapshot { Snapshot(loose: loose, stored: store?.snapshot) }
}

extension ContrastShelf {
  /// The maps that were finished at one moment.
  struct Snapshot: Sendable {
    fileprivate let loose: [UnitKey: UnitStore.Unit]
    fileprivate let stored: UnitStore.Snapshot?

    /// A map; nil where it was not finished.
    func unit(_ key: UnitKey, extent: [Int]) throws -> UnitStore.Unit? {
      try loose[key] ?? stored?.unit(key, extent: extent)
    }
  }
}
