/// What methods have in common.
public enum MethodGroup: String, Sendable, CaseIterable {
  /// Gradients, rectifier rules and class activation maps.
  case gradient = "gradients"
  /// Comparison with a reference.
  case reference = "references"
  /// Integration along paths.
  case path = "paths"
  /// Relevance propagation.
  case relevance
  /// Perturbation of the input.
  case perturbation
  /// What is no explanation: controls for tests.
  case control
}

extension MethodGroup {
  /// The name that the thesis has for its methods of this group, `group1` to `group4`; `nil` where it has none.
  ///
  /// Methods that came later belong to the group and not to the thesis's set.
  public var thesisSet: String? {
    switch self {
    case .gradient: "group1"
    case .reference: "group2"
    case .path: "group3"
    case .relevance: "group4"
    case .perturbation, .control: nil
    }
  }

  /// The names of all sets of the thesis.
  static let thesisSets = allCases.compactMap(\.thesisSet)
}

extension MethodGroup: Codable {
  /// Reads a group, also by the name of the thesis's set, as files had it before groups had names.
  /// - Parameter decoder: Holds the name.
  /// - Throws: `DecodingError` where there is no such group.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let name = try container.decode(String.self)
    guard
      let group = MethodGroup(rawValue: name)
        ?? MethodGroup.allCases.first(where: { $0.thesisSet == name })
    else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "there is no group of methods '\(name)'")
    }
    self = group
  }

  /// Writes the group's name.
  /// - Parameter encoder: Takes it.
  /// - Throws: What the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(rawValue)
  }
}
