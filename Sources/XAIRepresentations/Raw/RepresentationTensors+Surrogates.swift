import XAIAttribution
import XAIFiles
import XAINetworks
import XAIStatistics
import XAITensor

extension RepresentationTensors {
  /// A table of image statistics, and what tree, neighbors and regression make of it: even rows train.
  func surrogates() throws -> [Named] {
    let pixels = try tablePixels()
    let images = pixels.normalized(by: normalization)
    let table = ImageStatistics.table(pixels)
    let last = network.network.logitLayer
    // Of the table itself unless a layer is named.
    let space = try parameters.text("layer", of: "surrogate.neighbours")
    let outputs = try LayerOutputs([last] + [space].compactMap(\.self), of: network)
      .all(of: images)
    guard let logits = outputs[last] else {
      throw RepresentationFailure(.missing("outputs of \(last)"))
    }
    let features =
      space.flatMap { outputs[$0] }
      ?? Tensor(shape: [table.count, table.first?.count ?? 0], table.joined().map { Float($0) })
    let predicted = logits.largestOfRows
    let (training, test) = Self.halves(images.rows)
    var results = [
      numbers(
        "surrogate.table", [table.count, table.first?.count ?? 0], Array(table.joined())),
      integers("surrogate.predicted", [predicted.count], predicted),
    ]
    results += try tree(table, predicted)
    let count = try parameters.integer("neighbours", of: "surrogate.neighbours") ?? 5
    let neighbors = try NearestNeighbors(
      of: features.rows(at: test), among: features.rows(at: training),
      count: min(count, training.count))
    results.append(
      integers(
        "surrogate.neighbours", [test.count, min(count, training.count)],
        neighbors.neighbors.joined().map { training[$0] }))
    return try results + regression(table, logits)
  }

  private func tree(_ table: [[Double]], _ predicted: [Int]) throws -> [Named] {
    let (training, test) = Self.halves(table.count)
    let limits = DecisionTree.Limits(
      depth: try parameters.integer("depth", of: "surrogate.tree") ?? 3,
      leaf: try parameters.integer("least", of: "surrogate.tree") ?? 2)
    let tree = try DecisionTree(
      training.map { table[$0] }, classes: training.map { predicted[$0] }, limits: limits)
    let answers = table.map { Int(tree.predict($0)) }
    let most = ProbeResult.mostFrequent(training.map { predicted[$0] })
    func share(_ answers: [Int], _ rows: [Int]) -> Double? {
      shareEqual(rows.map { answers[$0] }, rows.map { predicted[$0] })
    }
    return [
      numbers(
        "surrogate.tree", [tree.nodes.count, 6],
        tree.nodes.flatMap { node -> [Double] in
          [
            Double(node.feature ?? -1), node.threshold, Double(node.left ?? -1),
            Double(node.right ?? -1), node.value, Double(node.rows),
          ]
        }),
      integers("surrogate.treeClasses", [answers.count], answers),
      numbers(
        "surrogate.treeFidelity", [3],
        [
          share(answers, training), share(answers, test),
          share(predicted.map { _ in most }, test),
        ]),
    ]
  }

  private func regression(_ table: [[Double]], _ logits: Tensor) throws -> [Named] {
    let target = try visualizedClass()
    guard 0..<logits.rowCount ~= target else {
      throw RepresentationFailure(.unknownClass(target, count: logits.rowCount))
    }
    let values = (0..<logits.rows).map { Double(logits[$0, target]) }
    let (training, test) = Self.halves(table.count)
    let fit = try LinearRegression(
      training.map { table[$0] }, training.map { values[$0] }, for: "surrogate.ols")
    let coefficients = fit.coefficients
    func share(_ rows: [Int]) -> Double? {
      shareOfVarianceExplained(rows.map { fit.predict(table[$0]) }, rows.map { values[$0] })
    }
    return [
      numbers(
        "surrogate.ols", [4, coefficients.count],
        coefficients.map(\.value) + coefficients.map(\.standardError) + coefficients.map(\.t)
          + coefficients.map(\.p)),
      numbers("surrogate.olsR2", [2], [share(training), share(test)]),
    ]
  }
}
