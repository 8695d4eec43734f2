package import XAIExperiments

extension VisualizationResults {
  /// What a person reads first: how far each picture goes, and how far on random weights.
  package var lines: [String] {
    pictures.map { record in
      func number(_ value: Double) -> String { Format.fixed(value, digits: 2) }
      let probability = record.probability.map { ", probability \(number($0))" } ?? ""
      let random = record.random.map { "; random weights \(number($0.end))" } ?? ""
      return
        "\(record.name): from \(number(record.trained.start)) to \(number(record.trained.end)) "
        + "(\(number(record.trained.fresh)) under fresh transformations), above "
        + "\(Format.percent(record.rank)) of test images\(probability)\(random)"
    }
  }
}
