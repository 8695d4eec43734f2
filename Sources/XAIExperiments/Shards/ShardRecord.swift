import XAIFiles
import XAIKernels
import XAITensor

/// How far a shard came: `shard.json` in its folder.
public struct ShardRecord: Codable, Sendable, Equatable {
  /// Its number, from 1.
  public var number: Int
  /// How many there are.
  public var count: Int
  /// Whether everything that is its part was finished.
  public var complete: Bool
  /// The instruction set that its maps were computed with: others round differently.
  public var instructions: String

  enum CodingKeys: String, CodingKey {
    case number = "shard"
    case count, complete, instructions
  }

  private static let name = "shard.json"
  /// Bytes; far more than the record has.
  private static let longest = 1 << 16

  /// Says that a shard begins or ends on this machine.
  init(_ shard: Shard, complete: Bool) {
    (number, count, self.complete) = (shard.number, shard.count, complete)
    instructions = "\(VectorLevel.best)"
  }

  /// Writes it into a shard's folder.
  func write(into folder: String) throws {
    try AtomicFile.write(try JSONText.encode(self), to: "\(folder)/\(Self.name)")
  }

  /// Reads it; nil where the shard has not begun.
  static func read(from folder: String) throws -> ShardRecord? {
    let file = "\(folder)/\(name)"
    guard try Folder.entries(of: folder).contains(name) else { return nil }
    return try JSONText.decode(
      ShardRecord.self, from: try WholeFile.readText(file, limit: longest), name: "'\(file)'")
  }
}
