/// The groups of the thesis, and the two beside them.
public enum MethodGroup: String, Sendable, Codable, CaseIterable {
  /// Gradients, rectifier rules and class activation maps.
  case gradient = "group1"
  /// Comparison with a reference.
  case reference = "group2"
  /// Integration along paths.
  case path = "group3"
  /// Relevance propagation.
  case relevance = "group4"
  /// Perturbation of the input.
  case perturbation
  /// What is no explanation: controls for tests.
  case control
}

/// A method under its identifier.
public struct MethodEntry: Sendable {
  /// Its identifier, which is a contract.
  public let identifier: String
  /// Its group.
  public let group: MethodGroup
  /// What it does, in one line.
  public let summary: String
  /// Where it comes from.
  public let source: String
  /// The method with its default parameters.
  public let method: any AttributionMethod

  /// Describes a method.
  /// - Parameters:
  ///   - identifier: Its identifier.
  ///   - group: Its group.
  ///   - summary: What it does, in one line.
  ///   - source: Author, year, title of the paper.
  ///   - method: The method with its default parameters.
  public init(
    _ identifier: String, _ group: MethodGroup, summary: String, source: String,
    method: any AttributionMethod
  ) {
    (self.identifier, self.group, self.summary) = (identifier, group, summary)
    (self.source, self.method) = (source, method)
  }
}

/// All methods.
///
/// Adding one is adding a file, and an entry to its group's list.
public enum MethodCatalog {
  /// Every method, in the order of the groups.
  public static let entries: [MethodEntry] =
    gradientMethods + referenceMethods + pathMethods + relevanceMethods + perturbationMethods
    + controlMethods

  /// A method by its identifier.
  /// - Parameter identifier: Such as `guided-backprop`.
  /// - Returns: Its entry, or nothing where there is none.
  public static func entry(_ identifier: String) -> MethodEntry? {
    entries.first { $0.identifier == identifier }
  }
}
