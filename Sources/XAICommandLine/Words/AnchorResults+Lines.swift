import XAIExperiments
import XAIReports

extension AnchorResults {
  /// What a person reads first: what is sufficient for each answer, and what stayed with a random head.
  package var lines: [String] {
    images.map { image in
      let rule = image.rule
      let scene = image.words(rule).map { words in
        rule.reached
          ? "sufficient: \(words)" : "no rule proved, best: \(words.isEmpty ? "none" : words)"
      }
      let found =
        rule.reached && rule.segments.isEmpty
        ? "nothing needs to be seen"
        : scene
          ?? (rule.reached
            ? "\(Format.count(rule.segments.count, "segment")) of \(image.segments) sufficient"
            : "no rule proved, best of \(Format.count(rule.segments.count, "segment"))")
      return "\(image.image.name), \(image.image.predicted.words): \(found), precision "
        + "\(Format.fixed(rule.precision, digits: 3)), at least \(Format.fixed(rule.bound, digits: 3)), coverage "
        + "\(Format.fixed(image.coverage, digits: 3)); random head: in common "
        + "\(Format.fixed(image.randomHead.jaccard, digits: 2)), precision there "
        + "\(Format.fixed(image.randomHead.precision, digits: 2))"
    }
  }
}
