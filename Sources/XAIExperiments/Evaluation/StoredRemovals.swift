import XAIEvaluation
import XAIFiles
import XAITensor

/// What a network said about one image, class and filling, in files of a folder: one for each time that something
/// was asked, whole or absent.
final class StoredRemovals: RemovalArchive {
  private struct Key: Hashable {
    let first: Int64
    let second: Int64

    /// Half of a digest of the pixels that go: equal ones are the same set.
    init(_ mask: PixelMask) {
      let digits = SHA256.of(mask.bytes)
      func number(_ digits: Substring) -> Int64 {
        Int64(bitPattern: UInt64(digits, radix: 16) ?? 0)
      }
      first = number(digits.prefix(16))
      second = number(digits.dropFirst(16).prefix(16))
    }

    init(_ first: Int64, _ second: Int64) { (self.first, self.second) = (first, second) }
  }

  /// Where it writes.
  private let folder: String
  /// Where it reads: there, and what shards have written.
  private let folders: [String]
  private let name: String
  /// Nil until they are read.
  private var known: [Key: RemovalAnswer]?

  /// Keeps answers in a folder.
  /// - Parameters:
  ///   - folder: The folder.
  ///   - folders: All folders that it reads.
  ///   - name: Names image, class and filling by their content.
  init(_ folder: String, reading folders: [String], name: String) {
    (self.folder, self.folders, self.name) = (folder, folders, name)
  }

  func answers(to masks: [PixelMask]) throws -> [RemovalAnswer?] {
    let known = try read()
    return masks.map { known[Key($0)] }
  }

  func keep(_ answers: [RemovalAnswer], to masks: [PixelMask]) throws {
    var all = try read()
    let keys = masks.map { Key($0) }
    let digests = keys.flatMap { [$0.first, $0.second] }
    let values = answers.flatMap { [$0.value.logit, $0.value.probability] }
    let classes = answers.map { Int64($0.prediction) }
    let digest = SHA256.of(Array(digests.map { "\($0)" }.joined(separator: "\n").utf8))
    try SafetensorsFile.write(
      [
        ("removed", .int64(shape: [keys.count, 2], digests)),
        ("values", .float64(shape: [keys.count, 2], values)),
        ("classes", .int64(shape: [keys.count], classes)),
      ], metadata: ["digest": Self.digest(values, classes)],
      to: "\(folder)/\(name)-\(digest.prefix(16)).safetensors")
    for (key, answer) in zip(keys, answers) { all[key] = answer }
    known = all
  }

  private func read() throws -> [Key: RemovalAnswer] {
    if let known { return known }
    var found: [Key: RemovalAnswer] = [:]
    for folder in folders {
      for file in try Folder.entries(of: folder).sorted()
      where file.hasPrefix("\(name)-") && file.hasSuffix(".safetensors") {
        try add("\(folder)/\(file)", to: &found)
      }
    }
    known = found
    return found
  }

  private func add(_ path: String, to found: inout [Key: RemovalAnswer]) throws {
    try UnitStore.sayingWhatToDo(about: path) {
      let file = try SafetensorsFile(path: path)
      let digests = try file.integers("removed")
      let values = try file.doubles("values")
      let classes = try file.integers("classes")
      guard digests.count == 2 * classes.count, values.count == digests.count,
        file.metadata["digest"] == Self.digest(values, classes)
      else { throw FileFailure(.badData, "'\(path)' was changed") }
      for index in classes.indices {
        found[Key(digests[2 * index], digests[2 * index + 1])] = RemovalAnswer(
          value: TargetValue(logit: values[2 * index], probability: values[2 * index + 1]),
          prediction: Int(classes[index]))
      }
    }
  }

  private static func digest(_ values: [Double], _ classes: [Int64]) -> String {
    let words = values.map { String($0.bitPattern, radix: 16) } + classes.map { "\($0)" }
    return SHA256.of(Array(words.joined(separator: " ").utf8))
  }
}
