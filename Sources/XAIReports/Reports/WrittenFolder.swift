import XAIFiles

/// Recognizes folders that the programs wrote, before anything in them is replaced.
public enum WrittenFolder {
  /// What files of results end in; `part` is what a killed program was writing.
  private static let endings = [
    "png", "pdf", "safetensors", "html", "json", "csv", "svg", "part", "lock",
  ]

  private struct Record: Decodable { let version: String }

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

  private static func holdsOnlyResults(_ path: String, depth: Int) -> Bool {
    guard depth < 4, let names = try? Folder.entries(of: path) else { return false }
    return names.allSatisfy { name in
      Folder.exists("\(path)/\(name)")
        ? holdsOnlyResults("\(path)/\(name)", depth: depth + 1)
        : endings.contains(name.split(separator: ".").last.map(String.init) ?? "")
    }
  }
}
