import Testing
import XAIAttribution
import XAIExamples
import XAIFiles
import XAIKernels
import XAINetworks
import XAIRepresentations
import XAIStatistics
import XAITensor
import XAITestSupport

@Suite struct HeadInfluenceTests {
  /// A small problem; the last image is the first one again.
  static func problem(_ count: Int = 14, features width: Int = 5, penalty: Double = 0.05) throws
    -> (problem: HeadProblem, queries: Tensor)
  {
    var stream = RandomStream(seed: 3, purpose: "head")
    var features = stream.normal(shape: [count, width])
    for index in 0..<width { features[count - 1, index] = features[0, index] }
    var labels = (0..<count).map { $0 % 3 }
    labels[count - 1] = labels[0]
    return (
      try HeadProblem(features: features, labels: labels, classes: 3, penalty: penalty),
      stream.normal(shape: [2, width])
    )
  }

  @Test func `the optimum has no slope, and every step away from it is worse`() throws {
    let (problem, _) = try Self.problem()
    let state = try problem.fit()
    #expect(state.largestSlope < HeadProblem.tolerance)
    for index in state.weights.elements.indices {
      for step in [0.01, -0.01] {
        var weights = state.weights
        weights.elements[index] += step
        #expect(problem.state(at: weights).objective > state.objective)
      }
    }
  }

  @Test func `gradient and Hessian are those that differences show`() throws {
    let (problem, _) = try Self.problem()
    var stream = RandomStream(seed: 5, purpose: "head")
    let weights = Matrix(rows: 3, columns: 6) { _, _ in stream.normal() }
    let direction = Matrix(rows: 3, columns: 6) { _, _ in stream.normal() }
    func moved(_ share: Double) -> Matrix {
      Matrix(
        rows: 3, columns: 6,
        zip(weights.elements, direction.elements).map { $0 + share * $1 })
    }
    let step = 1e-5
    let (up, down) = (problem.state(at: moved(step)), problem.state(at: moved(-step)))
    let state = problem.state(at: weights)
    let slope = zip(state.gradient.elements, direction.elements).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(abs(slope - (up.objective - down.objective) / (2 * step)) < 1e-8)
    let product = problem.hessian(direction, at: state)
    for index in product.elements.indices {
      let difference = (up.gradient.elements[index] - down.gradient.elements[index]) / (2 * step)
      #expect(abs(product.elements[index] - difference) < 1e-8)
    }
  }

  @Test func `first order foretells small effects, Newton the real ones`() throws {
    let (problem, queries) = try Self.problem(40)
    let influence = try HeadInfluence(problem, queries: queries, labels: [0, 2])
    var (first, newton) = (0.0, 0.0)
    for row in 0..<problem.count {
      let real = try influence.refit(leavingOut: [row])
      for query in 0..<2 {
        first += abs(influence.influence[query][row] - real[query])
        newton += abs(influence.newton(leavingOut: [row])[query] - real[query])
      }
    }
    #expect(newton < 0.5 * first)
    // Of the wrong sign nothing would agree.
    let real = try (0..<problem.count).map { try influence.refit(leavingOut: [$0])[0] }
    let agreement = try #require(Ranks.pearson(influence.influence[0], real))
    #expect(agreement > 0.9)
  }

  @Test func `equal images have equal influence, and count as one`() throws {
    let (problem, queries) = try Self.problem()
    let influence = try HeadInfluence(problem, queries: queries, labels: [1, 1])
    for values in influence.influence + [influence.selfInfluence] {
      #expect(values[0] == values[13])
    }
    #expect(influence.firstAlike[13] == 0 && Set(influence.firstAlike).count == 13)
    #expect(DuplicateGroups.groups(of: problem.features.matrix) == [[0, 13]])
    // Removing one leaves the other; removing both does more.
    let one = try influence.refit(leavingOut: [0])[0]
    let both = try influence.refit(leavingOut: [0, 13])[0]
    #expect(abs(both) > abs(one))
  }

  @Test func `fewer images than features keep a positive Hessian`() throws {
    let (problem, queries) = try Self.problem(6, features: 30)
    let influence = try HeadInfluence(problem, queries: queries, labels: [0, 1])
    // The direction lies in the span of the features but for the penalty's own part.
    let product = problem.hessian(influence.directions[0], at: influence.state)
    let slope = problem.gradient(
      of: influence.queries.row(0), label: 0, at: influence.state.weights)
    expectClose(product.elements, slope.elements, relative: 1e-8)
  }

  @Test func `a class with few images is marked`() throws {
    var stream = RandomStream(seed: 1, purpose: "rare")
    let features = stream.normal(shape: [9, 3])
    let problem = try HeadProblem(
      features: features, labels: [0, 0, 0, 0, 0, 0, 1, 1, 2], classes: 3, penalty: 0.1)
    let influence = try HeadInfluence(problem, queries: features.row(0), labels: [0])
    #expect(influence.inRareClasses() == [6, 7, 8])
    #expect(influence.inRareClasses(least: 2) == [8])
    #expect(try influence.refit(leavingOut: [8])[0].isFinite)
  }

  @Test func `labels that are no class, and a penalty of 0, are refused`() throws {
    let features = Tensor(shape: [2, 2], [1, 2, 3, 4])
    #expect(throws: ExampleFailure(.unknownClass(3, count: 3))) {
      try HeadProblem(features: features, labels: [0, 3], classes: 3, penalty: 1)
    }
    #expect(throws: ExampleFailure.self) {
      try HeadProblem(features: features, labels: [0, 1], classes: 3, penalty: 0)
    }
  }
}

@Suite struct EKFACTests {
  @Test func `it inverts a curvature that is a product`() throws {
    // One image many times: E[a a'] x E[e e'] is exact.
    let features = Matrix(rows: 4, columns: 3) { _, column in [0.5, -2, 1][column] }
    let probabilities = Matrix(rows: 4, columns: 2) { _, column in [0.3, 0.7][column] }
    let damping = 0.4
    let curvature = try EKFAC(features: features, probabilities: probabilities, damping: damping)
    let gradient = Matrix(rows: 2, columns: 3, [1, 2, -1, 0.5, -0.2, 0.3])
    let inverse = curvature.inverse(gradient)
    // H v = S v A + damping v must be the gradient again.
    let a = Matrix(rows: 3, columns: 3) { features[0, $0] * features[0, $1] }
    let s = Matrix(rows: 2, columns: 2, [0.21, -0.21, -0.21, 0.21])
    let product = s * inverse * a
    for index in gradient.elements.indices {
      let value = product.elements[index] + damping * inverse.elements[index]
      #expect(abs(value - gradient.elements[index]) < 1e-12)
    }
  }

  @Test func `sampled errors lead to the closed form, and damping to a tenth of the mean`() throws {
    var stream = RandomStream(seed: 8, purpose: "ekfac")
    let count = 20_000
    let probabilities = Matrix(rows: count, columns: 3) { _, column in [0.2, 0.5, 0.3][column] }
    let features = Matrix(rows: count, columns: 3) { _, column in
      column == 2 ? 1 : stream.normal()
    }
    var errors = probabilities
    for row in 0..<count {
      let draw = stream.uniform()
      errors[row, draw < 0.2 ? 0 : draw < 0.7 ? 1 : 2] -= 1
    }
    let closed = try EKFAC(features: features, probabilities: probabilities)
    let sampled = try EKFAC(features: features, errors: errors)
    #expect(abs(closed.damping / sampled.damping - 1) < 0.02)
    let gradient = Matrix(rows: 3, columns: 3) { Double($0) - Double($1) + 0.5 }
    let (left, right) = (closed.inverse(gradient), sampled.inverse(gradient))
    let deviation = largestDeviation(right.elements, left.elements)
    #expect(deviation.relative < 0.05)
  }
}

@Suite struct TracInTests {
  @Test(arguments: ["A", "P"])
  func `gradients are those that differences show, for every kind of parameter`(name: String) throws
  {
    let fixture = try FixtureNetwork(name)
    let image = fixture.images.row(1)
    let gradient = try ParameterGradients(fixture.explained).gradient(of: image, label: 1)
    #expect(gradient.count == fixture.explained.network.nodes.reduce(0) { $0 + $1.parameterCount })
    var offset = 0
    for node in fixture.explained.network.nodes {
      for (parameter, shape) in node.parameterShapes
      where !parameter.hasSuffix("running_mean") && !parameter.hasSuffix("running_var") {
        let size = shape.reduce(1, *)
        // The direction of the gradient itself: its derivative is the squared length.
        let part = gradient[offset..<offset + size].map(Double.init)
        offset += size
        let length = part.reduce(0) { $0 + $1 * $1 }.squareRoot()
        guard length > 1e-3 else { continue }
        func loss(_ step: Double) throws -> Double {
          var parameters = fixture.explained.parameters
          let old = try #require(parameters[parameter])
          parameters[parameter] = Tensor(
            shape: shape,
            zip(old.elements, part).map { $0 + Float(step * $1 / length) })
          let moved = ExplainedNetworkMaker.network(like: fixture, parameters)
          let logits = try ClassReader(moved, algorithm: .direct).logits(of: image)
          return (0..<logits.rowCount).map { Double(logits[0, $0]) }.crossEntropy(of: 1)
        }
        let step = 2e-3
        let slope = (try loss(step) - loss(-step)) / (2 * step)
        #expect(abs(slope - length) < 0.1 * length + 2e-3, "\(parameter): \(slope), \(length)")
      }
    }
    #expect(offset == gradient.count)
  }

  @Test
  func `factors of dense layers multiply to the product of gradients, with the 1 of the bias`()
    throws
  {
    let fixture = try FixtureNetwork("A")
    let names = ["fc1", "fc2", "fc3"]
    let gradients = ParameterGradients(fixture.explained, of: names)
    let images = fixture.images
    let factors = try gradients.factors(of: images, labels: [1, 2, 3])
    #expect(factors.map(\.layer) == names)
    let products = TracIn.products(ofFactors: factors, with: factors)
    let whole = try TracIn.products(
      of: (images, [1, 2, 3]), with: (images, [1, 2, 3]), gradients)
    expectClose(products.flatMap(\.self), whole.dots.flatMap(\.self), relative: 1e-5)
    let withoutBias = factors.map { ($0.layer, $0.inputs, $0.errors) }
    let less = withoutBias.reduce(0.0) { sum, factor in
      let errors = factor.2.row(0).elements.reduce(0.0) { $0 + Double($1 * $1) }
      let inputs = factor.1.row(0).elements.reduce(0.0) { $0 + Double($1 * $1) }
      return sum + errors * inputs
    }
    #expect(abs(less - products[0][0]) > 0.01 * products[0][0])
  }

  @Test func `one checkpoint is a product, several a sum weighted by their rates`() {
    let sum = TracIn.sum([[[1, 2]], [[10, 20]]], rates: [0.5, 0.1])
    #expect(sum == [[1.5, 3]])
    #expect(TracIn.sum([], rates: []).isEmpty)
  }
}

@Suite struct FeatureNeighborsTests {
  @Test func `equal distances go to the lower index, and excluded images do not count`() throws {
    let training = Tensor(shape: [4, 2], [1, 0, 0, 1, 1, 0, 3, 0])
    let query = Tensor(shape: [1, 2], [1, 0])
    let euclidean = try FeatureNeighbors(of: query, among: training, .euclidean, count: 3)
    #expect(euclidean.neighbors == [[0, 2, 1]])
    let root = Double(2).squareRoot()
    #expect(euclidean.distances == [[0, root, 0, 2]])
    let cosine = try FeatureNeighbors(of: query, among: training, count: 9, excluding: [[0]])
    #expect(cosine.neighbors == [[2, 3, 1]])
    let none = try FeatureNeighbors(of: Tensor(shape: [1, 2]), among: training, count: 1)
    #expect(none.distances == [[1, 1, 1, 1]])
    #expect(throws: ExampleFailure.self) {
      try FeatureNeighbors(of: Tensor(shape: [1, 3]), among: training)
    }
  }
}
