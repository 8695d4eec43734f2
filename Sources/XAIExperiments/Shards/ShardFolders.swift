import XAIFiles

/// The folders of an experiment that several processes fill.
struct ShardFolders {
  /// The folder of the experiment.
  let root: String
  /// Those of shards, in the order of their numbers.
  let shards: [(shard: Shard, path: String)]

  /// Looks what is there.
  /// - Parameter root: The folder of the experiment.
  /// - Throws: `FileFailure` where it cannot be read.
  init(_ root: String) throws(FileFailure) {
    self.root = root
    let place = "\(root)/\(Shard.folder)"
    guard Folder.exists(place) else {
      shards = []
      return
    }
    shards = try Folder.entries(of: place).compactMap { name in
      Shard(folder: name).map { (shard: $0, path: "\(place)/\(name)") }
    }.sorted { $0.shard < $1.shard }
  }

  /// Where a shard writes.
  static func path(of shard: Shard, in root: String) -> String {
    "\(root)/\(Shard.folder)/\(shard.folderName)"
  }

  /// The folders of one name in all places: that of the experiment first.
  func all(_ name: String) -> [String] {
    ([root] + shards.map(\.path)).map { "\($0)/\(name)" }.filter { Folder.exists($0) }
  }
}
