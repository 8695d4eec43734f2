package import XAIExperiments

extension SurrogateResults {
  /// What a person reads first: how well each model stands in, and the rules of the tree.
  package var lines: [String] {
    models.flatMap { model -> [String] in
      func number(_ value: Double?) -> String {
        value.map { Format.fixed($0, digits: 3) } ?? "undefined"
      }
      guard let fidelity = model.fidelity else {
        return ["linear: explains \(number(model.explained?.last ?? nil)) of the logit's variance"]
      }
      let verdict = fidelity.explains ? "stands in" : "explains nothing"
      let first =
        "\(model.kind.rawValue): \(verdict); says what the network does for "
        + "\(Format.percent(fidelity.value)) of images, the most frequent answer for "
        + Format.percent(fidelity.mostFrequent)
      let rules = (model.rules ?? []).map { "  \($0.condition): \($0.answer) (\($0.images))" }
      return [first] + rules
    }
  }
}
