import XAIExperiments
import XAIReports

extension SuspectResults {
  /// What a person reads first: the most suspicious image of each score, and what the score is worth.
  package var lines: [String] {
    scores.enumerated().map { index, score in
      let order = images.sorted { ($0.scores[index] ?? 0) > ($1.scores[index] ?? 0) }
      let names = order.prefix(3).map {
        "\($0.name) (\($0.label.words), predicted \($0.predicted.words))"
      }
      let found =
        score.areaUnderCurve.map {
          "; finds exchanged labels with AUC \(Format.fixed($0, digits: 3))"
        }
        ?? ""
      let stayed = score.stayed.compactMap { one in
        one.spearman.map { "\(one.network) \(Format.fixed($0, digits: 2))" }
      }
      let rest = stayed.isEmpty ? "" : "; rank correlation: \(stayed.joined(separator: ", "))"
      return "\(score.kind.words): \(names.joined(separator: ", "))\(found)\(rest)"
    }
  }
}
