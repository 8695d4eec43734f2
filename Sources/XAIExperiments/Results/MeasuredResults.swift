public import XAIMetrics

/// Results that hold numbers by several measures.
public protocol MeasuredResults {
  /// The identifiers of the measures, in the order of every row of scores.
  var measures: [String] { get }
  /// What each measure is; nil in results of versions that did not say.
  var measureRecords: [MeasureRecord]? { get }
  /// The measure that is shown unless asked for another.
  var headline: String { get }
}

extension MeasuredResults {
  /// What the results say about a measure, or what this version knows of one of that name.
  /// - Parameter measure: Its identifier.
  /// - Returns: The record.
  public func record(of measure: String) -> MeasureRecord {
    measureRecords?.first { $0.identifier == measure } ?? MeasureRecord(identifier: measure)
  }

  /// What the results say about their measures, in their order.
  public var allMeasureRecords: [MeasureRecord] { measures.map(record(of:)) }
}

extension RandomizationResults: MeasuredResults {}
extension ContrastResults: MeasuredResults {}
