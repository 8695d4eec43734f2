import XAITensor

/// Methods that somebody asked for, by name or by group.
public struct MethodSelection: Sendable {
  /// A method that was chosen.
  public struct Choice: Sendable {
    /// The method's identifier.
    public let identifier: String
    /// Its group.
    public let group: MethodGroup
    /// The method, with the parameters that were asked for.
    public var method: any AttributionMethod
    /// Whether it was named, rather than chosen through its group: then it must not be left out.
    public let isNamed: Bool
  }

  /// The methods in the order of the catalog, each once.
  public var choices: [Choice]

  /// Chooses methods by their identifiers and groups, where `all` stands for every method, and `group1` to
  /// `group4` for the thesis's sets.
  /// - Parameters:
  ///   - words: Such as `["saliency", "group4"]`.
  ///   - entries: The methods to choose from.
  /// - Throws: `AttributionFailure` where there is no such method or group.
  public init(
    _ words: [String], from entries: [MethodEntry] = MethodCatalog.entries
  ) throws(AttributionFailure) {
    var named: Set<String> = []
    var groups: Set<MethodGroup> = []
    var sets: Set<String> = []
    for word in words {
      if word == "all" {
        groups.formUnion(MethodGroup.allCases)
      } else if let group = MethodGroup(rawValue: word) {
        groups.insert(group)
      } else if MethodGroup.thesisSets.contains(word) {
        sets.insert(word)
      } else if entries.contains(where: { $0.identifier == word }) {
        named.insert(word)
      } else {
        throw Self.unknown(word, entries)
      }
    }
    choices = entries.filter {
      named.contains($0.identifier) || groups.contains($0.group)
        || $0.thesisSet.map(sets.contains) == true
    }.map {
      Choice(
        identifier: $0.identifier, group: $0.group, method: $0.method,
        isNamed: named.contains($0.identifier))
    }
    guard !choices.isEmpty else {
      throw AttributionFailure(.noMethod)
    }
  }

  /// Changes parameters: those of one method under its identifier, and those of every chosen method
  /// that has them under their own name.
  /// - Parameter changes: An object of JSON.
  /// - Throws: `AttributionFailure` where no chosen method has a parameter.
  public mutating func apply(_ changes: [String: JSONValue]) throws(AttributionFailure) {
    for (name, value) in changes.sorted(by: { $0.key < $1.key }) {
      if let index = choices.firstIndex(where: { $0.identifier == name }) {
        guard let members = value.members else {
          throw AttributionFailure(
            .usage, "the parameters of \(name) must be an object such as {\"steps\": 50}")
        }
        choices[index].method = try MethodParameters.applying(
          members, to: choices[index].method, named: name)
      } else if MethodCatalog.entry(name) != nil {
        throw AttributionFailure(
          .usage, "there are parameters of \(name), which is not among the chosen methods")
      } else {
        try set(name, value, calledBy: "parameter '\(name)'") { $0.has(name) }
      }
    }
  }

  /// Sets a parameter of every chosen method that has it.
  /// - Parameters:
  ///   - name: The parameter.
  ///   - value: Its value.
  ///   - words: What the user wrote.
  ///   - applies: Which methods it is for, by their parameters.
  /// - Throws: `AttributionFailure` where it is for none, or where the value is impossible.
  public mutating func set(
    _ name: String, _ value: JSONValue, calledBy words: String,
    where applies: (MethodParameters) -> Bool
  ) throws(AttributionFailure) {
    var isUsed = false
    for index in choices.indices {
      guard applies(try MethodParameters(of: choices[index].method)) else { continue }
      isUsed = true
      choices[index].method = try MethodParameters.applying(
        [name: value], to: choices[index].method, named: choices[index].identifier)
    }
    guard isUsed else {
      throw AttributionFailure(.parameterOfNone(words))
    }
  }

  private static func unknown(_ word: String, _ entries: [MethodEntry]) -> AttributionFailure {
    let groups = MethodGroup.allCases.map(\.rawValue) + MethodGroup.thesisSets
    let close = Spelling.closest(to: word, in: entries.map(\.identifier) + groups + ["all"])
    return AttributionFailure(.unknownMethod(word, suggestions: close))
  }
}
