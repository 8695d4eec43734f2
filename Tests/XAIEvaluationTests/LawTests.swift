import Testing
import XAIEvaluation
import XAIMetrics
import XAITensor

/// Laws that hold without any reference, each shown to reject a broken measure.
@Suite struct LawTests {
  /// A law that measures keep.
  struct Law: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// What is wrong with the measure that breaks it.
    let fault: String
    /// Whether the law holds, of our measure or of a broken one.
    let holds: @Sendable (_ isBroken: Bool) throws -> Bool

    init(
      _ name: String, brokenBy fault: String,
      _ holds: @escaping @Sendable (_ isBroken: Bool) throws -> Bool
    ) {
      (testDescription, self.fault, self.holds) = (name, fault, holds)
    }
  }

  @Test(arguments: faithfulnessLaws + mapLaws)
  func `a law holds`(_ law: Law) throws { #expect(try law.holds(false)) }

  @Test(arguments: faithfulnessLaws + mapLaws)
  func `a broken measure breaks the law`(_ law: Law) throws {
    #expect(try !law.holds(true), "\(law.fault)")
  }

  static let world = TestWorld(curvature: 0.7)
  static let linear = TestWorld()

  static func curves(
    _ order: PixelOrder, _ world: TestWorld, reverse: PixelOrder? = nil
  ) throws -> CurvePair {
    let (sizes, removal) = (try CurveSteps(11).sizes(pixels: world.pixels), try world.removal())
    return CurvePair(
      morf: try RemovalCurve(RemovalPath(order, sizes: sizes), removal),
      lerf: try RemovalCurve(RemovalPath(reverse ?? order.reversed, sizes: sizes), removal))
  }

  static let faithfulnessLaws = [
    Law("insertion is the lerf curve read backwards", brokenBy: "ties in raster order both ways") {
      isBroken in
      let map = world.judged(world.tied)
      let removal = try world.removal()
      let sizes = try CurveSteps(11).sizes(pixels: world.pixels)
      // Most relevant first into the baseline.
      let inserted = try sizes.map { size -> Double in
        let shown = PixelMask(map.order.pixels.prefix(size), count: world.pixels)
        return try removal.values(without: [shown.complement])[0].probability
      }
      let raster = Array(0..<world.pixels)
      let reverse = PixelOrder(of: map.values.map(-), ties: isBroken ? raster : map.ties.map(-))
      let lerf = try curves(map.order, world, reverse: reverse).lerf
      let area = zip(sizes.indices, sizes.indices.dropFirst()).reduce(0.0) { sum, step in
        sum + Double(sizes[step.1] - sizes[step.0]) / Double(world.pixels)
          * (inserted[step.0] + inserted[step.1]) / 2
      }
      return area.isClose(to: lerf.area(.probability), within: 1e-9)
    },
    Law("the gain of -M is minus that of M", brokenBy: "orders by magnitude") { isBroken in
      let values = world.noise(0)
      func gain(_ values: [Double]) throws -> Double {
        let map = world.judged(isBroken ? values.map(abs) : values)
        return try curves(map.order, world).gain(.logit)
      }
      return try gain(values.map(-)).isClose(to: -gain(values), within: 1e-9)
    },
    Law("-M is as good as a zero map where M is better", brokenBy: "a scale that may be negative") {
      isBroken in
      let drops = try world.removal().drops(without: world.subsets()).map(\.logit)
      let sums = world.subsets().map { subset in
        subset.pixels.reduce(0) { $0 + world.contributions[$1] }
      }
      func relative(_ sums: [Double]) -> Double? {
        guard isBroken else { return Infidelity(attributed: sums, drops: drops).relative }
        let squares = sums.reduce(0) { $0 + $1 * $1 }
        let beta = zip(sums, drops).reduce(0) { $0 + $1.0 * $1.1 } / squares
        return Infidelity(attributed: sums.map { $0 * beta }, drops: drops).relative
      }
      return (relative(sums) ?? 1) < 1 && relative(sums.map(-)) == 1
    },
    Law("Shapley values sum to f(x) - f(b)", brokenBy: "coalitions that all weigh the same") {
      isBroken in
      let cells = try world.cells()
      let table = try CoalitionTable(cells: cells, try world.removal())
      let values = isBroken ? uniformValues(table) : table.shapleyValues()
      let difference = table.values[0].logit - table.values[table.values.count - 1].logit
      return values.reduce(0, +).isClose(to: difference, within: 1e-9)
    },
    Law("the oracle has share 1, and its reverse -1", brokenBy: "an oracle that is greedy") {
      isBroken in
      let table = try CoalitionTable(cells: try world.cells(), try world.removal())
      return TargetQuantity.allCases.allSatisfy { quantity in
        let bounds = table.bounds(quantity)
        let oracle = isBroken ? greedyOrder(table, quantity) : bounds.oracle
        let share = table.scores(of: oracle, quantity, within: bounds).share
        let reverse = table.scores(of: oracle.reversed(), quantity, within: bounds).share
        return share.isClose(to: 1, within: 1e-9) && reverse.isClose(to: -1, within: 1e-9)
      }
    },
    Law("a linear network's contributions are perfect", brokenBy: "magnitudes in their place") {
      isBroken in
      let values = isBroken ? linear.contributions.map(abs) : linear.contributions
      return try perfect(linear.judged(values), linear)
    },
    Law(
      "contributions that are not negative fall all the way",
      brokenBy: "values that must fall by much"
    ) {
      isBroken in
      // A network whose weights have the sign of x - b.
      let world = TestWorld(seed: 4)
      let signs = zip(world.image.elements, world.baseline.elements).map { Double($0 - $1) }
      let network = JudgedNetwork(input: [2, 6, 7], classes: 2) { images in
        Tensor(
          shape: [images.rows, 2],
          (0..<images.rows).flatMap { row -> [Float] in
            let sum = zip(images.row(row).elements, signs).reduce(0) { $0 + Double($1.0) * $1.1 }
            return [Float(sum), 0]
          })
      }
      let removal = try RemovalEvaluator(
        network, image: world.image, baseline: world.baseline, target: 0)
      let squares = (0..<world.pixels).map {
        signs[$0] * signs[$0] + signs[$0 + world.pixels] * signs[$0 + world.pixels]
      }
      let path = RemovalPath(
        world.judged(squares).order, sizes: try CurveSteps(9).sizes(pixels: world.pixels))
      let curve = try RemovalCurve(path, removal)
      return curve.fallingShare(.logit, tolerance: isBroken ? -3 : 1e-6) == 1
    },
  ]

  /// Correlations 1, relative infidelity and completeness 0.
  static func perfect(_ map: JudgedMap, _ world: TestWorld) throws -> Bool {
    let removal = try world.removal()
    let cells = try world.cells()
    let table = try CoalitionTable(cells: cells, removal)
    let relevance = cells.sums(map.values)
    let subsets = FaithfulnessCorrelation(world.subsets())
    let drops = try subsets.drops(removal)
    let ones: [Double?] =
      Correlation.allCases.map { subsets(map, drops: drops, .logit, $0) }
      + table.sensitivity(relevance)
      + Correlation.allCases.map { table.shapleyAgreement(relevance, $0) }
      + [try CellEffects(cells, removal).faithfulnessEstimate(map, .logit)]
    let square = SquareInfidelity(
      (0..<9).map {
        EvaluationDraws().square(sides: 1...3, height: 6, width: 7, image: 0, sample: $0)
      }, height: 6, width: 7)
    let zeros: [Double?] = [
      table.infidelity(relevance).relative, try square(map, removal).relative,
      try Completeness(map, removal).relative,
    ]
    return ones.allSatisfy { $0.isClose(to: 1) } && zeros.allSatisfy { $0.isClose(to: 0) }
  }

  /// What each cell contributes on average over coalitions of equal weight: Banzhaf's values.
  private static func uniformValues(_ table: CoalitionTable) -> [Double] {
    (0..<table.count).map { cell in
      let sets = table.values.indices.filter { $0 >> cell & 1 == 0 }
      return sets.reduce(0) { sum, set in
        sum + table.values[set].logit - table.values[set | 1 << cell].logit
      } / Double(sets.count)
    }
  }

  /// The cell whose removal costs most goes next.
  private static func greedyOrder(_ table: CoalitionTable, _ quantity: TargetQuantity) -> [Int] {
    var (set, order) = (0, [Int]())
    while order.count < table.count {
      let open = (0..<table.count).filter { set >> $0 & 1 == 0 }
      let next =
        open.min {
          table.values[set | 1 << $0][quantity] < table.values[set | 1 << $1][quantity]
        } ?? 0
      order.append(next)
      set |= 1 << next
    }
    return order
  }
}
