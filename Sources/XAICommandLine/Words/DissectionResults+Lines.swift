package import XAIExperiments
import XAIReports

extension DissectionResults {
  /// What a person reads first: the detectors of each layer, with what chance gives.
  package var lines: [String] {
    layers.map { layer in
      let kinds = concepts.map { "\($0.name) \(layer.categories[$0.name] ?? 0)" }
      let random =
        layer.randomMean.map { ", random weights \(Format.fixed($0, digits: 1))" } ?? ""
      return "\(layer.layer): \(Format.count(layer.detectors, "detector")) of "
        + "\(Format.count(layer.units, "unit")) (\(kinds.joined(separator: ", "))); rotated axes "
        + "\(layer.rotated)\(random)"
    }
  }
}
