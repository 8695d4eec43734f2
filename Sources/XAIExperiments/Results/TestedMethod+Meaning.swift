public import XAIAttribution

extension TestedMethod {
  /// What the sign of its maps means: what the results say, else what this version knows of the method.
  public var shownMeaning: MapMeaning {
    meaning ?? MethodCatalog.entry(method)?.method.meaning ?? .relevance
  }
}
