import XAIAttribution
public import XAIFiles
public import XAITensor

/// The finished units of an experiment, in files that are whole or absent.
///
/// A file holds what was computed together: maps of one method as tensors, and in its metadata how they
/// were made. Units that are there are never computed again; what is asked for later is added.
public final class UnitStore {
  /// A finished unit.
  public struct Unit: Sendable {
    /// The map `[C, H, W]`, or `[H, W]` with channels summed.
    public var map: Tensor
    /// The class that was explained.
    public var target: Int
    /// What else is known about the map, as JSON; nil where nobody said anything.
    public var about: String?

    /// Groups a map and its class.
    /// - Parameters:
    ///   - map: The map.
    ///   - target: The class that was explained.
    ///   - about: What else is known about the map, as JSON.
    public init(map: Tensor, target: Int, about: String? = nil) {
      (self.map, self.target, self.about) = (map, target, about)
    }
  }

  fileprivate struct Place: Sendable {
    let file: String
    let name: String
    let target: Int
    /// Of the map, where the file says it.
    let digest: String?
    let about: String?
  }

  /// Where it writes: the folder, or that of a shard in it.
  let path: String
  private let shard: Shard?
  private let lock: FolderLock
  private var places: [UnitMethod: [String: Place]] = [:]
  /// The files of records by their names.
  private var records: [String: String] = [:]

  /// Opens a folder, making it where there is none.
  ///
  /// What shards have finished in it counts, whoever opens it.
  /// - Parameters:
  ///   - root: The folder.
  ///   - origin: What its units have in common.
  ///   - shard: The part of several processes that is done here, which writes into a folder of its own; nil where one
  ///     process does everything.
  ///   - lock: That of a caller which has locked the folder, and looked at what it holds; nil where it is done here.
  /// - Throws: `ExperimentFailure` where it holds units of something else; `FileFailure` where a file is
  ///   damaged or the folder cannot be used, such as one with other content.
  public init(
    _ root: String, origin: some StoreOrigin, shard: Shard? = nil, lock: FolderLock? = nil
  ) throws {
    path = shard.map { ShardFolders.path(of: $0, in: root) } ?? root
    self.shard = shard
    if lock == nil { try Self.refuseOtherContent(of: root, without: "\(root)/origin.json") }
    self.lock =
      try lock ?? FolderLock(path, work: "writing results into", alsoIn: ["units", "plots"])
    // Who has looked at the folder knows that nothing of another test is lost.
    try Self.check(origin, in: path, replacesEmpty: lock != nil)
    try Folder.create("\(path)/units")
    let folders = try ShardFolders(root)
    // What lies beside it must be of the same work, whoever wrote it.
    for other in [root] + folders.shards.map(\.path) where other != path {
      if try Folder.entries(of: other).contains("origin.json") {
        try Self.check(origin, in: other)
      }
    }
    for units in folders.all("units") {
      for name in try Folder.entries(of: units) {
        if name.hasSuffix(Self.suffix) { try index("\(units)/\(name)") }
        if name.hasSuffix(".json"), records[name] == nil { records[name] = "\(units)/\(name)" }
      }
    }
  }

  private static let suffix = ".safetensors"
  /// Bytes; far more than any record has.
  private static let longestRecord = 1 << 26

  /// A folder that somebody else filled is not written into.
  private static func refuseOtherContent(of path: String, without record: String) throws {
    guard Folder.exists(path) else { return }
    let names = try Folder.entries(of: path)
    guard !names.contains("origin.json"),
      let other = names.first(where: {
        $0 != ".lock" && !$0.hasSuffix(".part") && $0 != Shard.folder
      })
    else { return }
    throw FileFailure(
      .cannotCreate,
      "'\(path)' holds '\(other)' but no test of this command, which would have left '\(record)'; "
        + "choose a new or empty folder")
  }

  private static func check<Origin: StoreOrigin>(
    _ origin: Origin, in folder: String, replacesEmpty: Bool = false
  ) throws {
    let file = "\(folder)/origin.json"
    guard try Folder.entries(of: folder).contains("origin.json") else {
      return try AtomicFile.write(try JSONText.encode(origin), to: file)
    }
    let text = try WholeFile.readText(file, limit: longestRecord)
    let words = try JSONText.decode(JSONValue.self, from: text, name: "'\(file)'").members
    guard words?["work"] == Origin.work.map(JSONValue.string) else {
      throw FileFailure(
        .cannotCreate,
        "'\(folder)' holds finished work of another command, as '\(file)' says; choose a new or empty folder"
      )
    }
    let known = try JSONText.decode(Origin.self, from: text, name: "'\(file)'")
    guard known != origin else { return }
    if try replacesEmpty && isEmpty(folder) {
      return try AtomicFile.write(try JSONText.encode(origin), to: file)
    }
    throw ExperimentFailure(.otherTest(folder: folder, origin.differences(from: known)))
  }

  /// Whether nothing was finished in a folder, as where a command failed at once.
  private static func isEmpty(_ folder: String) throws(FileFailure) -> Bool {
    for name in try Folder.entries(of: folder) where !name.hasSuffix(".part") {
      if name == "origin.json" || name == ".lock" { continue }
      // Folders are made before there is anything in them.
      guard Folder.exists("\(folder)/\(name)"),
        try Folder.entries(of: "\(folder)/\(name)").allSatisfy({ $0.hasSuffix(".part") })
      else { return false }
    }
    return true
  }

  private func index(_ file: String) throws {
    try Self.sayingWhatToDo(about: file) {
      let content = try SafetensorsFile(path: file)
      guard let text = content.metadata["method"], let targets = content.metadata["targets"] else {
        throw FileFailure(.badData, "'\(file)' is no file of finished units")
      }
      let method = try JSONText.decode(UnitMethod.self, from: text, name: "'\(file)'")
      let classes = try JSONText.decode([String: Int].self, from: targets, name: "'\(file)'")
      func words(_ key: String) throws -> [String: String] {
        try content.metadata[key].map {
          try JSONText.decode([String: String].self, from: $0, name: "'\(file)'")
        } ?? [:]
      }
      let (digests, about) = (try words("digests"), try words("about"))
      for entry in content.entries {
        guard let target = classes[entry.name] else {
          throw FileFailure(.badData, "'\(file)' does not say which class \(entry.name) explains")
        }
        places[method, default: [:]][entry.name] = Place(
          file: file, name: entry.name, target: target, digest: digests[entry.name],
          about: about[entry.name])
      }
    }
  }

  /// Nobody can fetch a damaged file again that this program made: it is made anew once removed.
  static func sayingWhatToDo<Result>(
    about file: String, _ read: () throws -> Result
  ) throws -> Result {
    do {
      return try read()
    } catch let failure as FileFailure where failure.kind == .badData {
      // What is wrong, without the advice for files that come from elsewhere.
      let reason = failure.description.prefix { $0 != ";" }
      throw FileFailure(
        .badData,
        "\(reason); remove '\(file)' and start again: only what it held is computed again")
    }
  }

  /// Makes sure that the folder is still there, before a test in it is called complete.
  /// - Throws: `FileFailure` where it was removed or renamed meanwhile.
  public func requireFolder() throws { try lock.requireFolder() }

  /// Says that the part of a shard begins; nothing where one process does everything.
  func begin() throws {
    if let shard { try ShardRecord(shard, complete: false).write(into: path) }
  }

  /// Says that the part of a shard is finished.
  func end() throws {
    if let shard { try ShardRecord(shard, complete: true).write(into: path) }
  }

  /// Whether a unit is finished.
  /// - Parameter key: The unit.
  /// - Returns: Whether its map is here.
  public func contains(_ key: UnitKey) -> Bool { places[key.method]?[key.name] != nil }

  /// Saves units that were computed together.
  /// - Parameters:
  ///   - units: Maps of one method.
  ///   - method: The method.
  /// - Throws: `FileFailure`; then none of them is saved.
  public func add(_ units: [(key: UnitKey, unit: Unit)], of method: UnitMethod) throws {
    precondition(units.allSatisfy { $0.key.method == method }, "units of two methods")
    guard !units.isEmpty else { return }
    // Equal images make equal units.
    var targets: [String: Int] = [:]
    let units = units.filter { targets.updateValue($0.unit.target, forKey: $0.key.name) == nil }
    let methodText = try JSONText.encode(method)
    let names = units.map(\.key.name)
    let digest = SHA256.of(Array((methodText + names.joined(separator: "\n")).utf8))
    let file = "\(path)/units/\(method.method)-\(digest.prefix(16))\(Self.suffix)"
    let digests = Dictionary(
      uniqueKeysWithValues: units.map { ($0.key.name, $0.unit.map.fingerprintText) })
    var metadata = [
      "method": methodText, "targets": try JSONText.encode(targets),
      "digests": try JSONText.encode(digests),
    ]
    let about = units.compactMap { unit in unit.unit.about.map { (unit.key.name, $0) } }
    if !about.isEmpty {
      metadata["about"] = try JSONText.encode(Dictionary(uniqueKeysWithValues: about))
    }
    try SafetensorsFile.write(
      units.map { ($0.key.name, .float32($0.unit.map)) }, metadata: metadata, to: file)
    for (key, unit) in units {
      places[method, default: [:]][key.name] = Place(
        file: file, name: key.name, target: unit.target, digest: digests[key.name],
        about: unit.about)
    }
  }

  /// Reads a unit.
  /// - Parameters:
  ///   - key: The unit.
  ///   - extent: Height and width that its map must have, where they are known.
  /// - Returns: The unit, or nil where it is not finished.
  /// - Throws: `FileFailure` where its file is damaged.
  public func unit(_ key: UnitKey, extent: [Int]? = nil) throws -> Unit? {
    try snapshot.unit(key, extent: extent)
  }

  /// The units that are finished now, to be read by several threads.
  var snapshot: Snapshot { Snapshot(places: places, lock: lock) }

  private func recordName(_ kind: String, of inputs: [String]) -> String {
    let digest = SHA256.of(Array(inputs.joined(separator: "\n").utf8)).prefix(16)
    return "\(kind)-\(digest).json"
  }

  /// Whether a record was made.
  /// - Parameters:
  ///   - kind: What kind of record.
  ///   - inputs: Everything that decides it.
  /// - Returns: Whether it lies in the folder.
  public func hasRecord(_ kind: String, of inputs: [String]) -> Bool {
    records[recordName(kind, of: inputs)] != nil
  }

  /// Keeps a record that is expensive to make: makes it at the first call, reads it at later ones.
  /// - Parameters:
  ///   - kind: What kind of record, fit for a file name.
  ///   - inputs: Everything that decides it.
  ///   - isPossible: Whether what a file holds can be the record: such as a list of the right length.
  ///   - make: Makes it.
  /// - Returns: The record, as it is read back.
  /// - Throws: What `make` throws, `FileFailure`.
  public func record<Record: Codable>(
    _ kind: String, of inputs: [String], where isPossible: (Record) -> Bool = { _ in true },
    _ make: () throws -> Record
  ) throws -> Record {
    let name = recordName(kind, of: inputs)
    let file = records[name] ?? "\(path)/units/\(name)"
    do {
      return try Self.sayingWhatToDo(about: file) {
        let text = try WholeFile.readText(file, limit: Self.longestRecord)
        let record = try JSONText.decode(Record.self, from: text, name: "'\(file)'")
        guard isPossible(record) else {
          throw FileFailure(.badData, "'\(file)' holds something else than what was asked for")
        }
        return record
      }
    } catch let failure as FileFailure where failure.kind == .missingInput {
      // Not made yet.
    }
    let text = try JSONText.encode(try make())
    try AtomicFile.write(text, to: file)
    records[name] = file
    return try JSONText.decode(Record.self, from: text, name: "'\(file)'")
  }
}

extension UnitStore {
  /// The units that were finished at one moment.
  ///
  /// What is added later is not among them, and reading opens files again each time, so that threads share
  /// no state.
  struct Snapshot: Sendable {
    fileprivate let places: [UnitMethod: [String: Place]]
    fileprivate let lock: FolderLock

    /// Reads a unit; nil where it was not finished.
    func unit(_ key: UnitKey, extent: [Int]? = nil) throws -> Unit? {
      guard let place = places[key.method]?[key.name] else { return nil }
      let map = try UnitStore.sayingWhatToDo(about: place.file) {
        let map = try stored(at: place)
        if let digest = place.digest, digest != map.fingerprintText {
          throw FileFailure(
            .badData, "'\(place.file)' was changed: \(place.name) has another digest")
        }
        guard let extent else { return map }
        guard 2...3 ~= map.shape.count, map.shape.suffix(2).elementsEqual(extent), map.count > 0
        else {
          throw FileFailure(
            .badData,
            "'\(place.file)' holds a map of the shape \(map.shape), expected one of \(extent)")
        }
        return map
      }
      return Unit(map: map, target: place.target, about: place.about)
    }

    private func stored(at place: Place) throws -> Tensor {
      do {
        return try SafetensorsFile(path: place.file).tensor(place.name)
      } catch {
        guard error.kind == .missingInput else { throw error }
        // It was there when this test began.
        try lock.requireFolder()
        throw FileFailure(
          .inputOutput,
          "'\(place.file)' was removed meanwhile; start again: only what it held is computed again")
      }
    }
  }
}
