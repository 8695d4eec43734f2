import FoundationEssentials
import Testing
import XAIAttribution
import XAITensor
import XAITestSupport

@Suite("LIME, Kernel SHAP and Shapley values")
struct SegmentMethodTests {
  @Test("LIME's rows, weights, values and fit agree with the reference", arguments: ["A", "B"])
  func lime(network: String) throws {
    let fixture = try PerturbationFixture(network)
    for (name, fill) in [("mean", AbsentFill.mean), ("zero", .zero)] {
      let method = LIME(
        segmentation: try fixture.segmentation(), fill: fill,
        design: try fixture.tensor("lime.design"))
      let rows = try method.rows(of: 12, seed: 0, key: 0)
      try fixture.reference.expect(
        ReferenceArray([rows.count], rows.map(method.weight)), agreesWith: "lime.weights",
        in: .double)
      let values = try fixture.rows { image in
        try fixture.values(
          fixture.game(image, fill: fill, score: .probability), rows)
      }
      try fixture.reference.expect(values, agreesWith: "lime.\(name).values")
      let intercepts = try fixture.rows { image in
        let row = Array(values.values[image * rows.count..<(image + 1) * rows.count])
        return [try method.fit(rows, row).intercept]
      }
      try fixture.reference.expect(
        intercepts.reshaped([3]), agreesWith: "lime.\(name).intercept")
      try fixture.expect(
        fixture.network.attribution(of: method, fixture.request).maps,
        agreesWith: "lime.\(name).coefficients")
    }
  }

  @Test("Both variants of Kernel SHAP agree with the reference", arguments: ["A", "B"])
  func kernelShap(network: String) throws {
    let fixture = try PerturbationFixture(network)
    for variant in [KernelSHAP.Variant.constrained, .weighted] {
      let method = KernelSHAP(
        variant: variant, segmentation: try fixture.segmentation(), fill: .zero,
        design: try fixture.tensor("kernelShap.design"))
      let result = try fixture.network.attribution(of: method, fixture.request)
      try fixture.expect(result.maps, agreesWith: "kernelShap.\(variant.rawValue)")
      #expect(result.laws.count == (variant == .constrained ? 3 : 0))
      let holds = result.laws.allSatisfy { $0.holds == true }
      #expect(holds)
      let design = try method.design(of: 12, seed: 0, key: 0)
      try fixture.reference.expect(
        fixture.rows { try fixture.values(fixture.game($0), design.coalitions) },
        agreesWith: "kernelShap.values")
      guard variant == .constrained else { continue }
      try fixture.reference.expect(
        ReferenceArray([48], Array(design.weights.dropFirst(2))), agreesWith: "kernelShap.kernel",
        in: .double)
    }
  }

  @Test("Exact Shapley values agree with the reference", arguments: ["A", "B"])
  func shapley(network: String) throws {
    let fixture = try PerturbationFixture(network)
    let method = ShapleyValues(
      segmentation: try fixture.segmentation("shapley.segments"), fill: .zero)
    let result = try fixture.network.attribution(of: method, fixture.request)
    try fixture.expect(
      result.maps, agreesWith: "shapley.exact", segments: "shapley.segments")
    let holds = result.laws.allSatisfy { $0.holds == true }
    #expect(result.laws.count == 3)
    #expect(holds)
    try fixture.reference.expect(
      fixture.rows {
        try fixture.values(fixture.game($0, "shapley.segments"), Coalition.all(of: 8))
      },
      agreesWith: "shapley.values")
    // A grid of 4 x 2 is the same segmentation.
    let grid = ShapleyValues(
      segmentation: Segmentation(.grid, grid: PixelExtent(4, 2)), fill: .zero)
    #expect(try fixture.network.attribution(of: grid, fixture.request).maps == result.maps)
  }

  /// The value of a coalition of four players: 0 and 1 are alike, 3 adds nothing.
  static func worth(_ coalition: Int) -> Double {
    let (a, b, c) = (coalition & 1, coalition >> 1 & 1, coalition >> 2 & 1)
    let synergy: Int = -4 * a * b * c
    let alone: Int = 3 * a + 3 * b + 5 * c
    return Double(2 + alone + synergy)
  }

  @Test("Shapley values are efficient, symmetric and give a dummy nothing")
  func axioms() {
    let values = ShapleyValues.exact((0..<16).map(Self.worth), players: 4)
    // By hand: the synergy of -4 among three players is shared equally.
    let expected: [Double] = [5.0 / 3, 5.0 / 3, 11.0 / 3, 0]
    expectClose(values, expected, relative: 1e-14)
    let gain: Double = Self.worth(15) - Self.worth(0)
    let sum: Double = values.reduce(0, +)
    #expect(abs(sum - gain) < 1e-13)
    #expect(abs(values[0] - values[1]) < 1e-14)
    #expect(abs(values[3]) < 1e-14)
  }

  @Test("Shapley values are the mean over all orders of joining, taken literally")
  func orders() {
    func orders(_ players: [Int]) -> [[Int]] {
      players.isEmpty
        ? [[]]
        : players.flatMap { first in orders(players.filter { $0 != first }).map { [first] + $0 } }
    }
    var stream = RandomStream(seed: 3, purpose: "test/game")
    let game = (0..<32).map { _ in stream.normal() }
    var expected = Array(repeating: 0.0, count: 5)
    for order in orders(Array(0..<5)) {
      var present = 0
      for player in order {
        expected[player] += (game[present | 1 << player] - game[present]) / 120
        present |= 1 << player
      }
    }
    expectClose(ShapleyValues.exact(game, players: 5), expected, relative: 1e-13)
  }

  @Test("Kernel SHAP over all coalitions equals exact Shapley values")
  func kernelShapIsExact() throws {
    var stream = RandomStream(seed: 4, purpose: "test/game")
    let game = (0..<64).map { _ in stream.normal() }
    let method = KernelSHAP(samples: 62)
    var design = try method.design(of: 6, seed: 0, key: 0)
    #expect(design.coalitions.count == 64)
    func values() -> [Double] {
      design.coalitions.map { (coalition: Coalition) -> Double in
        var index = 0
        for (player, isPresent) in coalition.members.enumerated() where isPresent {
          index |= 1 << player
        }
        return game[index]
      }
    }
    let exact = ShapleyValues.exact(game, players: 6)
    expectClose(try method.shares(design, values()).values, exact, relative: 1e-12)
    expectClose(
      try KernelSHAP(variant: .weighted).shares(design, values()).values, exact, relative: 1e-3)
    // Another kernel is noticed.
    design.weights = design.weights.map { _ in 1 }
    let wrong = try method.shares(design, values()).values
    #expect(largestDeviation(wrong, exact).relative > 1e-3)
  }

  @Test("Sizes of drawn coalitions follow the Shapley kernel")
  func kernelSizes() {
    var counts = Array(repeating: 0.0, count: 6)
    for draw in 0..<20000 {
      var stream = RandomStream(seed: 1, purpose: "test/sizes", draw)
      counts[Coalition.kernelDrawn(6, from: &stream).size] += 1 / 20000
    }
    let masses: [Double] = [0, 1.0 / 5, 1.0 / 8, 1.0 / 9, 1.0 / 8, 1.0 / 5]
    let total: Double = masses.reduce(0, +)
    expectClose(counts, masses.map { $0 / total }, relative: 0, absolute: 0.02)
  }

  @Test("Least squares find a hand-computed line and refuse what is not determined")
  func leastSquares() throws {
    // y = 1, 3, 4 at x = 0, 1, 2: slope 1.5, intercept 7/6.
    let line = try #require(
      LeastSquares.fit([[0], [1], [2]], [1, 3, 4], weights: [1, 1, 1]))
    expectClose(line.coefficients + [line.intercept], [1.5, 7.0 / 6], relative: 1e-14)
    // With a penalty of 2: slope 3 / (2 + 2).
    let ridge = try #require(
      LeastSquares.fit([[0], [1], [2]], [1, 3, 4], weights: [1, 1, 1], penalty: 2))
    expectClose(ridge.coefficients, [0.75], relative: 1e-14)
    #expect(
      LeastSquares.coefficients([[1, 2], [2, 4], [3, 6]], [1, 2, 3], weights: [1, 1, 1]) == nil)
    #expect(LeastSquares.coefficients([[1, 2]], [1], weights: [1]) == nil)
    #expect(LeastSquares.coefficients([[1, 2]], [1], weights: [1], penalty: 1) != nil)
  }
}
