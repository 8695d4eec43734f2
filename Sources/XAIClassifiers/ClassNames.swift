import FoundationEssentials
import XAIFiles
public import XAINetworks
import XAITensor

/// The classes of a network in the order of its logits, where its file does not say them.
public enum ClassNames: Sendable, Equatable {
  /// The identifiers of the data in sorted order, as folders of images are sorted.
  case sorted
  /// These.
  case listed([Checkpoint.ClassName], source: String)

  /// Reads a word.
  /// - Parameter word: `sorted`, or the path of a list: one identifier or name a line, or an identifier
  ///   and a name separated by a tab; a JSON list of either; a JSON object of indices, as ImageNet's
  ///   `{"0": ["n01440764", "tench"]}` and torchvision's `class_to_idx` `{"n01440764": 0}`.
  /// - Throws: Where the file cannot be read, or is no such list.
  public init(_ word: String) throws(ClassifierFailure) {
    if word == "sorted" {
      self = .sorted
      return
    }
    let bytes: [UInt8]
    do {
      bytes = try WholeFile.read(word, limit: Self.longestFile)
    } catch {
      guard error.kind == .missingInput else { throw ClassifierFailure(error) }
      throw ClassifierFailure(
        .missingInput,
        "there is no list of class names \(quoted(word)): expected a file, or 'sorted' for the order of "
          + "sorted identifiers")
    }
    self = .listed(try Self.list(bytes, source: word), source: word)
  }

  private static let longestFile = 1 << 24

  private static func list(
    _ bytes: [UInt8], source: String
  ) throws(ClassifierFailure) -> [Checkpoint.ClassName] {
    let text = PlainText(bytes).string
    let start = text.unicodeScalars.first { !$0.properties.isWhitespace }
    let classes = start == "[" || start == "{" ? try json(text, source) : lines(text)
    guard !classes.isEmpty else {
      throw ClassifierFailure(.badData, "\(source): names no class; expected one on each line")
    }
    let names = classes.map(\.name)
    let isRepeated = Set(names).count < names.count
    if isRepeated, classes.allSatisfy({ $0.id == $0.name }) {
      // ImageNet has two cranes and two maillots: names alone, told apart by their place.
      return repeatedNamesNumbered(names)
    }
    var seen: Set<String> = []
    if let twice = classes.first(where: { !seen.insert($0.id).inserted }) {
      throw ClassifierFailure(
        .badData,
        "\(source): names \(quoted(twice.id)) twice, so it cannot tell two logits apart")
    }
    return classes
  }

  private static func repeatedNamesNumbered(_ names: [String]) -> [Checkpoint.ClassName] {
    let counts = Dictionary(names.map { ($0, 1) }, uniquingKeysWith: +)
    return names.enumerated().map { index, name in
      .init(id: counts[name] == 1 ? name : "\(name) (\(index))", name: name)
    }
  }

  private static func lines(_ text: String) -> [Checkpoint.ClassName] {
    let lines = text.split(whereSeparator: \.isNewline).map(\.trimmingSpaces).filter { !$0.isEmpty }
    // ImageNet's lists separate WordNet ids from names by a blank.
    let areSynsets = lines.allSatisfy { line in
      line.first == "n" && line.dropFirst().prefix(8).allSatisfy { $0.isASCII && $0.isNumber }
        && line.count > 10 && line.dropFirst(9).first == " "
    }
    return lines.map { line in
      guard let end = line.firstIndex(of: "\t") ?? (areSynsets ? line.firstIndex(of: " ") : nil)
      else { return .init(id: line, name: line) }
      let name = line[line.index(after: end)...].trimmingSpaces
      let id = line[..<end].trimmingSpaces
      return .init(id: id, name: name.isEmpty ? id : name)
    }
  }

  private static func json(
    _ text: String, _ source: String
  ) throws(ClassifierFailure) -> [Checkpoint.ClassName] {
    let refusal = ClassifierFailure(
      .badData,
      "\(source): no list of class names: expected [\"id\", ...], {\"0\": [\"id\", \"name\"], ...} or "
        + "{\"id\": 0, ...}")
    guard let value = try? JSONDecoder().decode(Names.self, from: Data(text.utf8)) else {
      throw refusal
    }
    switch value {
    case .list(let labels): return labels.map(\.className)
    case .indexed(let labels):
      let pairs = labels.compactMap { key, label in Int(key).map { ($0, label.className) } }
      return try inOrder(pairs, of: labels.count, refusal)
    case .indices(let indices):
      let pairs = indices.map { ($1, Checkpoint.ClassName(id: $0, name: $0)) }
      return try inOrder(pairs, of: indices.count, refusal)
    }
  }

  private static func inOrder(
    _ pairs: [(Int, Checkpoint.ClassName)], of count: Int, _ refusal: ClassifierFailure
  ) throws(ClassifierFailure) -> [Checkpoint.ClassName] {
    let sorted = pairs.sorted { $0.0 < $1.0 }
    guard sorted.map(\.0) == Array(0..<count) else { throw refusal }
    return sorted.map(\.1)
  }

  /// A JSON file of class names.
  private enum Names: Decodable {
    case list([Label])
    case indexed([String: Label])
    case indices([String: Int])

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let list = try? container.decode([Label].self) {
        self = .list(list)
      } else if let indices = try? container.decode([String: Int].self) {
        self = .indices(indices)
      } else {
        self = .indexed(try container.decode([String: Label].self))
      }
    }
  }

  /// An identifier, or an identifier with a name.
  private struct Label: Decodable {
    let className: Checkpoint.ClassName

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let word = try? container.decode(String.self) {
        className = .init(id: word, name: word)
        return
      }
      let words = try container.decode([String].self)
      guard 1...2 ~= words.count else {
        throw DecodingError.dataCorruptedError(
          in: container, debugDescription: "expected an identifier and a name")
      }
      className = .init(id: words[0], name: words[words.count - 1])
    }
  }
}
