import XAIDatasets
import XAIRepresentations
import XAIStatistics
import XAITensor

extension ProbeExperiment {
  /// The answers of a probe on the test images, and what made them.
  struct Fitted {
    var answers: Answers
    var penalty: Double
    var regression: SoftmaxRegression?
  }

  enum Answers {
    case labels([Int])
    case numbers([Double])
  }

  func answers(
    to property: ProbeProperty, _ features: ProbeFeatures, _ name: String
  ) throws -> Fitted {
    let penalty = configuration.penalty
    switch property.values {
    case .labels(let names, let training, _):
      let probe = try ClassProbe(
        features, labels: training, classes: names.count, penalty: penalty,
        for: "a probe of \(property.name) at \(name)")
      return Fitted(
        answers: .labels(probe.predicted), penalty: penalty, regression: probe.regression)
    case .numbers(let training, _):
      let probe = try ValueProbe(
        features, values: training, penalty: penalty, for: "a probe of \(property.name) at \(name)")
      return Fitted(answers: .numbers(probe.predicted), penalty: penalty)
    }
  }

  func entry(
    _ property: ProbeProperty, _ layer: String, _ features: ProbeFeatures,
    _ reduction: ProbeFeatures.Reduction, _ pixels: Answers, _ random: [ProbeFeatures],
    _ notes: inout [String]
  ) throws -> ProbeEntry {
    let own = try answers(to: property, features, layer)
    let others = try random.map { try answers(to: property, $0, layer).answers }
    var entry = ProbeEntry(
      property: property.name, layer: layer, penalty: own.penalty, random: [], control: [])
    switch (property.values, own.answers, pixels) {
    case (.labels(let names, let training, let test), .labels(let answers), .labels(let pixels)):
      let control = try controlAccuracies(property.name, training, test, features, names, &notes)
      let result = ProbeResult(
        predicted: answers, labels: test, majority: ProbeResult.mostFrequent(training),
        pixels: pixels, random: others.compactMap(\.labels), control: control)
      entry.labels = names
      (entry.value, entry.majority, entry.pixels) = (
        result.accuracy, result.majority, result.pixels
      )
      (entry.random, entry.control) = (result.random, result.control)
      (entry.selectivity, entry.gain, entry.p) = (result.selectivity, result.gain, result.p)
      if configuration.ablates, reduction == .flat, let regression = own.regression {
        entry.ablation = try ablation(regression, features, layer)
      }
    case (.numbers(_, let test), .numbers(let answers), .numbers(let pixels)):
      entry.value = shareOfVarianceExplained(answers, test)
      entry.pixels = shareOfVarianceExplained(pixels, test)
      entry.random = others.compactMap(\.numbers).compactMap { shareOfVarianceExplained($0, test) }
      entry.gain = entry.value.flatMap { entry.random.isEmpty ? nil : $0 - entry.random.mean }
    default: break
    }
    return entry
  }

  private func controlAccuracies(
    _ property: String, _ training: [Int], _ test: [Int], _ features: ProbeFeatures,
    _ names: [String], _ notes: inout [String]
  ) throws -> [Double] {
    let types =
      reader.types(self.training, of: .train) + reader.types(self.test, of: .test)
    let labels = training + test.map { min($0, names.count - 1) }
    var accuracies: [Double] = []
    for draw in 0..<configuration.controls {
      let drawn: [Int]
      do {
        drawn = try ControlTask.labels(
          types: types, labels: labels, draw: draw, seed: session.request.seed)
      } catch {
        let note = "\(property) has no control task: the class of an image determines it."
        if !notes.contains(note) { notes.append(note) }
        return []
      }
      let own = Array(drawn.prefix(training.count))
      // A draw may give all types one label: nothing is to be learned then.
      guard Set(own).count > 1 else { continue }
      let probe = try ClassProbe(
        features, labels: own, classes: names.count,
        penalty: configuration.penalty, for: "a control task")
      if let accuracy = probe.accuracy(Array(drawn.dropFirst(training.count))) {
        accuracies.append(accuracy)
      }
    }
    return accuracies
  }
}

extension ProbeExperiment.Answers {
  var labels: [Int]? { if case .labels(let labels) = self { labels } else { nil } }
  var numbers: [Double]? {
    if case .numbers(let numbers) = self { numbers } else { nil }
  }
}
