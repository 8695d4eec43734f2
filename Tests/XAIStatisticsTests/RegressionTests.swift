import Testing
import XAIStatistics
import XAITensor
import XAITestSupport

#if canImport(Glibc)
  import Glibc
#endif

@Suite struct BinaryLogisticTests {
  static let rows = randomMatrix(17, 40, "logistic")
  static let labels = (0..<17).map { $0 % 3 == 0 }

  /// The gradient by weights and intercept, written as in the formula.
  private func gradient(_ fit: BinaryLogistic, penalty: Double) -> [Double] {
    let weights = Self.rows.transposed * fit.coefficients
    let outputs = (Self.rows * weights).map { $0 + fit.intercept }
    let signs = Self.labels.map { $0 ? 1.0 : -1 }
    let slopes = zip(outputs, signs).map { -$1 / (1 + exp($0 * $1)) / 17 }
    let byWeights = Self.rows.transposed * slopes
    return zip(byWeights, weights).map { $0 + penalty * $1 } + [slopes.reduce(0, +)]
  }

  @Test(arguments: [1e-6, 0.01, 1])
  func `its gradient is zero`(penalty: Double) throws {
    let fit = try BinaryLogistic(
      gram: Self.rows * Self.rows.transposed, isPositive: Self.labels, penalty: penalty)
    let gradient = gradient(fit, penalty: penalty)
    #expect(gradient.map(abs).max() ?? 1 < 1e-13)
    #expect(abs(fit.coefficients.reduce(0, +)) < 1e-9)
    // A weaker penalty is another problem.
    #expect(self.gradient(fit, penalty: 2 * penalty).map(abs).max() ?? 0 > 1e-7)
  }

  @Test func `the objective is the minimum`() throws {
    let gram = Self.rows * Self.rows.transposed
    let fit = try BinaryLogistic(gram: gram, isPositive: Self.labels)
    for index in 0..<17 {
      for step in [-1e-3, 1e-3] {
        var moved = fit.coefficients
        moved[index] += step
        let products = gram * moved
        let loss = zip(products, Self.labels).reduce(0) {
          $0 + log1p(exp(-($1.1 ? 1 : -1) * ($1.0 + fit.intercept)))
        }
        let value = loss / 17 + 0.005 * zip(moved, products).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(value > fit.objective)
      }
    }
  }

  @Test func `one class is refused`() {
    #expect(throws: StatisticsFailure(.oneValue, "logistic regression")) {
      try BinaryLogistic(gram: .identity(3), isPositive: [true, true, true])
    }
  }
}

@Suite struct SoftmaxRegressionTests {
  @Test(arguments: [2, 3, 5])
  func `its gradient is zero and its biases sum to zero`(classes: Int) throws {
    let rows = randomMatrix(30, 12, "softmax")
    let labels = (0..<30).map { ($0 * $0 + $0 / 7) % classes }
    let fit = try SoftmaxRegression(
      gram: rows * rows.transposed, labels: labels, classes: classes)
    let weights = fit.coefficients.transposed * rows
    var byWeights = Matrix(rows: classes, columns: 12)
    var byBiases = [Double](repeating: 0, count: classes)
    for row in 0..<30 {
      let outputs = zip(weights * rows.row(row), fit.biases).map { $0 + $1 }
      let shares = SoftmaxRegression.probabilities(outputs)
      for index in 0..<classes {
        let error = (shares[index] - (labels[row] == index ? 1 : 0)) / 30
        byBiases[index] += error
        for feature in 0..<12 { byWeights[index, feature] += error * rows[row, feature] }
      }
    }
    let largest = zip(byWeights.elements, weights.elements).map { abs($0 + 0.01 * $1) }.max() ?? 1
    #expect(largest < 1e-9 && byBiases.map(abs).max() ?? 1 < 1e-9)
    #expect(abs(fit.biases.reduce(0, +)) < 1e-12)
    #expect(fit.relativeGradient < 1e-8)
  }

  @Test func `two classes are logistic regression of twice the penalty`() throws {
    // Softmax weights are +-w/2, so that their square length is half of |w|^2.
    let rows = randomMatrix(20, 6, "two")
    let labels = (0..<20).map { $0 % 3 == 0 ? 1 : 0 }
    let gram = rows * rows.transposed
    let softmax = try SoftmaxRegression(gram: gram, labels: labels, classes: 2, penalty: 0.1)
    let binary = try BinaryLogistic(
      gram: gram, isPositive: labels.map { $0 == 1 }, penalty: 0.05)
    // Rows of few features have several coefficients for the same weights.
    expectClose(
      (rows.transposed * softmax.coefficients.column(1)).map { 2 * $0 },
      rows.transposed * binary.coefficients, relative: 1e-8)
    #expect(abs(softmax.biases[1] - softmax.biases[0] - binary.intercept) < 1e-8)
  }

  @Test func `rows that are told apart by far are no problem`() throws {
    let gram = Matrix(rows: 6, columns: 6) { $0 / 2 == $1 / 2 ? 1e4 : 0 }
    let fit = try SoftmaxRegression(
      gram: gram, labels: [0, 0, 1, 1, 2, 2], classes: 3, penalty: 1e-3)
    #expect(fit.relativeGradient < 1e-8)
  }
}

@Suite struct RidgeRegressionTests {
  @Test func `it fulfils the normal equations in features`() throws {
    var rows = randomMatrix(11, 4, "ridge")
    for column in 0..<4 {
      let mean = rows.column(column).reduce(0, +) / 11
      for row in 0..<11 { rows[row, column] -= mean }
    }
    let values = randomMatrix(11, 1, "ridge values").elements.map { $0 + 3 }
    let fit = try RidgeRegression(gram: rows * rows.transposed, values: values, penalty: 0.2)
    let weights = rows.transposed * fit.coefficients
    let residual = zip(values, rows * weights).map { $0 - $1 - fit.intercept }
    let gradient = zip(rows.transposed * residual, weights).map { $0 / 11 - 0.2 * $1 }
    #expect(gradient.map(abs).max() ?? 1 < 1e-12)
  }
}

@Suite struct LinearRegressionTests {
  /// numpy.linalg.lstsq and scipy.stats.linregress.
  @Test func `a line says what SciPy says`() throws {
    let fit = try LinearRegression([[1], [2], [4], [5], [9]], [1.2, 1.9, 4.4, 4.6, 9.9])
    let slope = fit.coefficients[1]
    expectClose(
      [fit.coefficients[0].value, slope.value, slope.standardError ?? .nan, slope.p ?? .nan],
      [-0.17886597938144266, 1.0902061855670102, 0.07554375342411965, 0.0007212469696549188],
      relative: 1e-9)
  }

  @Test func `a column that the others determine is numbered without the intercept`() {
    let rows = (0..<6).map { [Double($0), 7, Double($0 * $0)] }
    #expect(throws: StatisticsFailure(.dependentColumn(1), "linear regression")) {
      try LinearRegression(rows, (0..<6).map(Double.init))
    }
  }

  @Test func `without spare rows there is no error to be known`() throws {
    let fit = try LinearRegression([[1], [2]], [1, 3])
    expectClose(fit.coefficients.map(\.value), [-1, 2], relative: 1e-12)
    #expect(fit.coefficients.allSatisfy { $0.standardError == nil && $0.p == nil })
  }

  @Test func `the share of variance may be negative and may not exist`() {
    #expect(shareOfVarianceExplained([1, 2, 3], [1, 2, 3]) == 1)
    #expect(shareOfVarianceExplained([2, 2, 2], [1, 2, 3]) == 0)
    #expect(shareOfVarianceExplained([3, 2, 1], [1, 2, 3]) == -3)
    #expect(shareOfVarianceExplained([1, 1], [4, 4]) == nil)
  }
}

@Suite struct GramProductsTests {
  @Test func `any number of threads gives the same bytes`() {
    var stream = RandomStream(seed: 3, purpose: "threads")
    let rows = stream.normal(shape: [37, 9000])
    let alone = GramProducts.gram(rows)
    for threads in [2, 3, 8] { #expect(GramProducts.gram(rows, threads: threads) == alone) }
  }

  @Test(arguments: [[1, 1, 3], [5, 3, 7], [4, 6, 300], [3, 3, 513]])
  func `products are those of plain loops`(sizes: [Int]) {
    var stream = RandomStream(seed: 2, purpose: "gram")
    let left = stream.normal(shape: [sizes[0], sizes[2]], mean: 5)
    let right = stream.normal(shape: [sizes[1], sizes[2]], mean: 5)
    let origin = GramProducts.mean(left)
    for leftOnly in [false, true] {
      let products = GramProducts.products(left, right, minus: origin, leftOnly: leftOnly)
      let plain = (0..<sizes[0]).flatMap { row in
        (0..<sizes[1]).map { column in
          (0..<sizes[2]).reduce(0.0) { sum, index in
            let other = Double(right[column, index]) - (leftOnly ? 0 : origin[index])
            return sum + (Double(left[row, index]) - origin[index]) * other
          }
        }
      }
      expectClose(products.elements, plain, relative: 1e-12)
    }
  }
}
