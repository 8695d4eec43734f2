import Testing
import XAIRepresentations
import XAIStatistics
import XAITensor
import XAITestSupport

@Suite struct ConceptLawTests {
  /// Sets of images as a layer sees them: normal features about a mean that is not 0.
  private struct World {
    static let features = 24
    static let size = 8
    static let runs = 4
    static let controls = 19
    var stream: RandomStream

    mutating func set(shifted by: Float = 0) -> Tensor {
      var set = stream.normal(shape: [Self.size, Self.features], mean: 2)
      for row in 0..<Self.size { set[row, 0] += by }
      return set
    }

    /// Gradients of a class are nearly parallel.
    mutating func gradients() -> Tensor {
      var common = stream.normal(shape: [1, Self.features])
      common[0, 0] = 6
      let own = stream.normal(shape: [12, Self.features], standardDeviation: 0.1)
      return common.rows(at: Array(repeating: 0, count: 12)).combined(with: own, +)
    }

    /// The tests of a concept: by rank, and the published one.
    mutating func test(shift: Float) throws -> (test: ConceptTest, accuracy: Double) {
      let negatives = try ConceptNegatives(
        (0..<Self.runs).map { _ in set() }, gradients: gradients())
      let concept = try negatives.products(of: set(shifted: shift))
      let controls = try (0..<Self.controls).map { _ in try negatives.products(of: set()) }
      let scores = try concept.scores(of: [0..<12])[0]
      let others = try controls.map { try $0.scores(of: [0..<12])[0] }
      let margins = try (0..<Self.runs).map { try concept.crossFittedMargins(run: $0) }
      let right = margins.joined().enumerated().count { index, margin in
        (margin > 0) == (index % (2 * Self.size) < Self.size)
      }
      return (
        ConceptTest(scores, controls: others, controlScores: others.joined().map(\.score)),
        Double(right) / Double(Self.runs * 2 * Self.size)
      )
    }
  }

  @Test func `a random concept is used in at most 28 of 400 trials, unlike by the t test`()
    throws
  {
    var (used, significant, published) = (0, 0, 0)
    for trial in 0..<400 {
      var world = World(stream: RandomStream(seed: 20, purpose: "trial", trial))
      let (test, accuracy) = try world.test(shift: 0)
      let verdict = ConceptVerdict(
        adjustedP: test.rank.p, accuracy: accuracy, rows: 2 * World.size)
      if verdict == .used { used += 1 }
      if test.rank.p <= 0.05 { significant += 1 }
      if let p = test.welch?.p, p <= 0.05 { published += 1 }
    }
    #expect(used <= 28, "\(used)")
    #expect(significant <= 28, "\(significant)")
    // The law can fail: the t test of runs that share their images breaks it by far.
    #expect(published > 60, "\(published)")
  }

  @Test func `a concept that moves the class is found`() throws {
    var world = World(stream: RandomStream(seed: 21, purpose: "planted"))
    let (test, accuracy) = try world.test(shift: 6)
    let verdict = ConceptVerdict(adjustedP: test.rank.p, accuracy: accuracy, rows: 16)
    #expect(verdict == .used && test.cosine > 0)
    let opposite = try world.test(shift: -6).test
    #expect(opposite.rank.p == 0.05 && opposite.cosine < 0)
  }

  @Test func `what cannot be told from random images is not learnable, whatever its score`() {
    #expect(ConceptVerdict(adjustedP: 0.001, accuracy: 0.5, rows: 100) == .notLearnable)
    #expect(ConceptVerdict(adjustedP: 0.06, accuracy: 0.9, rows: 100) == .notShown)
    #expect(ConceptVerdict(adjustedP: 0.05, accuracy: 0.6, rows: 100) == .used)
    #expect(ConceptVerdict(adjustedP: 0.05, accuracy: 0.6, rows: 20) == .notLearnable)
  }

  @Test func `sensitivities through products are those of the vector itself`() throws {
    var world = World(stream: RandomStream(seed: 22, purpose: "products"))
    let (negative, concept, gradients) = (world.set(), world.set(shifted: 1), world.gradients())
    let negatives = try ConceptNegatives([negative], gradients: gradients)
    let products = try negatives.products(of: concept)
    for kind in ConceptVector.Kind.allCases {
      let vector = try products.vector(run: 0, kind: kind)
      let direction = vector.direction(of: Tensor(stacking: [concept, negative]))
      #expect(abs(direction.reduce(0) { $0 + $1 * $1 } - 1) < 1e-12)
      let plain = (0..<12).map { row in
        direction.enumerated().reduce(0.0) { $0 + $1.element * Double(gradients[row, $1.offset]) }
      }
      expectClose(products.sensitivities(of: vector, run: 0), plain, relative: 1e-10)
    }
  }

  @Test func `a scale of all features changes neither vectors nor intercepts`() throws {
    var world = World(stream: RandomStream(seed: 23, purpose: "scale"))
    let (negative, concept) = (world.set(), world.set(shifted: 1))
    func vector(_ factor: Float) throws -> ConceptVector {
      let negatives = try ConceptNegatives(
        [negative.map { factor * $0 }], gradients: Tensor(shape: [1, World.features]))
      return try negatives.products(of: concept.map { factor * $0 }).vector(run: 0)
    }
    let (plain, scaled) = (try vector(1), try vector(64))
    expectClose(plain.coefficients, scaled.coefficients, relative: 1e-9)
    #expect(abs(scaled.scale / plain.scale - 64) < 1e-9)
  }

  @Test func `scores by hand, dead paths included`() {
    let scores = ConceptScores([1, -3, 0, 0], gradientLengths: [2, 3, 5, 0])
    #expect(scores.score == 0.25 && scores.zeroShare == 0.5)
    #expect(scores.magnitude == 0.25 && scores.cosine == (0.5 - 1) / 4)
    #expect(ConceptScores([0], gradientLengths: [0]).magnitude == nil)
  }

  @Test func `all scores of all sets equal give p = 1`() {
    let same = [ConceptScores([1], gradientLengths: [1])]
    #expect(ConceptTest(same, controls: Array(repeating: same, count: 19)).rank.p == 1)
  }

  @Test func `so few random concepts that nothing can be significant are refused`() {
    #expect(
      throws: RepresentationFailure(.neverSignificant(controls: 38, tests: 2, needed: 39))
    ) { try ConceptTest.require(controls: 38, tests: 2) }
    #expect(throws: Never.self) { try ConceptTest.require(controls: 39, tests: 2) }
    #expect(ConceptTest.defaultControls(tests: 3) == 99)
    #expect(ConceptTest.defaultControls(tests: 8) == 159)
  }

  @Test func `sets of other sizes and images in two sets are refused`() throws {
    var world = World(stream: RandomStream(seed: 24, purpose: "sizes"))
    let set = world.set()
    #expect(throws: RepresentationFailure.self) {
      try ConceptNegatives([set, set.rows(0..<5)], gradients: world.gradients())
    }
    let negatives = try ConceptNegatives([set], gradients: world.gradients())
    #expect(throws: RepresentationFailure.self) { try negatives.products(of: set.rows(0..<5)) }
    #expect(throws: RepresentationFailure(.shared("two", with: "one"))) {
      try ConceptSets.requireDisjoint([("one", ["a", "b"]), ("two", ["c", "b"])])
    }
    #expect(throws: RepresentationFailure(.shared("one", with: "one"))) {
      try ConceptSets.requireDisjoint([("one", ["a", "a"])])
    }
  }

  @Test func `relative negatives come from the other concepts without repetition`() throws {
    let concepts = (0..<3).map { number in
      Tensor(shape: [4, 1], (0..<4).map { Float(10 * number + $0) })
    }
    let sets = try RelativeConcepts.negatives(concepts, of: 1, runs: 5, seed: 0)
    #expect(sets.count == 5 && Set(sets.map(\.elements)).count > 1)
    for set in sets {
      #expect(Set(set.elements).count == 4 && set.elements.allSatisfy { $0 < 10 || $0 >= 20 })
    }
  }
}
