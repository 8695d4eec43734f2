import Foundation
import Testing
import XAIExperiments
import XAIMetrics
import XAITestSupport

@Suite struct ComplexityRiseTests {
  private func row(_ values: [Double]) -> RelevanceMap {
    RelevanceMap(height: 1, width: values.count, values: values)
  }

  /// The histogram of numpy's edges and the entropy by its definition.
  private func literal(_ values: [Double], bins: Int) -> Double {
    let (least, greatest) = (values.min() ?? 0, values.max() ?? 0)
    let edges = (0...bins).map { least + (greatest - least) * Double($0) / Double(bins) }
    let counts = (0..<bins).map { bin in
      values.count {
        edges[bin] <= $0 && ($0 < edges[bin + 1] || bin == bins - 1 && $0 == edges[bins])
      }
    }
    return -counts.filter { $0 > 0 }.reduce(0.0) {
      let share = Double($1) / Double(values.count)
      return $0 + share * Foundation.log(share)
    }
  }

  @Test func `entropies by hand`() {
    let rise = ComplexityRise(bins: 4)
    // Two values in the first bin, one in the third, one in the last.
    let entropy = rise.entropy(of: row([0, 0.9, 2, 4]))
    #expect(abs(entropy - (0.5 * log(2) + 0.5 * log(4))) < 1e-15)
    #expect(rise.entropy(of: row([3, 3, 3])) == 0)
    #expect(abs(rise.entropy(of: row([0, 1, 2, 3])) - log(4)) < 1e-15)
  }

  @Test func `the score is the relative rise`() throws {
    let rise = ComplexityRise(bins: 4)
    let (few, many) = (row([0, 0, 0, 4]), row([0, 1, 2, 3]))
    let before = 0.75 * log(4.0 / 3) + 0.25 * log(4)
    let score = try #require(rise.score(original: few, randomized: many))
    #expect(abs(score - (log(4) - before) / before) < 1e-14)
    let fall = try #require(rise.score(original: many, randomized: few))
    #expect(fall < 0)
    #expect(rise.score(original: many, randomized: many) == 0)
    #expect(rise.score(original: row([1, 1]), randomized: row([1, 2])) == nil)
    #expect(rise.score(original: many, randomized: row([1, 1, 1, 1])) == -1)
  }

  @Test func `histograms are those of the definition`() {
    let values = ReferenceArray.random([40, 50], "entropy").values
    let map = RelevanceMap(height: 40, width: 50, values: values)
    #expect(abs(ComplexityRise().entropy(of: map) - literal(values, bins: 100)) < 1e-12)
    // The check itself: other bins are noticed.
    #expect(abs(ComplexityRise().entropy(of: map) - literal(values, bins: 99)) > 1e-4)
  }

  @Test func `neither scale nor offset changes the entropy`() {
    let map = RelevanceMap(
      height: 20, width: 20, values: ReferenceArray.random([20, 20], "entropy scale").values)
    let entropy = ComplexityRise().entropy(of: map)
    for factor in [4, 0x1p-300, 0x1p1000] {
      let changed = RelevanceMap(height: 20, width: 20, values: map.values.map { $0 * factor })
      #expect(ComplexityRise().entropy(of: changed) == entropy)
    }
    let huge = row([-Double.greatestFiniteMagnitude, 0, Double.greatestFiniteMagnitude])
    #expect(abs(ComplexityRise().entropy(of: huge) - log(3)) < 1e-15)
  }
}
