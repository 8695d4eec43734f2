import XAIAttribution
import XAITensor
import XAIExperiments
import XAIMetrics

/// What can be chosen on a page, with its name for people.
struct PageChoice: Encodable {
  let id: String
  let title: String

  /// The groups of some methods, in the order of the catalog.
  static func groups(of methods: [TestedMethod]) -> [PageChoice] {
    let used = Set(methods.map(\.group))
    return MethodGroup.allCases.filter(used.contains).map {
      PageChoice(id: $0.rawValue, title: $0.reportTitle)
    }
  }
}

/// A measure that can be chosen on a page.
struct PageMeasure: Encodable {
  let id: String
  let title: String
  let summary: String

  /// Measures, with the headline marked.
  static func measures(_ identifiers: [String], headline: String) -> [PageMeasure] {
    identifiers.map { identifier in
      PageMeasure(
        id: identifier, title: identifier == headline ? "\(identifier) (headline)" : identifier,
        summary: SimilarityPanel.measure(identifier)?.summary ?? "")
    }
  }
}
