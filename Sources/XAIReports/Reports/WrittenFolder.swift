public import XAIFiles
import XAITensor

/// Recognizes folders that the programs wrote before anything in them is replaced, and empties them.
public enum WrittenFolder {
  /// What files of results end in; `part` is what a killed program was writing.
  private static let endings = [
    "png", "pdf", "safetensors", "html", "json", "csv", "svg", "part", "lock",
  ]

  private struct Record: Decodable { let version: String }
  private struct Origin: Decodable { let work: String? }

  /// Whether a folder holds results that one call computed, and nothing that is none; those of
  /// randomizations grow from call to call, and are never replaced.
  /// - Parameter path: The folder.
  /// - Returns: True where it has a `results.json` of this toolkit, and every other file, in its
  ///   folders too, is of a kind that results consist of.
  public static func holdsResults(_ path: String) -> Bool {
    // A command that was refused may have left its lock.
    if let names = try? Folder.entries(of: path), names.allSatisfy({ $0 == ".lock" }) {
      return true
    }
    guard let text = try? WholeFile.readText("\(path)/results.json"),
      (try? JSONText.decode(Record.self, from: text, name: "results.json")) != nil
    else { return false }
    guard !Folder.exists("\(path)/units") else { return false }
    return holdsOnlyResults(path, depth: 0)
  }

  /// Whether a folder holds results that may be replaced with the finished parts that they were made of.
  /// - Parameters:
  ///   - path: The folder.
  ///   - work: What `origin.json` calls the work whose finished parts may be there.
  /// - Returns: True where nothing else is there.
  public static func holdsResults(_ path: String, of work: String) -> Bool {
    holdsResults(path) || holdsWork(path, work)
  }

  /// Empties a folder of results, so that others can take their place.
  /// - Parameters:
  ///   - path: The folder; nothing is done where there is none.
  ///   - work: What `origin.json` calls the work whose finished parts may be removed as well.
  /// - Throws: `FileFailure` where it holds anything else, where another process is writing into it, or where a file
  ///   cannot be removed.
  public static func clear(_ path: String, of work: String) throws(FileFailure) {
    guard Folder.exists(path), try !Folder.entries(of: path).isEmpty else { return }
    guard holdsResults(path, of: work) else {
      throw FileFailure(
        .holdsOther, .cannotCreate, .init(path: path),
        "'\(path)' holds more than results, so it is not replaced; move it away or choose another folder"
      )
    }
    let lock = try FolderLock(path, work: "writing results into")
    for name in try Folder.entries(of: path) where name != FolderLock.name {
      try Folder.remove("\(path)/\(name)")
    }
    try lock.requireFolder()
  }

  /// Removes what an earlier report wrote into a folder: it may be about other images.
  /// - Parameters:
  ///   - folder: The folder; nothing is done where there is none.
  ///   - endings: What the names of files end in that go.
  /// - Throws: `FileFailure` where one cannot be removed.
  static func clearReport(_ folder: String, of endings: [String]) throws(FileFailure) {
    guard Folder.exists(folder) else { return }
    for name in try Folder.entries(of: folder) where endings.contains(where: name.hasSuffix) {
      try Folder.remove("\(folder)/\(name)")
    }
  }

  private static func holdsWork(_ path: String, _ work: String) -> Bool {
    guard let text = try? WholeFile.readText("\(path)/origin.json"),
      let origin = try? JSONText.decode(Origin.self, from: text, name: "origin.json")
    else { return false }
    return origin.work == work && holdsOnlyResults(path, depth: 0)
  }

  private static func holdsOnlyResults(_ path: String, depth: Int) -> Bool {
    guard depth < 4, let names = try? Folder.entries(of: path) else { return false }
    return names.allSatisfy { name in
      Folder.exists("\(path)/\(name)")
        ? holdsOnlyResults("\(path)/\(name)", depth: depth + 1)
        : endings.contains(name.split(separator: ".").last.map(String.init) ?? "")
    }
  }
}
