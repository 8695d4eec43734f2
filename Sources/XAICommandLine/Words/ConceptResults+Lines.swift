package import XAIExperiments
import XAIRepresentations

extension ConceptResults {
  /// What a person reads first: the verdict of each concept, class and layer.
  package var lines: [String] {
    entries.map { entry in
      let p = entry.adjustedP.map { ", p \(Format.fixed($0, digits: 3))" } ?? ""
      let networks =
        entry.networkP.map { ", p of random networks \(Format.fixed($0, digits: 3))" } ?? ""
      let verdict = entry.verdict.map { "\($0.rawValue); " } ?? ""
      return "\(entry.concept), \(classes[entry.target].words), \(entry.layer): \(verdict)TCAV "
        + "\(Format.fixed(entry.tcav, digits: 2)), cosine \(Format.fixed(entry.cosine, digits: 3))"
        + "\(p)\(networks), accuracy \(Format.percent(entry.accuracy, digits: 0))"
    }
      + effects.map { effect in
        "\(effect.concept), \(classes[effect.target].words): changes its logit by "
          + "\(Format.fixed(effect.logit, digits: 2)) \u{b1} \(Format.fixed(effect.error, digits: 2)); taken for it: "
          + "\(Format.percent(effect.predictedWith)) of scenes with, "
          + "\(Format.percent(effect.predictedWithout)) without"
      }
  }
}
