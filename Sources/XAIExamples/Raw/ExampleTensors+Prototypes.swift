import XAIFiles
import XAIRepresentations
import XAIStatistics
import XAITensor

extension ExampleTensors {
  /// Images that stand for the training images, and those that nothing stands for.
  func prototypes(_ features: Tensor) throws -> [Named] {
    let rows = Matrix(
      rows: features.rows, columns: features.rowCount, features.elements.map(Double.init))
    let critic = try MMDCritic(rows, gamma: try parameters.number("gamma", of: "mmd.kernel"))
    let chosen = critic.prototypes(
      try parameters.integer("count", of: "mmd.prototypes")
        ?? parameters.integer("prototypes", of: "mmd") ?? 5)
    let others = try critic.criticisms(
      try parameters.integer("count", of: "mmd.criticisms")
        ?? parameters.integer("criticisms", of: "mmd") ?? 4, besides: chosen.picks,
      ridge: try parameters.number(
        "ridge", of: "mmd.criticisms", in: "objective", after: "det(K + ") ?? 1e-6)
    return [
      numbers("mmd.gamma", [1], [critic.gamma]),
      integers("mmd.prototypes", [chosen.picks.count], chosen.picks),
      numbers("mmd.prototypeValues", [chosen.values.count], chosen.values),
      integers("mmd.criticisms", [others.picks.count], others.picks),
      numbers("mmd.criticismValues", [others.values.count], others.values),
      numbers("mmd.witness", [rows.rows], critic.witness(chosen.picks).map(abs)),
    ]
  }

  /// The nearest training images.
  func neighbors(_ own: Tensor, _ asked: Tensor) throws -> [Named] {
    try [("euclid", FeatureNeighbors.Distance.euclidean), ("cosine", .cosine)].flatMap {
      name, distance -> [Named] in
      let prefix = "neighbours.\(name)"
      let count =
        try parameters.integer("count", of: prefix) ?? parameters.integer("neighbours", of: prefix)
        ?? 5
      let found = try FeatureNeighbors(of: asked, among: own, distance, count: count)
      return [
        integers(prefix, [asked.rows, min(count, own.rows)], found.neighbors.flatMap(\.self)),
        numbers("\(prefix).distances", [asked.rows, own.rows], found.distances.flatMap(\.self)),
      ]
    }
  }

  /// Explanations that cover what all rely on.
  func representatives() throws -> [Named] {
    let kinds = Set(parameters.names(of: "splime").compactMap(\.first)).sorted()
    return try kinds.flatMap { kind -> [Named] in
      let prefix = "splime.\(kind)"
      guard given.holds("\(prefix).matrix") else { return [] }
      let (rows, columns, values) = try matrix("\(prefix).matrix")
      let pick = SubmodularPick(
        Matrix(rows: rows, columns: columns, values),
        count: try parameters.integer("count", of: prefix)
          ?? parameters.integer("picks", of: prefix) ?? 6,
        floor: try parameters.number("floor", of: prefix) ?? 0)
      return [
        integers("\(prefix).picks", [pick.picks.count], pick.picks),
        numbers("\(prefix).values", [pick.values.count], pick.values),
        numbers("\(prefix).importance", [columns], pick.importance),
      ]
    }
  }
}
