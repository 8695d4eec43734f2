public import XAIAttribution

/// A method as an experiment uses it: with its parameters and what it compares with, under a name of its
/// own.
public struct MethodUnderTest: Sendable {
  /// Its name in the experiment, unique.
  public var identifier: String
  /// What sheets of its maps call it; nil for its name.
  public var label: String?
  /// What it is: identifier, group, summary and source.
  public let entry: MethodEntry
  /// The method with the parameters that it uses.
  public var method: any AttributionMethod
  /// What images are compared with; nil where it compares with nothing.
  public var baseline: BaselineKind?

  /// Describes a method under test.
  /// - Parameters:
  ///   - entry: The method, with its parameters.
  ///   - identifier: Its name in the experiment, unique; default is the method's own.
  ///   - baseline: What images are compared with.
  public init(_ entry: MethodEntry, identifier: String? = nil, baseline: BaselineKind?) {
    (self.identifier, self.entry) = (identifier ?? entry.identifier, entry)
    (method, self.baseline) = (entry.method, baseline)
  }

  /// Takes a method that was chosen among those of the catalog.
  /// - Parameters:
  ///   - choice: The choice, with its parameters.
  ///   - baseline: What images are compared with.
  package init(_ choice: MethodSelection.Choice, baseline: BaselineKind?) {
    let known = MethodCatalog.entry(choice.identifier)
    self.init(
      MethodEntry(
        choice.identifier, choice.group, summary: known?.summary ?? "",
        source: known?.source ?? "", method: choice.method),
      baseline: baseline)
  }
}
