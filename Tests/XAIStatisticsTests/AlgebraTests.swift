import Testing
import XAIStatistics
import XAITensor
import XAITestSupport

@Suite struct SymmetricEigenTests {
  @Test(arguments: [1, 2, 3, 7, 24, 60])
  func `vectors are orthonormal and reproduce the matrix`(size: Int) throws {
    let matrix = randomMatrix(size, size, "eigen")
    let symmetric = Matrix(rows: size, columns: size) { matrix[$0, $1] + matrix[$1, $0] }
    let eigen = try SymmetricEigen(symmetric)
    let scaled = Matrix(rows: size, columns: size) { eigen.vectors[$0, $1] * eigen.values[$1] }
    expectClose((symmetric * eigen.vectors).elements, scaled.elements, relative: 1e-12)
    let product = eigen.vectors.transposed * eigen.vectors
    expectClose(product.elements, Matrix.identity(size).elements, relative: 1e-12)
    #expect(zip(eigen.values, eigen.values.dropFirst()).allSatisfy { $0 >= $1 })
  }

  @Test func `a matrix of low rank has zeros and no negative of weight`() throws {
    let rows = randomMatrix(12, 3, "rank")
    let eigen = try SymmetricEigen(rows * rows.transposed)
    #expect(eigen.values[2] > 0.1)
    #expect(eigen.values[3...].allSatisfy { abs($0) < 1e-12 * eigen.values[0] })
  }

  @Test func `two by two by hand`() throws {
    let eigen = try SymmetricEigen(Matrix(rows: 2, columns: 2, [2, 1, 1, 2]))
    expectClose(eigen.values, [3, 1], relative: 1e-14)
    let root = 0.5.squareRoot()
    expectClose(eigen.vectors.elements, [root, root, root, -root], relative: 1e-14)
  }

  @Test func `the zero matrix has the axes`() throws {
    let eigen = try SymmetricEigen(Matrix(rows: 3, columns: 3))
    #expect(eigen.values == [0, 0, 0])
    #expect(eigen.vectors == .identity(3))
  }

  @Test func `what is not finite is refused`() {
    #expect(throws: StatisticsFailure(.notFinite, "an eigenproblem")) {
      try SymmetricEigen(Matrix(rows: 1, columns: 1, [.nan]))
    }
  }
}

@Suite struct SingularValuesTests {
  @Test(arguments: [[1, 1], [5, 3], [3, 5], [20, 20], [7, 1]])
  func `the parts reproduce the matrix`(shape: [Int]) throws {
    let matrix = randomMatrix(shape[0], shape[1], "singular")
    let parts = try SingularValues(matrix)
    let count = min(shape[0], shape[1])
    let scaled = Matrix(rows: shape[0], columns: count) { parts.left[$0, $1] * parts.values[$1] }
    expectClose((scaled * parts.right.transposed).elements, matrix.elements, relative: 1e-12)
    expectClose(
      (parts.left.transposed * parts.left).elements, Matrix.identity(count).elements,
      relative: 1e-12)
  }

  @Test func `small values keep their digits`() throws {
    // Columns of length 1, 1e-8 and 1e-14, orthogonal but for a rotation from the left.
    let left = try HouseholderQR(randomMatrix(6, 3, "left")).orthonormal
    let lengths = [1, 1e-8, 1e-14]
    let matrix = Matrix(rows: 6, columns: 3) { left[$0, $1] * lengths[$1] }
    let values = try SingularValues(matrix).values
    for (value, length) in zip(values, lengths) { #expect(abs(value / length - 1) < 1e-12) }
  }
}

@Suite struct HouseholderQRTests {
  @Test func `it solves least squares as the normal equations do`() throws {
    let matrix = randomMatrix(30, 4, "rows")
    let values = randomMatrix(30, 1, "values").elements
    let factors = try HouseholderQR(matrix)
    let normal = try Cholesky(matrix.transposed * matrix)
    expectClose(
      factors.solve(values), normal.solve(matrix.transposed * values), relative: 1e-12)
    let inverse = (0..<4).map { unit in
      normal.solve((0..<4).map { $0 == unit ? 1 : 0 })[unit]
    }
    expectClose(factors.inverseDiagonal, inverse, relative: 1e-12)
  }

  @Test func `a column that others determine is named`() {
    let matrix = Matrix(rows: 5, columns: 3) { row, column in
      column == 2 ? 2 * Double(row) + 1 : column == 1 ? Double(row) : 1
    }
    #expect(throws: StatisticsFailure(.dependentColumn(2), "least squares")) {
      try HouseholderQR(matrix)
    }
  }
}

@Suite struct CholeskyTests {
  @Test func `it solves what is positive definite`() throws {
    let rows = randomMatrix(9, 9, "definite")
    let matrix = rows * rows.transposed
    let solution = try Cholesky(matrix).solve(matrix * (0..<9).map(Double.init))
    expectClose(solution, (0..<9).map(Double.init), relative: 1e-8)
  }

  @Test func `it refuses what is not`() {
    #expect(throws: StatisticsFailure(.notPositiveDefinite(row: 1), "a system of equations")) {
      try Cholesky(Matrix(rows: 2, columns: 2, [1, 2, 2, 1]))
    }
  }
}

/// Normal numbers of a stream of their own.
func randomMatrix(_ rows: Int, _ columns: Int, _ purpose: String) -> Matrix {
  var stream = RandomStream(seed: 7, purpose: purpose, rows, columns)
  return Matrix(rows: rows, columns: columns, (0..<rows * columns).map { _ in stream.normal() })
}
