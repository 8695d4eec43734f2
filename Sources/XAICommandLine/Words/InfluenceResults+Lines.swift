import XAIExperiments
import XAIReports

extension InfluenceResults {
  /// What a person reads first: the images that matter most to each, and how well that was foretold.
  package var lines: [String] {
    images.flatMap { image in
      image.lists.map { list in
        func first(_ picks: [InfluencePick]) -> String {
          picks.prefix(3).map { "\($0.name) (\($0.label.words))" }.joined(separator: ", ")
        }
        let harmful = list.harmful.isEmpty ? "" : "; harmful \(first(list.harmful))"
        let kind = list.method == .neighbors ? "nearest" : "helpful"
        let agreement =
          list.agreement?.spearman.map {
            "; agrees with leaving out by rank correlation \(Format.fixed($0, digits: 2))"
          } ?? ""
        let stayed = list.stayed.map { "\($0.network) \(Format.fixed($0.jaccard, digits: 2))" }
        let rest = stayed.isEmpty ? "" : "; stayed: \(stayed.joined(separator: ", "))"
        return "\(image.image.name), \(list.method.rawValue): \(kind) \(first(list.helpful))"
          + "\(harmful)\(agreement)\(rest)"
      }
    }
  }
}
