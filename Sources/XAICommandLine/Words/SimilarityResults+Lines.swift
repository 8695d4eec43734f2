package import XAIExperiments
import XAIReports

extension SimilarityResults {
  /// What a person reads first: how alike namesakes or neighbors are, with what chance gives.
  package var lines: [String] {
    matrices.filter { $0.comparison == .networks }.flatMap { matrix in
      namedPairs.map { pair in
        func number(_ value: Double?) -> String {
          value.map { Format.fixed($0, digits: 3) } ?? "undefined"
        }
        let error = matrix.errors?[pair.row][pair.column].map {
          " \u{b1} \(Format.fixed($0, digits: 3))"
        }
        let permuted = self.matrix(matrix.measure, .permuted)?.values[pair.row][pair.column]
        return "\(pair.words): \(matrix.measure.rawValue) "
          + "\(number(matrix.values[pair.row][pair.column]))\(error ?? ""), permuted images "
          + number(permuted)
      }
    }
  }
}
