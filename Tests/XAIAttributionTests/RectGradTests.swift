import Testing
import XAIAttribution
import XAIKernels
import XAINetworks
import XAITensor
import XAITestSupport

@Suite struct RectGradTests {
  @Test(arguments: ["A", "B"], [98.0, 95, 80])
  func `whole maps agree with two derivations of the paper`(network: String, q: Double) throws {
    let fixture = try FixtureNetwork(network)
    let maps = try fixture.attribution(of: RectGrad(q: q), fixture.request()).maps
    try ReferenceFile("network\(network)/gradients").expect(
      maps, agreesWith: "rectgrad.q\(Int(q))")
  }

  /// The paper's rule with a full sort; `strict` false is a wrong rule.
  private func byDefinition(
    _ walk: LiteralWalk, _ targets: [Int], q: Double, strict: Bool = true
  ) -> ReferenceArray {
    let signal = walk.signal(targets) { signal, output in
      var passed = signal
      let units = signal.values.count / signal.shape[0]
      let rank = Int((Double(units - 1) * (1 - q / 100)).rounded(.toNearestOrEven))
      for image in 0..<signal.shape[0] {
        let range = image * units..<(image + 1) * units
        let scores = range.map { signal.values[$0] * output.values[$0] }
        let threshold = scores.sorted(by: >)[rank]
        for (index, score) in zip(range, scores)
        where !(strict ? score > threshold : score >= threshold) {
          passed.values[index] = 0
        }
      }
      return passed
    }
    return signal.combined(with: walk.images) { max($0 * $1, 0) }
  }

  @Test(arguments: [90.0, 60, 0], [true, false])
  func `other networks agree with a full sort in Double, and not with a wrong one`(
    q: Double, averages: Bool
  ) throws {
    let lively = try LivelyNetwork(
      Architecture(
        input: [2, 9, 7], stacks: [[5, 17], [6]], hidden: [19], classes: 4,
        globalAveragePooling: averages))
    let context = AttributionContext(algorithm: .direct)
    let maps = ReferenceArray(try lively.attribution(of: RectGrad(q: q), context).maps)
    let (walk, targets) = (lively.literal, lively.request.targets)
    let expected = byDefinition(walk, targets, q: q)
    #expect(expected.values.contains { $0 != 0 })
    expectClose(maps.values, expected.values, relative: 1e-4, "q \(q)")
    let wrong = byDefinition(walk, targets, q: q, strict: false)
    #expect(largestDeviation(maps.values, wrong.values).relative > 0.01)
  }

  @Test func `a layer too small for the percentile is named`() throws {
    let fixture = try FixtureNetwork("A")
    let result = try fixture.attribution(of: RectGrad(), fixture.request())
    #expect(
      result.notes(of: 1) == [
        "at q = 98.0 the percentile is the largest score itself in fc2_relu (24 units), so nothing "
          + "passes and every map is zero; choose a smaller q"
      ])
    #expect(result.notes.count == 1)
    #expect(result.maps.elements.allSatisfy { $0 == 0 })
    #expect(try fixture.attribution(of: RectGrad(q: 80), fixture.request()).notes.isEmpty)
  }

  @Test func `the rank is the nearest one, and 25 units have none below the first`() {
    let rule = RankedRectifier(q: 98)
    #expect(rule.rank(among: 25) == 0 && rule.rank(among: 27) == 1 && rule.rank(among: 101) == 2)
    #expect(RankedRectifier(q: 100).rank(among: 9) == 0)
    #expect(RankedRectifier(q: 0).rank(among: 9) == 8)
    // Halves go to the even neighbour: 4 * 0.5 = 2, 5 * 0.5 = 2.5.
    #expect(RankedRectifier(q: 50).rank(among: 5) == 2)
    #expect(RankedRectifier(q: 50).rank(among: 6) == 2)
    #expect(RankedRectifier(q: 50).rank(among: 8) == 4)
  }

  @Test func `what the final rectification takes away can be kept`() throws {
    let fixture = try FixtureNetwork("A")
    let signed = try fixture.attribution(
      of: RectGrad(q: 80, rectified: false), fixture.request()
    ).maps
    #expect(signed.elements.contains { $0 < 0 })
    let maps = try fixture.attribution(of: RectGrad(q: 80), fixture.request()).maps
    #expect(signed.map { max($0, 0) } == maps)
  }

  @Test func `a percentile outside of 0 to 100 is refused`() throws {
    let fixture = try FixtureNetwork("A")
    for q in [-1.0, 101, .nan] {
      let failure = try #require(throws: AttributionFailure.self) {
        try fixture.attribution(of: RectGrad(q: q), fixture.request())
      }
      #expect(failure.kind == .usage)
    }
  }
}
