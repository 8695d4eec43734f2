import XAIFiles
import XAIStatistics
import XAITensor

extension RepresentationTensors {
  /// Probes of classes and of numbers: even rows train, odd rows test.
  func probes() throws -> [Named] {
    let images = try tablePixels().normalized(by: normalization)
    let (training, test) = Self.halves(images.rows)
    let classProbes = layers(of: "probe")
    let valueProbes = layers(of: "ridge")
    var layers = classProbes
    for layer in valueProbes where !layers.contains(layer) { layers.append(layer) }
    return try layers.flatMap { layer in
      let outputs = try outputs(of: layer, at: images)
      let features = try ProbeFeatures(
        training: outputs.rows(at: training), test: outputs.rows(at: test),
        for: "the probe of \(layer)")
      return try (classProbes.contains(layer) ? classes(features, layer, images.rows) : [])
        + (valueProbes.contains(layer) ? values(features, layer, images.rows) : [])
    }
  }

  /// Rows that train and rows that test.
  static func halves(_ count: Int) -> (training: [Int], test: [Int]) {
    ((0..<count).filter { $0.isMultiple(of: 2) }, (0..<count).filter { !$0.isMultiple(of: 2) })
  }

  private func classes(
    _ features: ProbeFeatures, _ layer: String, _ count: Int
  ) throws -> [Named] {
    let prefix = "probe.\(layer)"
    let penalty = try parameters.number("penalty", of: prefix) ?? BinaryLogistic.defaultPenalty
    let (training, test) = Self.halves(count)
    let labels = try given.labels("probe.labels", count: count)
    let probe = try self.probe(features, labels, training, penalty, prefix)
    let right = test.map { labels[$0] }
    let accuracy = probe.accuracy(right) ?? .nan
    var control: Double?
    if given.holds("probe.control") {
      let labels = try given.labels("probe.control", count: count)
      control = try self.probe(features, labels, training, penalty, prefix)
        .accuracy(test.map { labels[$0] })
    }
    let classes = probe.probabilities.columns
    let weights = features.weights(probe.regression.coefficients)
    return [
      numbers("\(prefix).weights", [classes, weights.columns], weights.elements),
      numbers("\(prefix).bias", [classes], probe.regression.biases),
      numbers("\(prefix).probabilities", [test.count, classes], probe.probabilities.elements),
      numbers("\(prefix).objective", [1], [probe.regression.objective]),
      numbers("\(prefix).accuracy", [3], [accuracy, control, control.map { accuracy - $0 }]),
    ]
  }

  private func probe(
    _ features: ProbeFeatures, _ labels: [Int], _ training: [Int], _ penalty: Double,
    _ task: String
  ) throws -> ClassProbe {
    try ClassProbe(
      features, labels: training.map { labels[$0] }, classes: (labels.max() ?? 0) + 1,
      penalty: penalty, for: task)
  }

  private func values(
    _ features: ProbeFeatures, _ layer: String, _ count: Int
  ) throws -> [Named] {
    let prefix = "ridge.\(layer)"
    let penalty = try parameters.number("penalty", of: prefix) ?? BinaryLogistic.defaultPenalty
    let (training, test) = Self.halves(count)
    let values = try given.doubles("probe.values")
    guard values.count == count else {
      throw RepresentationFailure(
        .shape(of: "probe.values", found: [values.count], expected: "[\(count)]"))
    }
    let probe = try ValueProbe(
      features, values: training.map { values[$0] }, penalty: penalty, for: prefix)
    let weights = features.weights(
      Matrix(rows: training.count, columns: 1, probe.regression.coefficients))
    return [
      numbers("\(prefix).weights", [weights.columns], weights.elements),
      numbers("\(prefix).predicted", [test.count], probe.predicted),
      numbers(
        "\(prefix).r2", [1],
        [shareOfVarianceExplained(probe.predicted, test.map { values[$0] })]),
    ]
  }
}
