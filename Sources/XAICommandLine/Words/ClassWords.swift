public import XAINetworks
import XAITensor

/// Which class of a network a word means: an index, an identifier or a name.
public struct ClassWords: Sendable {
  private let classes: [Checkpoint.ClassName]
  private let count: Int
  private let option: String

  /// Prepares for a network.
  /// - Parameters:
  ///   - classes: The names of the network's classes; may be empty.
  ///   - count: The number of classes.
  ///   - option: What the user wrote before the word, for messages.
  public init(_ classes: [Checkpoint.ClassName], count: Int, option: String) {
    (self.classes, self.count, self.option) = (classes, count, option)
  }

  /// One way to read a word.
  private enum Reading: String, CaseIterable {
    case index, id, name

    func of(_ word: String) -> String { "\(rawValue):\(word)" }
  }

  /// The class whose whole name is this text, `name:` before it or not.
  func wholeName(_ text: String) -> Int? {
    let prefix = Reading.name.of("")
    let name = text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : text
    return classes.firstIndex { $0.name == name }
  }

  /// The class that a word means.
  /// - Parameter word: Such as `42`, `n02106662`, `banana`, `index:42`, `id:10` or `name:banana`.
  /// - Returns: Its index.
  /// - Throws: `CommandFailure` where it means none, or may mean several.
  public func index(of word: String) throws(CommandFailure) -> Int {
    // A class may really be called so.
    if !classes.contains(where: { $0.id == word }) {
      for reading in Reading.allCases where word.hasPrefix(reading.of("")) {
        let rest = String(word.dropFirst(reading.of("").count))
        let found = matches(of: rest, reading)
        guard let first = found.first else { throw none(rest, reading, word) }
        guard found.count == 1 else { throw several(word, found) }
        return first
      }
    }
    let readings = Reading.allCases.map { (reading: $0, found: matches(of: word, $0)) }
      .filter { !$0.found.isEmpty }
    let all = Set(readings.flatMap(\.found))
    guard let first = all.first else { throw unknown(word) }
    if all.count == 1 { return first }
    guard readings.count > 1 else { throw several(word, readings[0].found) }
    var told: Set<Int> = []
    let ways = readings.flatMap { reading, found in
      found.filter { told.insert($0).inserted }.map { "\(reading.of(word)) is \(describe($0))" }
    }
    throw CommandFailure(
      .ambiguousClass,
      "\(option) \(quoted(word)) may mean \(all.count) classes: \(ways.joined(separator: "; ")); say which"
    )
  }

  private func matches(of word: String, _ reading: Reading) -> [Int] {
    switch reading {
    case .index:
      guard let index = Int(word), 0..<count ~= index else { return [] }
      return [index]
    case .id: return classes.firstIndex { $0.id == word }.map { [$0] } ?? []
    case .name:
      let wanted = word.lowercased()
      return classes.indices.filter { Self.synonyms(of: classes[$0]).contains(wanted) }
    }
  }

  private static func synonyms(of name: Checkpoint.ClassName) -> [String] {
    [name.name.lowercased()] + name.name.lowercased().split(separator: ",").map(\.trimmingSpaces)
  }

  private func describe(_ index: Int) -> String {
    guard !classes.isEmpty else { return "class \(index)" }
    return "class \(index) (\(classes[index].id), \(classes[index].name))"
  }

  private func several(_ word: String, _ found: [Int]) -> CommandFailure {
    let places = found.map { "\($0) (\(classes[$0].id), \(classes[$0].name))" }
    return CommandFailure(
      .ambiguousClass,
      "\(option) '\(word)' names \(found.count) classes: \(places.joined(separator: "; ")); give "
        + "an index or identifier")
  }

  private func none(_ rest: String, _ reading: Reading, _ word: String) -> CommandFailure {
    switch reading {
    case .index:
      CommandFailure(
        .unknownClass, "\(option) \(word): the network has the classes 0 to \(count - 1)")
    case .id, .name:
      CommandFailure(
        .unknownClass,
        "\(option) \(quoted(word)): no class of the network has the \(reading == .id ? "identifier" : "name") "
          + quoted(rest) + "; " + hint(for: rest, besides: reading))
    }
  }

  /// What the word may have been meant as.
  private func hint(for word: String, besides reading: Reading) -> String {
    let others = Reading.allCases.filter { $0 != reading && !matches(of: word, $0).isEmpty }
    if let other = others.first {
      let kind = other == .id ? "identifier" : other.rawValue
      return "it is an \(kind): say \(quoted(other.of(word)))"
    }
    if classes.isEmpty { return "the checkpoint names no classes: give an index, or its classes" }
    let names = reading == .id ? classes.map(\.id) : classes.map(\.name)
    let close = Spelling.closest(to: word, in: names, limit: 2).map { quoted($0) }
    return close.isEmpty
      ? "they are such as \(names.prefix(3).joined(separator: ", "))"
      : "did you mean \(close.joined(separator: " or "))?"
  }

  private func unknown(_ word: String) -> CommandFailure {
    if Int(word) != nil {
      return CommandFailure(
        .unknownClass, "\(option) \(word): the network has the classes 0 to \(count - 1)")
    }
    let names = classes.flatMap { [$0.id] + $0.name.split(separator: ",").map(\.trimmingSpaces) }
    let close = Spelling.closest(to: word, in: names).map { "'\($0)'" }
    let hint =
      classes.isEmpty
      ? "the checkpoint names no classes: give an index"
      : close.isEmpty
        ? "give predicted, true, an index, an identifier or a name"
        : "did you mean \(close.joined(separator: " or "))?"
    return CommandFailure(.unknownClass, "\(option) '\(word)' is no class of the network; \(hint)")
  }
}
