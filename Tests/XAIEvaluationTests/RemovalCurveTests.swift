import Testing
import XAIAttribution
import XAIEvaluation
import XAIFiles
import XAIKernels
import XAITensor

/// Curves against images that are made pixel by pixel.
@Suite struct RemovalCurveTests {
  static let world = TestWorld(curvature: 0.6, seed: 11)

  /// What the network says when the first pixels of an order are gone.
  private func literal(_ pixels: ArraySlice<Int>) -> TargetValue {
    let world = Self.world
    var image = world.image.elements
    for pixel in pixels {
      for index in [pixel, pixel + world.pixels] { image[index] = world.baseline.elements[index] }
    }
    return TargetValue([Float(world.logit(image, 0)), Float(world.logit(image, 1))], of: 0)
  }

  @Test(arguments: [1, 5, 32, 42, 500])
  func `points and areas are those of a plain loop`(_ steps: Int) throws {
    let world = Self.world
    let map = world.judged(world.noise(4))
    let sizes = try CurveSteps(steps).sizes(pixels: world.pixels)
    #expect(sizes.count == min(steps, 42) + 1 && sizes.first == 0 && sizes.last == 42)
    let curve = try RemovalCurve(
      RemovalPath(map.order, sizes: sizes), try world.removal())
    let values = sizes.map { literal(map.order.pixels.prefix($0)) }
    #expect(curve.values == values)
    var (logit, probability) = (0.0, 0.0)
    for step in sizes.indices.dropLast() {
      let width = Double(sizes[step + 1] - sizes[step]) / 42
      logit += width * (values[step].logit + values[step + 1].logit) / 2
      probability += width * (values[step].probability + values[step + 1].probability) / 2
    }
    #expect(curve.area(.logit).isClose(to: logit, within: 1e-12))
    #expect(curve.area(.probability).isClose(to: probability, within: 1e-12))
    let mean = values.reduce(0) { $0 + values[0].logit - $1.logit } / Double(values.count)
    #expect(curve.meanDrop(.logit).isClose(to: mean, within: 1e-12))
  }

  @Test func `sizes round halves up`() throws {
    #expect(try CurveSteps(4).sizes(pixels: 10) == [0, 3, 5, 8, 10])
    #expect(try CurveSteps(32).sizes(pixels: 3) == [0, 1, 2, 3])
  }

  @Test func `equal values go by tie rank, and the reverse is exact`() {
    let order = PixelOrder(of: [1, 3, 1, 3, 2], ties: [4, 1, 0, 3, 2])
    #expect(order.pixels == [1, 3, 4, 2, 0])
    #expect(order.reversed.pixels == [0, 2, 4, 3, 1])
  }

  @Test func `parts are ordered by mean, not by sum`() throws {
    // One row of five pixels in squares of side 2: the last one is smaller.
    let parts = try ImageParts(squaresOf: 2, height: 1, width: 5)
    #expect(parts.map.labels == [0, 0, 1, 1, 2])
    let values = [1.0, 1, 3, 0, 1.75]
    #expect(parts.order(of: values, ties: [0, 1, 2, 3, 4]) == [2, 1, 0])
    #expect(parts.sums(values) == [2, 3, 1.75])
    let path = RemovalPath([2, 1, 0], of: parts)
    #expect(path.sizes == [0, 1, 3, 5])
    #expect(path.masks.map(\.pixels) == [[], [4], [2, 3, 4], [0, 1, 2, 3, 4]])
  }

  @Test func `equal parts go by their least tie rank`() throws {
    let parts = try ImageParts(rows: 1, columns: 2, height: 1, width: 4)
    #expect(parts.order(of: [1, 1, 1, 1], ties: [3, 1, 0, 2]) == [1, 0])
    #expect(parts.order(of: [1, 1, 1, 1], ties: [3, 0, 1, 2]) == [0, 1])
  }

  @Test func `monotonicity counts steps, and effective complexity finds the first point`() {
    func value(_ number: Double) -> TargetValue { TargetValue(logit: 0, probability: number) }
    let falling = RemovalCurve(sizes: [0, 2, 6, 10], values: [0.8, 0.9, 0.5, 0.5].map(value))
    #expect(falling.fallingShare(.probability) == 2.0 / 3)
    // Read backwards: 0 pixels keep 0.75, 4 keep 0.7, 8 keep 0.2.
    let curve = RemovalCurve(sizes: [0, 2, 6, 10], values: [0.8, 0.2, 0.7, 0.75].map(value))
    #expect(curve.effectiveComplexity() == 0)
    #expect(curve.effectiveComplexity(keeping: 0.95) == 1)
    #expect(
      RemovalCurve(sizes: [0, 2, 6, 10], values: [0.8, 0.7, 0.76, 0.1].map(value))
        .effectiveComplexity() == 0.4)
  }

  @Test func `erasure is the mean over its fractions`() throws {
    let (world, erasure) = (Self.world, Erasure(fractions: [0.001, 0.1, 0.5]))
    let order = world.judged(world.noise(4)).order
    #expect(erasure.sizes(pixels: 42) == [1, 5, 21])
    let removal = try world.removal()
    let whole = literal([])
    let top = [1, 5, 21].map { whole.logit - literal(order.pixels.prefix($0)).logit }
    let rest = [1, 5, 21].map { whole.logit - literal(order.pixels.dropFirst($0)).logit }
    let both = (
      try erasure.comprehensiveness(order, removal).logit,
      try erasure.sufficiency(order, removal).logit
    )
    #expect(both.0.isClose(to: top.reduce(0, +) / 3, within: 1e-12))
    #expect(both.1.isClose(to: rest.reduce(0, +) / 3, within: 1e-12))
  }

  @Test func `the same removal costs one pass, whoever asks`() throws {
    let world = Self.world
    let removal = try world.removal()
    let map = world.judged(Array(repeating: 1, count: world.pixels))
    let sizes = try CurveSteps(8).sizes(pixels: world.pixels)
    _ = try RemovalCurve(RemovalPath(map.order, sizes: sizes), removal)
    #expect(removal.passes == 9)
    let zero = world.judged(Array(repeating: 0, count: world.pixels))
    _ = try RemovalCurve(RemovalPath(zero.order, sizes: sizes), removal)
    _ = try RemovalCurve(RemovalPath(map.order.reversed, sizes: sizes), removal)
    // The ends are shared, and so is the middle by chance of none.
    #expect(removal.passes == 9 + 7)
  }

  @Test func `what is not of the network is refused`() throws {
    let world = Self.world
    #expect(throws: EvaluationFailure(.outside(2, of: 2), of: "the target")) {
      try RemovalEvaluator(world.network, image: world.image, baseline: world.baseline, target: 2)
    }
    #expect(
      throws: EvaluationFailure(.shape([2, 7, 6], expected: "[2, 6, 7]"), of: "the baseline")
    ) {
      try RemovalEvaluator(
        world.network, image: world.image, baseline: Tensor(shape: [2, 7, 6]), target: 0)
    }
  }

  @Test func `a score knows neither batch nor threads nor other methods`() throws {
    let fixture = try EvaluationFixture()
    let image = try fixture.inputs.tensor("images").row(1).reshaped(to: [3, 16, 16])
    let baseline = try fixture.inputs.tensor("baseline.black").row(1).reshaped(to: [3, 16, 16])
    let orders = (0..<3).map { EvaluationDraws().randomOrder(of: 256, image: 0, $0) }
    let paths = try orders.map {
      RemovalPath(
        try PixelOrder($0, subject: "order"), sizes: try CurveSteps(40).sizes(pixels: 256))
    }
    func curve(memory: Int, beside others: [RemovalPath]) throws -> RemovalCurve {
      let removal = try RemovalEvaluator(
        fixture.judged(.fastest, memory: memory), image: image, baseline: baseline, target: 3)
      try removal.prepare((others + [paths[0]]).flatMap(\.masks))
      return try RemovalCurve(paths[0], removal)
    }
    let alone = try curve(memory: 256 << 20, beside: [])
    #expect(try curve(memory: 1, beside: []) == alone)
    #expect(try curve(memory: 256 << 20, beside: [paths[2], paths[1]]) == alone)
  }
}
