/// One of several processes that do an experiment together, each into a folder of its own.
///
/// They exchange nothing: which part is whose follows from the experiment alone, whatever is finished.
public struct Shard: Sendable, Hashable, Comparable {
  /// Its number, from 1.
  public let number: Int
  /// How many there are.
  public let count: Int

  /// The folder, in that of the experiment, which holds those of shards.
  static let folder = "shards"

  /// Names a shard; nil where the number is none of so many.
  /// - Parameters:
  ///   - number: Its number, from 1.
  ///   - count: How many there are.
  public init?(_ number: Int, of count: Int) {
    guard count > 0, 1...count ~= number else { return nil }
    (self.number, self.count) = (number, count)
  }

  /// Reads the name of a shard's folder.
  /// - Parameter folder: Such as `003-of-064`.
  init?(folder: String) {
    let words = folder.split(separator: "-", omittingEmptySubsequences: false)
    guard words.count == 3, words[1] == "of", let number = Int(words[0]),
      let count = Int(words[2]), let shard = Shard(number, of: count),
      shard.folderName == folder
    else { return nil }
    self = shard
  }

  /// The name of its folder.
  var folderName: String {
    func digits(_ number: Int) -> String {
      let text = "\(number)"
      return String(repeating: "0", count: max(0, 3 - text.count)) + text
    }
    return "\(digits(number))-of-\(digits(count))"
  }

  /// In words.
  public var words: String { "shard \(number) of \(count)" }

  /// By how many there are, then by number.
  public static func < (left: Shard, right: Shard) -> Bool {
    (left.count, left.number) < (right.count, right.number)
  }
}
