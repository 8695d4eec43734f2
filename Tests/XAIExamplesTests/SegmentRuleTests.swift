import Testing
import XAIAttribution
import XAIExamples
import XAIFiles
import XAIRepresentations
import XAITensor
import XAITestSupport

@Suite struct SegmentRulesTests {
  private func rules(_ fixture: FixtureNetwork, keep: Double = 0.5, seed: UInt64 = 1) throws
    -> SegmentRules
  {
    let image = fixture.images.row(0)
    let predicted = try fixture.reader.logits(of: image).largestOfRow(0)
    let map = try SegmentMap(
      grid: PixelExtent(3, 4), height: image.shape[2], width: image.shape[3])
    let fills = try fixture.given.tensor("inputs/baseline.distribution")
    return try SegmentRules(
      image: image, target: predicted, segments: map, fills: fills, keep: keep, seed: seed,
      fixture.reader)
  }

  @Test func `a sample is a function of its name: parts change nothing, seeds and purposes do`()
    throws
  {
    let rules = try rules(FixtureNetwork("P"))
    let whole = try rules.matches(of: [3], samples: 0..<60, purpose: "search")
    let parts = try [0..<7, 7..<30, 30..<60].flatMap {
      try rules.matches(of: [3], samples: $0, purpose: "search")
    }
    #expect(whole == parts)
    #expect(try rules.matches(of: [3], samples: 0..<60, purpose: "proof") != whole)
    let other = try self.rules(FixtureNetwork("P"), seed: 2)
    #expect(try other.matches(of: [3], samples: 0..<60, purpose: "search") != whole)
  }

  @Test func `the rule of all segments always holds`() throws {
    let rules = try rules(FixtureNetwork("P"), keep: 0)
    let all = Array(0..<rules.segments.count)
    #expect(try rules.matches(of: all, samples: 0..<20, purpose: "proof").allSatisfy { $0 })
    // With nothing kept the image is another one.
    #expect(try rules.matches(of: [], samples: 0..<40, purpose: "proof").contains(false))
  }

  @Test func `what does not fit is refused`() throws {
    let fixture = try FixtureNetwork("P")
    let map = try SegmentMap(grid: PixelExtent(2, 2), height: 8, width: 8)
    #expect(throws: ExampleFailure.self) {
      try SegmentRules(
        image: fixture.images.row(0), target: 0, segments: map, fills: fixture.images,
        fixture.reader)
    }
    #expect(throws: ExampleFailure.self) { try rules(fixture, keep: 1.5) }
  }
}

extension Tensor {
  /// The index of the largest element of a row.
  func largestOfRow(_ row: Int) -> Int {
    (1..<rowCount).reduce(0) { self[row, $1] > self[row, $0] ? $1 : $0 }
  }
}
