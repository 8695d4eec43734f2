import XAIExperiments
import XAIReports

extension SegmentResults {
  /// What a person reads first: how well each way fits, reference rows included.
  package var lines: [String] {
    summaries.map { row in
      func number(_ value: Double?, _ error: Double?) -> String {
        guard let value else { return "not known" }
        return Format.fixed(value, digits: 3)
          + (error.map { " \u{b1} \(Format.fixed($0, digits: 3))" } ?? "")
      }
      let masks = row.maskIoU.map { ", with masks \(number($0, row.maskError))" } ?? ""
      let stayed =
        row.stayed.map { "; with the trained network's part \(Format.fixed($0, digits: 3))" } ?? ""
      return "\(row.words): IoU with boxes \(number(row.boxIoU, row.boxError))\(masks)\(stayed)"
    }
  }
}
