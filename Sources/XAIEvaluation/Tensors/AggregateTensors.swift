import XAIFiles

/// `aggregate.*`: from scores to a table.
///
/// The last method is the control.
enum AggregateTensors: TensorFamily {
  static func tensor(_ name: TensorName, _ context: TensorContext) throws -> TensorData? {
    let known = ["mean", "rank", "gain", "kendall", "pareto", "rankInterval", "first"]
    guard name[0] == "aggregate", name.parts.count == 2, known.contains(name[1]) else { return nil }
    let table = try table(context)
    let shape = [table.methods, table.measures]
    func each(_ number: (_ method: Int, _ measure: Int) -> [Double?]) -> [Double?] {
      (0..<table.methods).flatMap { method in
        (0..<table.measures).flatMap { number(method, $0) }
      }
    }
    switch name[1] {
    case "mean": return .reals(shape + [3], each { numbers(table.center($0, $1)) })
    case "gain":
      return .reals(
        shape + [3], each { numbers(table.gain($0, over: table.methods - 1, $1)) })
    case "rank":
      let ranks = (0..<table.measures).map { table.ranks($0) }
      return .reals(shape, each { [ranks[$1][$0]] })
    case "kendall":
      let measures = 0..<table.measures
      return .reals(
        [table.measures, table.measures],
        measures.flatMap { left in measures.map { table.kendall(left, $0) } })
    case "pareto":
      let headline = try context.given.numbers(name.text, "measures")?.compactMap {
        Int(exactly: $0)
      }
      let front = table.paretoFront((headline ?? [0, 1, 4]).filter { 0..<table.measures ~= $0 })
      return .uint8(shape: [table.methods], front.map { $0 ? 1 : 0 })
    default: return try bootstrap(name[1], table, context)
    }
  }

  private static func numbers(_ center: CentralScore?) -> [Double?] {
    [center?.value, center?.interval?.lowerBound, center?.interval?.upperBound]
  }

  private static func table(_ context: TensorContext) throws -> ScoreTable {
    let scores = try context.given.reals(
      "aggregate.scores", [nil, nil, nil], mayBeUndefined: true)
    let directions = try context.given.masks("aggregate.higherIsBetter", [scores.shape[2]])
    return ScoreTable(
      scores.values.map { $0.isNaN ? nil : $0 }, methods: scores.shape[0],
      images: scores.shape[1], higherIsBetter: directions.values)
  }

  private static func bootstrap(
    _ name: String, _ table: ScoreTable, _ context: TensorContext
  ) throws -> TensorData {
    let samples = try samples(of: table.images, context)
    let ranks = (0..<table.measures).map { table.bootstrapRanks($0, samples: samples) }
    func each(_ number: (RankInterval) -> Double?) -> [Double?] {
      (0..<table.methods).flatMap { method in ranks.map { number($0[method]) } }
    }
    return name == "first"
      ? .reals([table.methods, table.measures], each(\.firstShare))
      : .reals(
        [2, table.methods, table.measures],
        each { $0.interval?.lowerBound } + each { $0.interval?.upperBound })
  }

  private static func samples(of images: Int, _ context: TensorContext) throws -> [[Int]] {
    let name = "aggregate.resamples"
    guard context.given.has(name) else {
      return (0..<1_000).map { context.draws.resample(images: images, sample: $0) }
    }
    let samples = try context.given.integers(name, [nil, nil])
    if let index = samples.values.first(where: { !(0..<images ~= $0) }) {
      throw EvaluationFailure(.outside(index, of: images), of: "tensor \(name)")
    }
    return samples.rows(samples.shape[0])
  }
}
