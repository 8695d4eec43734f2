import Testing
import XAIStatistics
import XAITensor
import XAITestSupport

@Suite struct BetaDistributionTests {
  /// `P(Binomial(n, p) >= k)` by its definition.
  private func tail(_ k: Int, of n: Int, _ p: Double) -> Double {
    (k...n).reduce(0.0) { sum, count in
      var term = 1.0
      for index in 0..<count { term *= Double(n - index) / Double(index + 1) * p }
      for _ in count..<max(n, count) { term *= 1 - p }
      return sum + term
    }
  }

  @Test(arguments: [(1, 1), (3, 10), (9, 10), (10, 10), (95, 100), (17, 40)])
  func `the bound is the probability at which so many are just likely enough`(k: Int, n: Int) {
    for error in [0.05, 0.025, 0.3] {
      let bound = BetaDistribution.lowerBound(successes: k, trials: n, error: error)
      #expect(abs(tail(k, of: n, bound) - error) < 1e-10)
    }
  }

  @Test func `nothing seen proves nothing`() {
    #expect(BetaDistribution.lowerBound(successes: 0, trials: 5, error: 0.05) == 0)
    // scipy.stats.beta.ppf(0.025, 964, 37) and beta.ppf(0.05, 500, 501).
    let bound = BetaDistribution.lowerBound(successes: 964, trials: 1000, error: 0.025)
    #expect(abs(bound - 0.9505070882819876) < 1e-12)
    let half = BetaDistribution.lowerBound(successes: 500, trials: 1000, error: 0.05)
    #expect(abs(half - 0.47351773123569124) < 1e-12)
  }
}

@Suite struct RanksTests {
  @Test func `equal values share their ranks`() {
    #expect(Ranks.mean(of: [3, 1, 3, 2]) == [3.5, 1, 3.5, 2])
    #expect(Ranks.spearman([1, 2, 3], [1, 8, 27]) == 1)
    #expect(Ranks.pearson([1, 2, 3], [-1, -2, -3]) == -1)
    #expect(Ranks.pearson([1, 1], [1, 2]) == nil)
  }

  @Test func `the area is the share of pairs in the right order`() {
    let area = Ranks.areaUnderCurve([0.9, 0.4, 0.4, 0.1], [true, false, true, false])
    #expect(area == 0.875)
    #expect(Ranks.areaUnderCurve([1, 2], [true, true]) == nil)
  }
}

@Suite struct AffineRowsTests {
  @Test(arguments: [1, 3])
  func `products and sums are those of the matrix with ones`(threads: Int) {
    var stream = RandomStream(seed: 9, purpose: "rows")
    let rows = AffineRows(stream.normal(shape: [7, 9]), threads: threads)
    let weights = Matrix(rows: 5, columns: 10) { _, _ in stream.normal() }
    let coefficients = Matrix(rows: 7, columns: 3) { _, _ in stream.normal() }
    let matrix = rows.matrix
    #expect(matrix.column(9) == Array(repeating: 1, count: 7) && rows.row(2) == matrix.row(2))
    expectClose(
      rows.products(with: weights).elements, (matrix * weights.transposed).elements,
      relative: 1e-14)
    expectClose(
      rows.sums(weighting: coefficients).elements, (coefficients.transposed * matrix).elements,
      relative: 1e-14)
  }

  @Test func `the number of threads changes no bit`() {
    var stream = RandomStream(seed: 9, purpose: "rows")
    let features = stream.normal(shape: [400, 700])
    let weights = Matrix(rows: 6, columns: 701) { _, _ in stream.normal() }
    let (one, four) = (AffineRows(features), AffineRows(features, threads: 4))
    let products = one.products(with: weights)
    #expect(products == four.products(with: weights))
    #expect(one.sums(weighting: products) == four.sums(weighting: products))
  }
}

@Suite struct ConjugateGradientsTests {
  @Test func `it solves what Cholesky solves, and knows the determinant`() throws {
    var stream = RandomStream(seed: 1, purpose: "systems")
    let root = Matrix(rows: 6, columns: 6) { _, _ in stream.normal() }
    var matrix = root * root.transposed
    for index in 0..<6 { matrix[index, index] += 0.1 }
    let right = (0..<6).map { _ in stream.normal() }
    let exact = try Cholesky(matrix)
    let found = ConjugateGradients.solve(right) { matrix * $0 }
    expectClose(found.solution, exact.solve(right), relative: 1e-9)
    #expect(found.residual <= 1e-12)
    #expect(ConjugateGradients.solve([0, 0]) { $0 }.solution == [0, 0])
    let product = try SymmetricEigen(matrix).values.reduce(0) { $0 + logarithm($1) }
    #expect(abs(exact.logDeterminant - product) < 1e-10)
  }

  private func logarithm(_ value: Double) -> Double {
    // By halving: the test needs no library of its own for one number.
    var (low, high) = (-60.0, 60.0)
    for _ in 0..<200 {
      let middle = (low + high) / 2
      if exponential(middle) < value { low = middle } else { high = middle }
    }
    return low
  }

  private func exponential(_ value: Double) -> Double {
    let part = value / 4096
    var (sum, term) = (1.0, 1.0)
    for index in 1..<12 {
      term *= part / Double(index)
      sum += term
    }
    return (0..<12).reduce(sum) { power, _ in power * power }
  }
}
