/// A method under its identifier.
public struct MethodEntry: Sendable {
  /// Its identifier, which is a contract.
  public let identifier: String
  /// Its group.
  public let group: MethodGroup
  /// The set of the thesis that it belongs to, `group1` to `group4`; `nil` where it belongs to none.
  public let thesisSet: String?
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
  ///   - isInThesisSet: Whether its group's alias stands for it too, where the group has one.
  public init(
    _ identifier: String, _ group: MethodGroup, summary: String, source: String,
    method: any AttributionMethod, isInThesisSet: Bool = true
  ) {
    (self.identifier, self.group, self.summary) = (identifier, group, summary)
    (self.source, self.method) = (source, method)
    thesisSet = isInThesisSet ? group.thesisSet : nil
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
  /// - Returns: Its entry; `nil` where there is none.
  public static func entry(_ identifier: String) -> MethodEntry? {
    entries.first { $0.identifier == identifier }
  }
}
