import Testing
import XAIExperiments
import XAIExperimentsTestSupport
import XAIReports

@Suite struct PackedNumbersTests {
  @Test(
    arguments: [
      (0.5, "500000"), (-0.25, "-250000"), (1e-7, "0"), (0.9999996, "1000000"), (nil, ""),
      (Double.nan, ""), (.infinity, ""), (1e9, ""),
    ] as [(Double?, String)])
  func `a number is millionths, and nothing where there is none`(value: Double?, expected: String) {
    #expect(PackedNumbers.packed(value) == expected)
  }

  @Test func `every number has its place`() throws {
    let results = try FabricatedTest.small().results()
    let seeds = [1, 0]
    let packed = PackedNumbers(results, images: 2, seeds: seeds)
    let steps = results.plans.flatMap { plan in plan.layers.map { (plan.mode, $0) } }
    #expect(packed.stepCount == steps.count)
    for (method, record) in results.methods.enumerated() {
      for measure in results.measures.indices {
        let values = packed.scores[method][measure].split(
          separator: ",", omittingEmptySubsequences: false)
        #expect(values.count == steps.count * 2 * seeds.count)
        for row in results.scores where row.method == record.identifier && row.image < 2 {
          guard let seed = seeds.firstIndex(of: row.step.seed),
            let step = steps.firstIndex(where: { $0 == row.step.mode && $1 == row.step.layer })
          else { continue }
          let place = (step * 2 + row.image) * seeds.count + seed
          #expect(String(values[place]) == PackedNumbers.packed(row.values[measure]))
        }
      }
    }
  }

  @Test func `a summary has four numbers at each step`() throws {
    let results = try FabricatedTest.small().results()
    let packed = PackedNumbers(results, images: 1, seeds: [0])
    let row = try #require(
      results.summaries.first {
        $0.method == results.methods[1].identifier && $0.measure == results.measures[0]
          && $0.mode == results.plans[0].mode && $0.layer == results.plans[0].layers[1]
      })
    let values = packed.summaries[1][0].split(separator: ",", omittingEmptySubsequences: false)
    #expect(
      values[4..<8].map(String.init)
        == [row.mean, row.deviation, row.lower, row.upper].map { PackedNumbers.packed($0) })
  }
}
