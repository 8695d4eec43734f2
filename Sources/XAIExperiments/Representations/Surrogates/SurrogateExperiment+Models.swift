import XAIRepresentations
import XAIStatistics
import XAITensor

extension SurrogateExperiment {
  func tree(_ table: FeatureTable, _ said: [Said]) throws -> SurrogateModel {
    let rows = parts(table)
    let limits = DecisionTree.Limits(depth: configuration.depth, leaf: configuration.least)
    let tree = try DecisionTree(rows.training, classes: said[0].network, limits: limits)
    let own = try DecisionTree(rows.training, classes: said[0].truth, limits: limits)
    func answers(_ tree: DecisionTree, _ rows: [[Double]]) -> [Int] {
      rows.map { Int(tree.predict($0)) }
    }
    let gains = tree.gains(columns: table.names.count)
    let losses = PermutationImportance.losses(rows.test, seed: session.request.seed) { rows in
      let right = zip(answers(tree, rows), said[1].network).count { $0 == $1 }
      return Double(right) / Double(rows.count)
    }
    var model = SurrogateModel(kind: .tree)
    model.fidelity = agreement(
      answers(tree, rows.test), with: said[1].network, training: said[0].network)
    model.interpretable = agreement(
      answers(own, rows.test), with: said[1].truth, training: said[0].truth)
    model.rules = tree.rules(table.names, number: Self.number).map {
      SurrogateRule(condition: $0.condition, answer: self.answers[Int($0.value)], images: $0.rows)
    }
    model.nodes = tree.nodes.map { node in
      SurrogateNode(
        question: node.feature.map { question(table.names[$0], node.threshold) },
        answer: self.answers[Int(node.value)], images: node.rows,
        // A column of 0 and 1 asks for the value, and the tree has 0 at its left.
        yes: node.feature.map { table.names[$0].contains("=") } == true ? node.right : node.left,
        no: node.feature.map { table.names[$0].contains("=") } == true ? node.left : node.right)
    }
    model.columns = table.names.indices.filter { gains[$0] > 0 }
      .sorted { (gains[$1], $0) < (gains[$0], $1) }
      .map { SurrogateColumn(name: table.names[$0], gain: gains[$0], loss: losses[$0]) }
    return model
  }

  private static func number(_ value: Double) -> String { fixedPoint(value, digits: 2) }

  private func question(_ name: String, _ threshold: Double) -> String {
    name.contains("=") ? name : "\(name) <= \(Self.number(threshold))"
  }

  func linear(_ said: [Said]) throws -> SurrogateModel {
    let table = table(said, dropsFirst: true)
    let rows = parts(table)
    let fit: LinearRegression
    do {
      fit = try LinearRegression(rows.training, said[0].logits, for: "a surrogate")
    } catch {
      guard case .dependentColumn(let column) = error.code, table.names.indices ~= column else {
        throw error
      }
      throw Failed(.dependent(table.names[column]))
    }
    let effects: [Double?] = [nil] + fit.effects(in: rows.training)
    var model = SurrogateModel(kind: .linear)
    model.explained = [
      shareOfVarianceExplained(rows.training.map(fit.predict), said[0].logits),
      shareOfVarianceExplained(rows.test.map(fit.predict), said[1].logits),
    ]
    model.columns = zip(["intercept"] + table.names, fit.coefficients).enumerated().map {
      index, column in
      SurrogateColumn(
        name: column.0, coefficient: column.1.value, error: column.1.standardError,
        p: column.1.p, effect: effects[index])
    }
    return model
  }

  func neighbors(_ said: [Said]) throws -> SurrogateModel {
    let found = try NearestNeighbors(
      of: Tensor(stacking: said[1].rows), among: Tensor(stacking: said[0].rows),
      count: min(configuration.neighbors, training.count))
    var model = SurrogateModel(kind: .neighbors)
    model.fidelity = agreement(
      found.answers(said[0].network), with: said[1].network, training: said[0].network)
    model.interpretable = agreement(
      found.answers(said[0].truth), with: said[1].truth, training: said[0].truth)
    return model
  }
}
