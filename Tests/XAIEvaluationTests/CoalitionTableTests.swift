import Testing
import XAIAttribution
import XAIEvaluation
import XAITensor

/// The table against every order, one by one, and every subset, one by one.
@Suite struct CoalitionTableTests {
  static let world = TestWorld(curvature: 0.9, seed: 8)

  private func table(_ rows: Int, _ columns: Int) throws -> CoalitionTable {
    try CoalitionTable(cells: try Self.world.cells(rows, columns), try Self.world.removal())
  }

  /// All orders of so many cells.
  private func orders(_ count: Int) -> [[Int]] {
    guard count > 0 else { return [[]] }
    return orders(count - 1).flatMap { order in
      (0...order.count).map { place in
        var longer = order
        longer.insert(count - 1, at: place)
        return longer
      }
    }
  }

  /// The area under the curve of an order, from images that are made pixel by pixel.
  private func literalArea(_ order: [Int], _ cells: ImageParts, _ quantity: TargetQuantity)
    -> Double
  {
    let world = Self.world
    var (pixels, size) = (world.image.elements, 0)
    func value() -> Double {
      let value = TargetValue(
        [Float(world.logit(pixels, 0)), Float(world.logit(pixels, 1))], of: 0)
      return quantity == .logit ? value.logit : value.probability
    }
    var (area, before) = (0.0, value())
    for cell in order {
      for pixel in 0..<world.pixels where cells.map.labels[pixel] == cell {
        for channel in 0..<2 {
          let index = channel * world.pixels + pixel
          pixels[index] = world.baseline.elements[index]
        }
        size += 1
      }
      let after = value()
      let width = Double(cells.map.labels.count { $0 == cell }) / Double(world.pixels)
      area += width * (before + after) / 2
      before = after
    }
    #expect(size == world.pixels)
    return area
  }

  @Test(arguments: [(1, 1), (1, 2), (2, 2), (2, 3)], TargetQuantity.allCases)
  func `bounds are those of all orders, tried one by one`(
    _ grid: (Int, Int), _ quantity: TargetQuantity
  ) throws {
    let table = try table(grid.0, grid.1)
    let bounds = table.bounds(quantity)
    let orders = orders(table.count)
    let areas = orders.map { literalArea($0, table.cells, quantity) }
    let gains = orders.map { order in
      literalArea(order.reversed(), table.cells, quantity)
        - literalArea(order, table.cells, quantity)
    }
    #expect(bounds.least.isClose(to: areas.min() ?? 0, within: 1e-9))
    #expect(bounds.greatest.isClose(to: areas.max() ?? 0, within: 1e-9))
    #expect(bounds.expected.isClose(to: areas.reduce(0, +) / Double(areas.count), within: 1e-9))
    #expect(bounds.greatestGain.isClose(to: gains.max() ?? 0, within: 1e-9))
    #expect(
      literalArea(bounds.bestOrder, table.cells, quantity).isClose(to: bounds.least, within: 1e-9))
    #expect(table.gain(of: bounds.oracle, quantity).isClose(to: bounds.greatestGain, within: 1e-9))
  }

  @Test func `a wrong weight of cells is noticed`() throws {
    let table = try table(2, 3)
    let order = table.bounds(.logit).bestOrder
    let even = (0..<table.count).reduce((0, 0.0)) { state, step in
      let next = state.0 | 1 << order[step]
      let height = (table.values[state.0].logit + table.values[next].logit) / 2
      return (next, state.1 + height / Double(table.count))
    }
    #expect(!even.1.isClose(to: literalArea(order, table.cells, .logit), within: 1e-3))
  }

  @Test func `Shapley values are the means over all orders`() throws {
    let table = try table(2, 2)
    var sums = Array(repeating: 0.0, count: 4)
    let orders = orders(4)
    for order in orders {
      var set = 0
      for cell in order {
        sums[cell] += table.values[set].logit - table.values[set | 1 << cell].logit
        set |= 1 << cell
      }
    }
    for (value, sum) in zip(table.shapleyValues(), sums) {
      #expect(value.isClose(to: sum / Double(orders.count), within: 1e-9))
    }
  }

  @Test func `subsets are all subsets, one by one`() throws {
    let table = try table(2, 2)
    let relevance = [0.3, -1.2, 2, 0.4]
    let sets = (1..<16).map { set in (0..<4).filter { set >> $0 & 1 == 1 } }
    let sums = sets.map { $0.reduce(0) { $0 + relevance[$1] } }
    let drops = (1..<16).map { table.values[0].logit - table.values[$0].logit }
    let literal = Infidelity(attributed: sums, drops: drops)
    #expect(table.infidelity(relevance).plain.isClose(to: literal.plain, within: 1e-12))
    for (size, value) in table.sensitivity(relevance).enumerated() {
      let chosen = sets.indices.filter { sets[$0].count == size + 1 }
      let pearson = Correlation.pearson.of(chosen.map { sums[$0] }, chosen.map { drops[$0] })
      #expect(value.isClose(to: pearson, within: 1e-12))
    }
  }

  @Test func `a network that ignores the image has no share`() throws {
    let world = Self.world
    let network = JudgedNetwork(input: [2, 6, 7], classes: 2) { images in
      Tensor(shape: [images.rows, 2], repeating: 0.3)
    }
    let removal = try RemovalEvaluator(
      network, image: world.image, baseline: world.baseline, target: 1)
    let table = try CoalitionTable(cells: try world.cells(), removal)
    let scores = table.scores(
      of: [0, 1, 2, 3, 4, 5], .logit, within: table.bounds(.logit))
    #expect(scores.share == nil && scores.deletionShare == nil)
    #expect(table.infidelity([1, 2, 3, 4, 5, 6]).relative == nil)
    #expect(table.sensitivity([1, 2, 3, 4, 5, 6]).allSatisfy { $0 == nil })
  }

  @Test func `equal orders count half in the percentile`() throws {
    let table = try table(1, 3)
    let orders = orders(3)
    let gains = orders.map { table.gain(of: $0, .logit) }
    for (order, gain) in zip(orders, gains) {
      let beaten = gains.reduce(0) { $0 + ($1 < gain ? 1 : $1 == gain ? 0.5 : 0) }
      #expect(table.percentile(of: order, among: orders, .logit) == beaten / 6)
    }
    #expect(table.percentile(of: [0, 1, 2], among: [], .logit) == nil)
  }

  @Test func `a random order has the expectation 0`() throws {
    let table = try table(2, 3)
    let bounds = table.bounds(.logit)
    let shares = orders(6).compactMap { table.scores(of: $0, .logit, within: bounds).share }
    #expect(shares.count == 720)
    #expect((shares.reduce(0, +) / 720).isClose(to: 0, within: 1e-9))
  }
}
