import XAIAttribution
import XAIFiles
import XAITensor

/// Brings together what shards have finished, so that one process finds it as its own.
public struct ShardMerge: Sendable, Equatable {
  /// How many files were linked or copied.
  public private(set) var files = 0
  /// Shards that are there.
  public private(set) var found: [Shard] = []
  /// Shards that have not begun.
  public private(set) var missing: [Shard] = []
  /// Shards that have begun, and are not finished.
  public private(set) var incomplete: [Shard] = []
  /// The instruction sets that shards ran with: more than one round differently.
  public private(set) var instructions: [String] = []

  /// What holds finished work.
  private static let kinds = ["units", "removals"]
  /// Bytes; far more than an origin has.
  private static let longest = 1 << 20

  /// Merges the shards of an experiment.
  /// - Parameters:
  ///   - root: The folder of the experiment.
  ///   - progress: Is told how much of the work is done, from 0 to 1; may throw to end it.
  /// - Throws: `FileFailure` where there is no shard, one is still running, or one is of another experiment or build;
  ///   what is merged stays.
  public init(_ root: String, progress: (Double) throws -> Void = { _ in }) throws {
    let folders = try ShardFolders(root).shards
    guard !folders.isEmpty else {
      throw FileFailure(
        .missingInput,
        "'\(root)' holds no shards; give the folder that processes with --shard were given as --output"
      )
    }
    let lock = try FolderLock(root, work: "writing results into", alsoIn: Self.kinds)
    // Held until the end: a shard that goes on meanwhile would be half there.
    let locks = try folders.map { try FolderLock($0.path, work: "writing results into") }
    try Self.requireOneOrigin(root, folders.map(\.path))
    for (position, folder) in folders.enumerated() {
      for kind in Self.kinds { files += try Self.take(kind, of: folder.path, into: root) }
      let record = try ShardRecord.read(from: folder.path)
      found.append(folder.shard)
      if record?.complete != true { incomplete.append(folder.shard) }
      if let record, !instructions.contains(record.instructions) {
        instructions.append(record.instructions)
      }
      try progress(Double(position + 1) / Double(folders.count))
    }
    for kind in Self.kinds where Folder.exists("\(root)/\(kind)") {
      try Folder.synchronizeAll(in: "\(root)/\(kind)")
    }
    missing = Self.missing(found)
    try lock.requireFolder()
    withExtendedLifetime(locks) {}
  }

  /// Shards of the largest set that are not there.
  private static func missing(_ found: [Shard]) -> [Shard] {
    let sets = Dictionary(grouping: found, by: \.count)
    // Where one division is whole, others add nothing.
    guard !sets.contains(where: { $0.value.count == $0.key }) else { return [] }
    return sets.keys.sorted().flatMap { count in
      (1...count).compactMap { Shard($0, of: count) }.filter { !found.contains($0) }
    }
  }

  private static func origin(of folder: String) throws -> JSONValue? {
    guard try Folder.entries(of: folder).contains("origin.json") else { return nil }
    let file = "\(folder)/origin.json"
    return try JSONText.decode(
      JSONValue.self, from: try WholeFile.readText(file, limit: longest), name: "'\(file)'")
  }

  /// Makes sure that all folders are of one experiment, and says so in its own.
  private static func requireOneOrigin(_ root: String, _ folders: [String]) throws {
    var known: (folder: String, origin: JSONValue)?
    for folder in [root] + folders {
      guard let origin = try origin(of: folder) else { continue }
      if let known, known.origin != origin {
        let (one, other) = (known.origin.members ?? [:], origin.members ?? [:])
        let keys = Set(one.keys).union(other.keys).filter { one[$0] != other[$0] }.sorted()
        throw FileFailure(
          .badData,
          "'\(folder)' and '\(known.folder)' are of other experiments or builds: they differ in "
            + "\(keys.joined(separator: ", ")); move one of them away")
      }
      known = known ?? (folder, origin)
    }
    if let known, known.folder != root {
      let text = try WholeFile.readText("\(known.folder)/origin.json", limit: longest)
      try AtomicFile.write(text, to: "\(root)/origin.json")
    }
  }

  /// Links or copies the files of a folder that are not there yet.
  private static func take(
    _ kind: String, of folder: String, into root: String
  ) throws -> Int {
    let source = "\(folder)/\(kind)"
    guard Folder.exists(source) else { return 0 }
    try Folder.create("\(root)/\(kind)")
    // By name: a network file system may not list yet what another machine wrote.
    let names = try Folder.entries(of: source).filter { !$0.hasSuffix(".part") && $0 != ".lock" }
    var count = 0
    for name in names where try AtomicFile.adopt("\(source)/\(name)", as: "\(root)/\(kind)/\(name)")
    {
      count += 1
    }
    return count
  }
}
