import Foundation
import Testing
import XAIMetrics
import XAIStatistics
import XAITensor

@Suite struct CrossedMeanTests {
  private func values(_ table: [[Double?]]) -> [CrossedMean.Value] {
    table.enumerated().flatMap { image, row in
      row.enumerated().compactMap { draw, value in
        value.map { CrossedMean.Value(image: image, draw: draw, value: $0) }
      }
    }
  }

  /// The two-sided tail probability, by adding up the density over the angle `atan(t / sqrt(v))`.
  private func tail(_ magnitude: Double, _ degrees: Double) -> Double {
    func area(_ end: Double) -> Double {
      let count = 200_000
      let width = end / Double(count)
      return (0..<count).reduce(0) {
        $0 + pow(cos((Double($1) + 0.5) * width), degrees - 1) * width
      }
    }
    return 1 - area(atan(magnitude / degrees.squareRoot())) / area(Double.pi / 2)
  }

  @Test(arguments: [
    (1.0, 0.05, 12.706204736), (2, 0.05, 4.302652730), (4, 0.05, 2.776445105),
    (24, 0.05, 2.063898562), (4, 0.01, 4.604094871), (1, 0.5, 1.0), (500, 0.05, 1.964719837),
  ])
  func `critical values are those of the tables`(
    degrees: Double, probability: Double, expected: Double
  ) {
    let found = StudentDistribution(degreesOfFreedom: degrees).criticalValue(probability)
    #expect(abs(found - expected) < 1e-8)
  }

  @Test(arguments: [1.3, 2.5, 5.7, 11.25])
  func `degrees of freedom may be fractions`(degrees: Double) {
    let distribution = StudentDistribution(degreesOfFreedom: degrees)
    let critical = distribution.criticalValue(0.05)
    #expect(abs(distribution.exceedance(critical) - 0.05) < 1e-12)
    #expect(abs(tail(critical, degrees) - 0.05) < 1e-5)
  }

  @Test func `a table of two by two, by hand`() {
    let mean = CrossedMean(values([[0.1, 0.3], [0.5, 0.9]]), scale: -100...100)
    #expect(mean.count == 4 && abs(mean.mean - 0.45) < 1e-15)
    // Squares of -.35, -.15, .05, .45 add up to .35.
    #expect(abs(mean.deviation - (0.35 / 3).squareRoot()) < 1e-15)
    // Images: residuals add up to -.5 and .5; draws: to -.3 and .3.
    let (images, draws) = (2 * 0.5 / 16, 2 * 0.18 / 16)
    let degrees = (images + draws) * (images + draws) / (images * images + draws * draws)
    let half =
      StudentDistribution(degreesOfFreedom: degrees).criticalValue(0.05)
      * (images + draws).squareRoot()
    #expect(abs(mean.lower - (0.45 - half)) < 1e-12 && abs(mean.upper - (0.45 + half)) < 1e-12)
  }

  @Test func `one image leaves the draws, one draw leaves the images`() {
    let numbers = [0.2, 0.5, 0.3, 0.4]
    let across = CrossedMean(values([numbers]))
    let down = CrossedMean(values(numbers.map { [$0] }))
    let half = 3.182446305 * across.deviation / 2
    for mean in [across, down] {
      #expect(abs(mean.lower - (0.35 - half)) < 1e-9 && abs(mean.upper - (0.35 + half)) < 1e-9)
    }
  }

  @Test func `one value says nothing about others, equal values leave no doubt`() {
    let one = CrossedMean(values([[0.7]]))
    #expect(one.mean == 0.7 && one.deviation == 0 && one.lower == -1 && one.upper == 1)
    let equal = CrossedMean(values([[1, 1], [1, 1]]))
    #expect(equal.lower == 1 && equal.upper == 1 && equal.deviation == 0)
  }

  @Test func `effects that cancel by chance leave the doubt of independent values`() {
    let mean = CrossedMean(values([[0.1, 0.3], [0.3, 0.1]]))
    let half = 4.302652730 * mean.deviation / 2
    #expect(abs(mean.lower - (0.2 - half)) < 1e-9 && abs(mean.upper - (0.2 + half)) < 1e-9)
  }

  @Test func `the interval ends where the scale ends`() {
    let mean = CrossedMean(values([[1, 0.2], [1, 0.9]]))
    #expect(mean.upper == 1 && mean.lower >= -1)
  }

  @Test func `the order of the values changes not a bit`() {
    var stream = RandomStream(seed: 3, purpose: "test/order")
    var shuffled = values(
      (0..<5).map { _ in (0..<5).map { _ in stream.uniform() < 0.1 ? nil : stream.uniform() } })
    let sorted = CrossedMean(shuffled)
    for _ in 0..<20 {
      stream.shuffle(&shuffled)
      #expect(CrossedMean(shuffled) == sorted)
    }
  }

  /// How often intervals hold the true mean, for this one and for a t interval that takes all values
  /// for independent.
  private func coverage(
    images: Double, draws: Double, noise: Double, shape: (Int, Int) = (5, 5)
  ) -> (crossed: Double, independent: Double) {
    let runs = 2000
    var (crossed, independent) = (0, 0)
    var stream = RandomStream(seed: 5, purpose: "test/coverage")
    for _ in 0..<runs {
      let columns = (0..<shape.1).map { _ in draws * stream.normal() }
      let table = (0..<shape.0).map { _ in
        let row = images * stream.normal()
        return columns.map { row + $0 + noise * stream.normal() }
      }
      let mean = CrossedMean(values(table), scale: -1e9...1e9)
      if mean.lower <= 0 && 0 <= mean.upper { crossed += 1 }
      let naive = 2.063898562 * mean.deviation / 5
      if abs(mean.mean) <= naive { independent += 1 }
    }
    return (Double(crossed) / Double(runs), Double(independent) / Double(runs))
  }

  @Test(arguments: [(1.0, 0.0, 0.3), (0, 1, 0.3), (1, 1, 0.5), (1, 2, 1), (0.5, 0.2, 1), (0, 0, 1)])
  func `a 95 % interval holds the mean in 95 % of experiments or a few more`(
    images: Double, draws: Double, noise: Double
  ) {
    let coverage = coverage(images: images, draws: draws, noise: noise)
    #expect(coverage.crossed > 0.935 && coverage.crossed < 0.996, "\(coverage)")
    // The check itself: taking the values for independent is noticed wherever they are not.
    if images + draws >= 1 { #expect(coverage.independent < 0.75, "\(coverage)") }
  }

  @Test func `few draws widen the interval as they should`() {
    let coverage = coverage(images: 0.5, draws: 1, noise: 0.5, shape: (5, 3)).crossed
    #expect(coverage > 0.92 && coverage < 0.99, "\(coverage)")
  }
}
