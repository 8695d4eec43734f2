import XAIAttribution
import XAIFiles
public import XAINetworks
import XAIRepresentations
import XAIStatistics
import XAITensor

extension ExampleTensors {
  /// The last layer refitted on the features of training images, and what lies in their space.
  func head() throws -> [Named] {
    let training = try images("head.images")
    let layer = try parameters.text("layer", of: "head") ?? network.network.headInput
    let outputs = try LayerOutputs([layer], of: network)
    func features(_ images: Tensor) throws -> Tensor {
      guard let features = try outputs.all(of: images)[layer] else {
        throw ExampleFailure(.missing("output of \(layer)"))
      }
      return features.reshaped(to: [features.rows, features.rowCount])
    }
    let (own, asked) = (try features(training), try features(images))
    var results: [Named] = [("head.features", .float32(own))]
    if isAsked(below: "head") { results += try influence(own, asked) }
    if isAsked(below: "mmd") { results += try prototypes(own) }
    if isAsked(below: "neighbours") { results += try neighbors(own, asked) }
    return results
  }

  private func influence(_ own: Tensor, _ asked: Tensor) throws -> [Named] {
    let names = Set(parameters.names(of: "head").compactMap(\.first)).subtracting(["features"])
    guard names.contains(where: { !given.holds("head.\($0)") }) else { return [] }
    let labels = try labels("head.labels", count: own.rows)
    let tests = try self.labels("head.testLabels", count: asked.rows)
    let classes = network.network.architecture.classes
    let problem = try HeadProblem(
      features: own, labels: labels, classes: classes,
      penalty: try parameters.number("penalty", of: "head") ?? HeadProblem.defaultPenalty)
    let influence = try HeadInfluence(problem, queries: asked, labels: tests)
    let first = influence.influence
    let own = influence.selfInfluence
    let losses = influence.state.losses
    let extent = [tests.count, labels.count]
    var results = [
      numbers("head.head", [classes, problem.width], influence.state.weights.elements),
      numbers("head.testLoss", [tests.count], influence.losses),
      numbers(
        "head.inverseHessianVector", [tests.count, classes, problem.width],
        influence.directions.flatMap(\.elements)),
      numbers("head.influence", extent, first.flatMap(\.self)),
      numbers("head.selfInfluence", [labels.count], own),
      numbers("head.trainLoss", [labels.count], losses),
    ]
    if given.holds("head.wrong") {
      let wrong = Set(try given.integers("head.wrong", in: 0...max(labels.count - 1, 0)))
      let isWrong = labels.indices.map { wrong.contains($0) }
      results.append(
        numbers(
          "head.wrongFound", [2],
          [Ranks.areaUnderCurve(own, isWrong), Ranks.areaUnderCurve(losses, isWrong)]))
    }
    return try results + removals(influence, first, extent)
  }

  /// What leaving out really does, and how well it is foretold.
  private func removals(
    _ influence: HeadInfluence, _ first: [[Double]], _ extent: [Int]
  ) throws -> [Named] {
    guard
      ["leaveOneOut", "newton", "ekfac", "agreement"].contains(where: {
        isAsked(below: "head.\($0)")
      })
    else { return [] }
    func byQuery(_ rises: [[Double]]) -> [[Double]] {
      (0..<extent[0]).map { query in rises.map { $0[query] } }
    }
    let alike = influence.firstAlike
    func once(_ rises: (Int) throws -> [Double]) rethrows -> [[Double]] {
      var known: [Int: [Double]] = [:]
      for row in Set(alike) { known[row] = try rises(row) }
      return byQuery(alike.map { known[$0] ?? [] })
    }
    let refits = try once { try influence.refit(leavingOut: [$0]) }
    let newton = once { influence.newton(leavingOut: [$0]) }
    let curvature = try EKFAC(
      features: influence.problem.features.matrix,
      probabilities: influence.state.probabilities, damping: influence.problem.penalty)
    let factored = influence.labels.indices.map { query in
      influence.products(
        with: curvature.inverse(
          influence.problem.gradient(
            of: influence.queries.row(query), label: influence.labels[query],
            at: influence.state.weights)))
    }
    let agreement = [first, newton, factored].flatMap { foretold in
      zip(foretold, refits).flatMap { [Ranks.pearson($0, $1), Ranks.spearman($0, $1)] }
    }
    return [
      numbers("head.leaveOneOut", extent, refits.flatMap(\.self)),
      numbers("head.newton", extent, newton.flatMap(\.self)),
      numbers("head.ekfac", extent, factored.flatMap(\.self)),
      numbers("head.agreement", [3 * extent[0], 2], agreement),
    ]
  }

  /// Products of gradients at the network's parameters and at those of kept epochs.
  func traces() throws -> [Named] {
    let training = try images("training/images")
    let labels = try labels("training/labels", count: training.rows)
    var networks = [network]
    for name in keptEpochs { networks.append(try self.network(named: name)) }
    var results: [Named] = []
    let last = network.network.blocks.last?.linear.name
    for (kind, names) in [("full", nil), ("last", last.map { [$0] })] {
      let prefix = "tracin.\(kind)"
      guard isAsked(below: prefix) else { continue }
      let products = try networks.map {
        try TracIn.products(
          of: (images, targets), with: (training, labels), ParameterGradients($0, of: names))
      }
      let rate = try parameters.number("rate", of: prefix) ?? 1
      let sum = TracIn.sum(
        products.map(\.dots), rates: Array(repeating: rate, count: products.count))
      let extent = [images.rows, training.rows]
      results += [
        numbers(prefix, extent, sum.flatMap(\.self)),
        numbers(
          "\(prefix).dots", [products.count] + extent, products.flatMap(\.dots).flatMap(\.self)),
        numbers("\(prefix).cosine", extent, products[0].cosines.flatMap(\.self)),
      ]
      guard kind == "last", isAsked(below: "\(prefix).factored") else { continue }
      let gradients = ParameterGradients(network, of: names)
      let factored = TracIn.products(
        ofFactors: try gradients.factors(of: images, labels: targets),
        with: try gradients.factors(of: training, labels: labels))
      results.append(numbers("\(prefix).factored", extent, factored.flatMap(\.self)))
    }
    return results
  }

  /// The prefixes of parameters of kept epochs, `training/after3`, by their number.
  private var keptEpochs: [String] {
    let start = "training/after"
    let numbers = given.names.filter { $0.hasPrefix(start) }.compactMap { name in
      name.dropFirst(start.count).split(separator: ".").first.flatMap { Int($0) }
    }
    return Set(numbers).sorted().map { start + String($0) }
  }

  private func network(named prefix: String) throws -> ExplainedNetwork {
    var parameters = Parameters()
    for (name, _) in network.network.parameterShapes {
      parameters[name] = try given.tensor("\(prefix).\(name)")
    }
    try parameters.validate(for: network.network, source: "the given parameters \(prefix)")
    return ExplainedNetwork(network.network, parameters: parameters, backend: network.backend)
  }
}

extension Network {
  /// The node whose output the last linear layer reads: `input` where there is none before it.
  public var headInput: String {
    let last = nodes.lastIndex(where: \.isLinear) ?? 0
    return last > 0 ? nodes[last - 1].name : LayerOutputs.input
  }
}
