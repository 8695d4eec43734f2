package import XAIExperiments

extension ProbeResults {
  /// What a person reads first: what each probe finds, with what chance gives.
  package var lines: [String] {
    entries.map { entry in
      func number(_ value: Double?) -> String {
        value.map { Format.fixed($0, digits: 3) } ?? "undefined"
      }
      let random = entry.random.max().map { ", random weights at most \(number($0))" } ?? ""
      let start = "\(entry.property), \(entry.layer): "
      guard entry.labels != nil else {
        return start + "R2 \(number(entry.value)), pixels \(number(entry.pixels))\(random)"
      }
      let verdict = entry.isDecodable == true ? "decodable" : "not shown"
      let selectivity = entry.selectivity.map { ", selectivity \(number($0))" } ?? ""
      let ablation = entry.ablation.map {
        "; without it the network loses \(number($0.before - $0.after)) of accuracy, p "
          + number($0.adjustedP)
      }
      return start
        + "\(verdict); accuracy \(number(entry.value)), majority \(number(entry.majority)), "
        + "pixels \(number(entry.pixels))\(random)\(selectivity)\(ablation ?? "")"
    }
  }
}
