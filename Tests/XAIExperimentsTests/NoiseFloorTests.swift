import Testing
import XAIExperiments
import XAIMetrics
import XAITestSupport

@Suite struct NoiseFloorTests {
  /// Original maps by image; nothing where one is missing.
  private struct Originals: MapSource {
    var maps: [RelevanceMap?]

    func map(_ key: MapKey) -> RelevanceMap? { key.step == nil ? maps[key.image] : nil }
  }

  private func map(_ name: String, _ change: (Double) -> Double = { $0 }) -> RelevanceMap {
    let values = ReferenceArray.random([16, 16], "floor \(name)").values.map(change)
    return RelevanceMap(height: 16, width: 16, values: values)
  }

  @Test func `the floor is the mean over pairs of images`() throws {
    let maps = [map("a"), map("b"), map("c")]
    let floor = try NoiseFloor.measure("m", images: 3, maps: Originals(maps: maps))
    let pairs = [(0, 1), (0, 2), (1, 2)].map { first, other in
      SSIM().similarity(of: ComparedPair(ComparedMap(maps[first]), ComparedMap(maps[other]))).value
    }
    #expect(floor.pairs == 3 && floor.constant == 0 && floor.missing == 0)
    #expect(abs((floor.mean ?? 9) - pairs.reduce(0, +) / 3) < 1e-15)
    #expect((floor.upper ?? 9) <= (pairs.max() ?? 0) && (floor.upper ?? 0) > (floor.mean ?? 1))
    // Independent noise has next to nothing in common.
    #expect(abs(floor.mean ?? 1) < 0.1)
  }

  @Test func `the order of the images changes nothing but rounding`() throws {
    let maps = (0..<5).map { map("order \($0)") }
    let floor = try NoiseFloor.measure("m", images: 5, maps: Originals(maps: maps))
    let turned = try NoiseFloor.measure("m", images: 5, maps: Originals(maps: maps.reversed()))
    #expect(abs((floor.mean ?? 0) - (turned.mean ?? 1)) < 1e-15)
  }

  @Test func `maps with a common shape have a high floor`() throws {
    let maps = (0..<4).map { index in
      let noise = map("shape \(index)")
      return RelevanceMap(
        height: 16, width: 16,
        values: noise.values.enumerated().map { $1 * 0.01 + Double($0 % 16) })
    }
    let floor = try NoiseFloor.measure("m", images: 4, maps: Originals(maps: maps))
    #expect((floor.mean ?? 0) > 0.95)
  }

  @Test func `constant and missing maps are counted and in no pair`() throws {
    let maps = [map("a"), nil, map("zero") { _ in 0 }, map("b")]
    let floor = try NoiseFloor.measure("m", images: 4, maps: Originals(maps: maps))
    #expect(floor.pairs == 1 && floor.constant == 1 && floor.missing == 1)
    let alone = try NoiseFloor.measure("m", images: 1, maps: Originals(maps: maps))
    #expect(alone.pairs == 0 && alone.mean == nil && alone.upper == nil)
  }

  @Test func `maps smaller than the window have no floor`() throws {
    let small = RelevanceMap(height: 2, width: 2, values: [1, 2, 3, 4])
    let floor = try NoiseFloor.measure("m", images: 2, maps: Originals(maps: [small, small]))
    #expect(floor.mean == nil && floor.constant == 0)
  }
}
