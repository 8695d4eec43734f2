import XAIExperiments
import XAIReports

extension RepresentativeResults {
  /// What a person reads first: the images, what they cover beside random ones, and what stayed.
  package var lines: [String] {
    let names = picks.map { "\($0.name) (\($0.predicted.words))" }.joined(separator: ", ")
    let covered =
      curve.last.map {
        "cover \(Format.percent($0.covered)) of the importance, random images \(Format.percent($0.random))"
      } ?? "cover nothing"
    let kept = stayed.map {
      "\($0.network) \(Format.fixed($0.jaccard, digits: 2)) (chance \(Format.fixed($0.chance, digits: 2)))"
    }
    return [names, covered, "stayed: \(kept.joined(separator: ", "))"]
  }
}
