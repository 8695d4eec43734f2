import Testing
import XAIRepresentations
import XAIStatistics
import XAITensor
import XAITestSupport

@Suite struct ProbeLawTests {
  private static func tensor(_ matrix: Matrix) -> Tensor {
    Tensor(shape: [matrix.rows, matrix.columns], matrix.elements.map { Float($0) })
  }

  @Test func `the gradient of a probe in features is zero`() throws {
    let training = Self.tensor(rows(30, 50, "probe"))
    let labels = (0..<30).map { $0 * 7 % 3 }
    let features = try ProbeFeatures(training: training, test: training)
    let probe = try ClassProbe(features, labels: labels, classes: 3)
    let weights = features.weights(probe.regression.coefficients)
    var gradient = Matrix(rows: 3, columns: 50)
    for row in 0..<30 {
      let scaled = (0..<50).map { (Double(training[row, $0]) - features.mean[$0]) / features.scale }
      for index in 0..<3 {
        let error = (probe.probabilities[row, index] - (labels[row] == index ? 1 : 0)) / 30
        for feature in 0..<50 { gradient[index, feature] += error * scaled[feature] }
      }
    }
    func norm(penalty: Double) -> Double {
      zip(gradient.elements, weights.elements).map { abs($0 + penalty * $1) }.max() ?? 1
    }
    #expect(norm(penalty: 0.01) < 1e-9)
    // Another penalty is another optimum.
    #expect(norm(penalty: 0.011) > 1e-6)
  }

  @Test func `constant features and one label are refused`() throws {
    let constant = Tensor(shape: [4, 3], repeating: 2.5)
    #expect(throws: StatisticsFailure(.constantRows, "a probe")) {
      try ProbeFeatures(training: constant, test: constant)
    }
    let rows = Self.tensor(rows(4, 3, "r"))
    let features = try ProbeFeatures(training: rows, test: rows)
    #expect(throws: StatisticsFailure(.oneValue, "a probe")) {
      try ClassProbe(features, labels: [1, 1, 1, 1], classes: 2)
    }
    #expect(throws: StatisticsFailure(.oneValue, "a probe")) {
      try ValueProbe(features, values: [1, 1, 1, 1])
    }
  }

  @Test func `a label of few rows is refused`() {
    let labels = Array(repeating: 0, count: 12) + Array(repeating: 1, count: 9)
    #expect(
      throws: RepresentationFailure(.tooFew("training rows of kind 1", found: 9, needed: 10))
    ) { try ClassProbe.requireRows(labels, of: "kind") }
    #expect(throws: Never.self) { try ClassProbe.requireRows(labels + [1], of: "kind") }
  }

  @Test func `the control task gives a type one label and keeps their distribution`() throws {
    let types = (0..<600).map { $0 % 200 }
    let labels = (0..<600).map { $0 % 7 < 5 ? 0 : 1 }
    let control = try ControlTask.labels(types: types, labels: labels, draw: 0, seed: 1)
    for type in 0..<200 {
      let drawn = Set([control[type], control[type + 200], control[type + 400]])
      #expect(drawn.count == 1)
    }
    let share = Double(control.count { $0 == 1 }) / 600
    #expect(abs(share - 2.0 / 7) < 0.1)
    #expect(try ControlTask.labels(types: types, labels: labels, draw: 1, seed: 1) != control)
    #expect(throws: RepresentationFailure.self) {
      try ControlTask.labels(types: types, labels: types.map { $0 % 3 }, draw: 0, seed: 1)
    }
  }

  @Test func `a probe must beat majority, pixels and random networks`() {
    let labels = (0..<40).map { $0 % 2 }
    let result = ProbeResult(
      predicted: labels, labels: labels, majority: 0, pixels: labels.map { _ in 1 },
      random: [labels.map { _ in 0 }], control: [0.5, 0.7])
    #expect(result.accuracy == 1 && result.majority == 0.5 && result.gain == 0.5)
    #expect(abs((result.selectivity ?? 0) - 0.4) < 1e-12)
    #expect(result.p < 1e-4 && result.isDecodable(adjustedP: result.p))
    let copied = ProbeResult(
      predicted: labels, labels: labels, majority: 0, random: [labels])
    #expect(copied.p == 1 && !copied.isDecodable(adjustedP: copied.p))
    #expect(ProbeResult.mostFrequent([3, 1, 1, 3, 2]) == 1)
  }

  @Test func `the penalty that predicts best is chosen`() throws {
    var stream = RandomStream(seed: 9, purpose: "penalty")
    let rows = stream.normal(shape: [60, 30])
    let noise = (0..<60).map { _ in stream.normal() }
    #expect(try ProbePenalty.chosen(rows, values: noise) == 1)
    let signal = (0..<60).map { row in (0..<30).reduce(0) { $0 + Double(rows[row, $1]) } }
    #expect(try ProbePenalty.chosen(rows, values: signal) == 1e-4)
  }

  @Test func `channels are averaged over positions`() {
    let maps = Tensor(shape: [1, 2, 1, 2], [1, 3, 5, 9])
    #expect(ProbeFeatures.features(of: maps, .mean) == Tensor(shape: [1, 2], [2, 7]))
    #expect(ProbeFeatures.features(of: maps, .flat) == Tensor(shape: [1, 4], [1, 3, 5, 9]))
  }
}

@Suite struct SubspaceAblationTests {
  @Test func `without its subspace a probe says the same of all rows`() throws {
    let fixture = try FixtureNetwork("A")
    let images = try fixture.images("random.pixels").rows(0..<40)
    let outputs = try #require(
      try LayerOutputs(["fc1_relu"], of: fixture.explained).all(of: images)["fc1_relu"])
    let labels = (0..<40).map { $0 * 11 % 3 }
    let features = try ProbeFeatures(training: outputs, test: outputs)
    let probe = try ClassProbe(features, labels: labels, classes: 3)
    let weights = features.weights(probe.regression.coefficients)
    let ablation = try SubspaceAblation(rowsOf: weights, mean: features.mean)
    #expect(ablation.basis.rows == 2)
    let without = ablation.removing(from: outputs)
    func spread(_ rows: Tensor) -> Double {
      let products = (0..<40).map { row in
        (0..<weights.columns).reduce(0.0) { $0 + weights[0, $1] * Double(rows[row, $1]) }
      }
      return (products.max() ?? 0) - (products.min() ?? 0)
    }
    #expect(spread(without) < 1e-4 * spread(outputs))
    let random = try SubspaceAblation(random: 2, mean: features.mean, draw: 0, seed: 1)
    #expect(spread(random.removing(from: outputs)) > 0.1 * spread(outputs))
    let product = random.basis * random.basis.transposed
    expectClose(product.elements, [1, 0, 0, 1], relative: 1e-12)
  }

  @Test func `the rest of the network says what the whole says`() throws {
    let fixture = try FixtureNetwork("A")
    let images = try fixture.images("class.pixels")
    for layer in ["conv3_relu", "pool2", "fc2_relu", "fc3", "conv2"] {
      let outputs = try LayerOutputs([layer, "fc3"], of: fixture.explained).all(of: images)
      let logits = try LayerContinuation(after: layer, of: fixture.explained)
        .logits(from: try #require(outputs[layer]))
      expectClose(logits, try #require(outputs["fc3"]), relative: 1e-5, layer)
    }
  }
}
