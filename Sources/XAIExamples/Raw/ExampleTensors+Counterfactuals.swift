import XAINetworks
import XAIKernels
import XAIAttribution
import XAIFiles
import XAIRepresentations
import XAITensor

extension ExampleTensors {
  /// Cells of features swapped with those of another image.
  func regions() throws -> [Named] {
    let others = try images("regions.distractors")
    guard others.rows == images.rows else {
      throw ExampleFailure(
        .shape(of: "regions.distractors", found: others.shape, expected: "\(images.shape)"))
    }
    let most =
      try parameters.count("swaps", of: "regions", in: "stop", before: " swaps") ?? 12
    var swap = try RegionSwap(at: try swappedLayer(), of: network)
    swap.mostSwaps = most
    swap.consistency = try parameters.number("consistency", of: "regions") ?? 0
    let found = try (0..<images.rows).map {
      try swap.search(images.row($0), with: others.row($0))
    }
    func padded<Value>(_ values: [Value], with rest: Value) -> [Value] {
      values + Array(repeating: rest, count: most - values.count)
    }
    return [
      integers(
        "regions.edits", [images.rows, most, 2],
        found.flatMap {
          padded($0.swaps.map { [$0.cell, $0.from] }, with: [-1, -1]).flatMap(\.self)
        }
      ),
      integers(
        "regions.numbers", [images.rows, 3],
        found.flatMap { [$0.goal, $0.swaps.count, $0.reached ? 1 : 0] }),
      numbers(
        "regions.probabilities", [images.rows, most],
        found.flatMap { padded($0.probabilities, with: 0) }),
    ]
  }

  private func swappedLayer() throws -> String? {
    if let layer = try parameters.text("layer", of: "regions") { return layer }
    guard case .string(let text)? = parameters.value("features", of: "regions"),
      let found = text.firstRange(of: "output of ")
    else { return nil }
    return String(text[found.upperBound...].prefix { !$0.isWhitespace && $0 != "," && $0 != ";" })
  }

  /// Segments whose removal changes the class.
  func evidence() throws -> [Named] {
    let segments = try segments("perturbation/segments")
    let fill =
      parameters.tensor(namedBy: ["fill"], of: "evidence", among: given.names)
      ?? "inputs/baseline.blurred"
    let absent = try images(fill)
    guard absent.rows == images.rows else {
      throw ExampleFailure(.shape(of: fill, found: absent.shape, expected: "\(images.shape)"))
    }
    var search = EvidenceCounterfactual()
    search.limit =
      try parameters.count("limit", of: "evidence", in: "limit", after: "once ") ?? search.limit
    let found = try (0..<images.rows).map {
      try search.search(
        images.row($0), absent: absent.row($0), segments, provesMinimum: false, on: reader)
    }
    func marks(_ sets: [[Int]]) -> [Int] {
      sets.flatMap { set in (0..<segments.count).map { set.contains($0) ? 1 : 0 } }
    }
    return [
      integers("evidence.found", [images.rows, segments.count], marks(found.map(\.found))),
      integers("evidence.pruned", [images.rows, segments.count], marks(found.map(\.pruned))),
      integers(
        "evidence.numbers", [images.rows, 3],
        found.flatMap { [$0.predicted, $0.changed ?? -1, $0.asked] }),
    ]
  }

  /// Steps towards a goal at least distance.
  func distances() throws -> [Named] {
    let shape = network.network.architecture.input
    let plane = shape.dropFirst().reduce(1, *)
    let goals = try labels("distance.goal", count: images.rows)
    let bounds = try given.doubles("distance.bounds")
    let deviation = try given.doubles("distance.mad")
    guard bounds.count == 2 * shape[0] else {
      throw ExampleFailure(
        .shape(
          of: "distance.bounds", found: try given.shape(of: "distance.bounds"),
          expected: "[2, \(shape[0])]"))
    }
    func entries(_ row: Int) -> [Double] {
      (0..<shape[0]).flatMap { Array(repeating: bounds[row * shape[0] + $0], count: plane) }
    }
    var descent = try ProximalDescent(
      deviation: deviation, bounds: (entries(0), entries(1)), on: network, algorithm: .direct)
    var results: [Named] = []
    for kind in ["squared", "margin"] {
      let prefix = "distance.\(kind)"
      guard given.holds("\(prefix).lambda") else { continue }
      let weights = try given.doubles("\(prefix).lambda")
      for steps in parameters.suffixes(of: prefix, behind: ["steps", "numbers"]) {
        let name = "\(prefix).steps\(steps)"
        let kappa = try parameters.number("kappa", of: name, in: "loss", after: "max(0,") ?? 0.5
        descent.loss = kind == "squared" ? .squared : .margin(kappa: kappa)
        descent.rate = try parameters.number("rate", of: name) ?? 0.01
        results += try self.steps(steps, descent, goals, weights, prefix)
      }
    }
    return results
  }

  private func steps(
    _ steps: Int, _ descent: ProximalDescent, _ goals: [Int], _ weights: [Double],
    _ prefix: String
  ) throws -> [Named] {
    guard weights.count == images.rows else {
      throw ExampleFailure(
        .shape(of: "\(prefix).lambda", found: [weights.count], expected: "[\(images.rows)]"))
    }
    var (pictures, values) = ([Double](), [Double]())
    for image in 0..<images.rows {
      try descent.run(
        from: images.row(image), goal: goals[image], weight: weights[image], steps: steps
      ) { step, point in
        guard step == steps else { return }
        pictures += point.values
        values += [
          descent.loss.value(point.logits, goal: goals[image]),
          point.logits.softmax[goals[image]], point.distance, point.share,
        ]
      }
    }
    return [
      numbers("\(prefix).steps\(steps)", images.shape, pictures),
      numbers("\(prefix).numbers\(steps)", [images.rows, 4], values),
    ]
  }

  /// The cheapest interventions on a linear model, with causes and without.
  func recourse() throws -> [Named] {
    let (observations, variables, data) = try matrix("recourse.data")
    let weights = try matrix("recourse.weights")
    let grid = try matrix("recourse.grid")
    let rows = try given.integers("recourse.rows", in: 0...max(observations - 1, 0))
    let model = try LinearModel(
      weights: (0..<weights.rows).map {
        Array(weights.values[$0 * weights.columns..<($0 + 1) * weights.columns])
      })
    let most = 1 << 12
    var search = try LeastCostRecourse(
      isActionable: try given.integers("recourse.actionable").map { $0 != 0 },
      direction: try given.integers("recourse.direction", in: -1...1),
      grid: (0..<min(grid.rows, most)).map {
        Array(grid.values[$0 * grid.columns..<($0 + 1) * grid.columns])
      },
      distributions: (0..<variables).map { variable in
        ObservedDistribution((0..<observations).map { data[$0 * variables + variable] })
      }, decision: try given.doubles("recourse.decision"))
    guard model.weights.count == variables else {
      throw ExampleFailure(
        .shape(
          of: "recourse.weights", found: [weights.rows, weights.columns],
          expected: "[\(variables), \(variables)]"))
    }
    var results: [Named] = []
    for kind in ["causal", "independent"] {
      let prefix = "recourse.\(kind)"
      search.cost = try cost(of: prefix)
      var (actions, after, costs, really) = ([Int](), [Double](), [Double](), [Double]())
      for row in rows {
        let values = Array(data[row * variables..<(row + 1) * variables])
        let answer = search.search(values) { action in
          kind == "causal"
            ? model.prediction(values, setting: action)
            : values.indices.map { action[$0] ?? values[$0] }
        }
        actions += (0..<variables).map { answer == nil ? -2 : answer?.action[$0] ?? -1 }
        after += answer?.result ?? values
        let score = answer?.score ?? search.score(values)
        costs += [answer?.cost ?? -1, score]
        let caused = model.prediction(values, setting: search.values(of: answer?.action ?? [:]))
        really += [score, search.score(caused)]
      }
      results += [
        integers("\(prefix).actions", [rows.count, variables], actions),
        numbers("\(prefix).result", [rows.count, variables], after),
        numbers("\(prefix).cost", [rows.count, 2], costs),
        numbers("\(prefix).really", [rows.count, 2], really),
      ]
    }
    return results
  }

  /// How steps are priced: by name, or by what a sentence has.
  private func cost(of prefix: String) throws -> ActionCost {
    guard let text = try parameters.text("cost", of: prefix) else { return .logPercentile }
    return ActionCost(rawValue: text) ?? (text.contains("ln(") ? .logPercentile : .percentile)
  }
}
