import XAIExperiments
import XAIReports

extension CounterfactualResults {
  /// What a person reads first: what would have to be different, and what tells whether to believe it.
  package var lines: [String] {
    let lines = images.map { image in
      let answer = image.answer
      let start = "\(image.image.name), \(image.image.predicted.words): "
      if answer.already { return start + "has the goal already" }
      let change =
        answer.changed.map { Format.count($0, kind == .region ? "cell" : "segment") }
        ?? "\(Format.percent(answer.share)) of pixels"
      let actions = image.detail.recourse?.answers.map { answer in
        answer.changes.map { "\($0.feature) \($0.from) -> \($0.to)" }.joined(separator: " and ")
          + " (cost \(Format.fixed(answer.cost, digits: 2)))"
      }.joined(separator: "; or ")
      let found =
        actions.map { words in
          answer.valid
            ? "\(answer.predicted.words) if: \(words)"
            : "not reached; the best attempt, \(words), misses by "
              + Format.fixed(-answer.margin, digits: 2)
        }
        ?? (answer.valid
          ? "\(answer.predicted.words) with \(change) changed"
          : "not reached; the best attempt changes \(change) and misses by "
            + Format.fixed(-answer.margin, digits: 2))
      let plausible =
        answer.plausibility.map {
          ", nearer to the data are \(Format.fixed($0, digits: 0)) % of test images"
        }
        ?? ""
      let agrees = answer.agrees.map {
        $0 ? ", the other network agrees" : ", the other network does not agree"
      }
      let head =
        image.randomHead?.cosine.map {
          "; random head: cosine of the changes \(Format.fixed($0, digits: 2))"
        }
        ?? ""
      return start + found
        + "; stable in \(answer.stability) of 32\(plausible)\(agrees ?? "")\(head)"
    }
    guard kind == .distance else { return lines }
    return lines + [
      "a nearest pixel counterfactual is an adversarial example: plausibility, stability and agreement tell whether it explains the object"
    ]
  }
}
