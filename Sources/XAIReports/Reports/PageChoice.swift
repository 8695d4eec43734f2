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

  /// Where its values end, nil where they do not.
  let range: [Double?]
  /// The value of equal maps.
  let equal: Double

  /// The measures of results, with the headline marked.
  static func measures(_ results: some MeasuredResults) -> [PageMeasure] {
    results.allMeasureRecords.map { record in
      let isHeadline = record.identifier == results.headline
      return PageMeasure(
        id: record.identifier,
        title: isHeadline ? "\(record.identifier) (headline)" : record.identifier,
        summary: record.summary, range: [record.scale.least, record.scale.greatest],
        equal: record.scale.equal)
    }
  }
}
