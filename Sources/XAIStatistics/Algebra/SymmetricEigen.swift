#if canImport(Glibc)
  import Glibc
#endif

/// Eigenvalues and eigenvectors of a symmetric matrix, largest value first.
///
/// Householder tridiagonalization and implicit QL steps (Golub and Van Loan 2013, sections 8.3.1 and 8.3.3;
/// after EISPACK's `tred2` and `tql2`). O(n^3). The first component of largest magnitude of each vector is
/// positive, so that signs do not depend on rounding.
public struct SymmetricEigen: Sendable {
  /// The eigenvalues, none smaller than the next.
  public let values: [Double]
  /// The eigenvectors as columns, of length 1, in the order of the values.
  public let vectors: Matrix

  /// Decomposes a matrix.
  /// - Parameters:
  ///   - matrix: Symmetric and finite.
  ///   - task: What it is for, in the words of a failure.
  /// - Throws: `StatisticsFailure` where a number is not finite, or the iteration does not end.
  public init(_ matrix: Matrix, for task: String = "an eigenproblem") throws(StatisticsFailure) {
    precondition(matrix.rows == matrix.columns, "\(matrix.rows) x \(matrix.columns) is not square")
    guard matrix.elements.allSatisfy(\.isFinite) else { throw StatisticsFailure(.notFinite, task) }
    guard matrix.rows > 0 else {
      (values, vectors) = ([], matrix)
      return
    }
    var reduction = Tridiagonalization(matrix)
    guard reduction.diagonalize() else {
      throw StatisticsFailure(.notConverged(steps: Tridiagonalization.mostSteps), task)
    }
    let order = reduction.diagonal.indices.sorted {
      (reduction.diagonal[$1], $0) < (reduction.diagonal[$0], $1)
    }
    values = order.map { reduction.diagonal[$0] }
    var vectors = reduction.vectors.part(rows: Array(0..<matrix.rows), columns: order)
    for column in 0..<vectors.columns {
      let entries = vectors.column(column)
      let largest = entries.map(abs).max() ?? 0
      // Equal magnitudes differ by rounding alone.
      guard let first = entries.first(where: { abs($0) >= largest * (1 - 1e-9) }), first < 0 else {
        continue
      }
      for row in 0..<vectors.rows { vectors[row, column] = -vectors[row, column] }
    }
    self.vectors = vectors
  }
}

/// A symmetric matrix on its way to the diagonal.
private struct Tridiagonalization {
  static let mostSteps = 60

  /// The transformation so far.
  var vectors: Matrix
  var diagonal: [Double]
  /// Element i is beside diagonal elements i - 1 and i; the first one is 0.
  private var beside: [Double]
  private let size: Int

  init(_ matrix: Matrix) {
    size = matrix.rows
    vectors = matrix
    diagonal = matrix.row(size - 1)
    beside = Array(repeating: 0, count: size)
    for row in stride(from: size - 1, to: 0, by: -1) { reduce(row) }
    for row in 0..<size - 1 { accumulate(row) }
    for column in 0..<size {
      diagonal[column] = vectors[size - 1, column]
      vectors[size - 1, column] = 0
    }
    vectors[size - 1, size - 1] = 1
    beside[0] = 0
  }

  /// Makes a row zero but for its last elements.
  private mutating func reduce(_ row: Int) {
    var square = 0.0
    let scale = diagonal[..<row].reduce(0) { $0 + abs($1) }
    guard scale > 0 else {
      beside[row] = diagonal[row - 1]
      for column in 0..<row {
        diagonal[column] = vectors[row - 1, column]
        vectors[row, column] = 0
        vectors[column, row] = 0
      }
      diagonal[row] = 0
      return
    }
    for column in 0..<row {
      diagonal[column] /= scale
      square += diagonal[column] * diagonal[column]
    }
    let last = diagonal[row - 1]
    let length = last > 0 ? -square.squareRoot() : square.squareRoot()
    beside[row] = scale * length
    square -= last * length
    diagonal[row - 1] = last - length
    for column in 0..<row { beside[column] = 0 }
    for column in 0..<row {
      let value = diagonal[column]
      vectors[column, row] = value
      var sum = beside[column] + vectors[column, column] * value
      for index in column + 1..<max(row, column + 1) {
        sum += vectors[index, column] * diagonal[index]
        beside[index] += vectors[index, column] * value
      }
      beside[column] = sum
    }
    var product = 0.0
    for column in 0..<row {
      beside[column] /= square
      product += beside[column] * diagonal[column]
    }
    let half = product / (square + square)
    for column in 0..<row { beside[column] -= half * diagonal[column] }
    for column in 0..<row {
      let (value, other) = (diagonal[column], beside[column])
      for index in column..<row {
        vectors[index, column] -= value * beside[index] + other * diagonal[index]
      }
      diagonal[column] = vectors[row - 1, column]
      vectors[row, column] = 0
    }
    diagonal[row] = square
  }

  /// Multiplies one reflection into the vectors.
  private mutating func accumulate(_ row: Int) {
    vectors[size - 1, row] = vectors[row, row]
    vectors[row, row] = 1
    let square = diagonal[row + 1]
    if square != 0 {
      for index in 0...row { diagonal[index] = vectors[index, row + 1] / square }
      for column in 0...row {
        var sum = 0.0
        for index in 0...row { sum += vectors[index, row + 1] * vectors[index, column] }
        for index in 0...row { vectors[index, column] -= sum * diagonal[index] }
      }
    }
    for index in 0...row { vectors[index, row + 1] = 0 }
  }

  /// Makes the tridiagonal matrix diagonal; whether it came to an end.
  mutating func diagonalize() -> Bool {
    for index in 1..<max(size, 1) { beside[index - 1] = beside[index] }
    beside[size - 1] = 0
    var (shift, largest) = (0.0, 0.0)
    for row in 0..<size {
      largest = max(largest, abs(diagonal[row]) + abs(beside[row]))
      var end = row
      while end < size - 1, abs(beside[end]) > .ulpOfOne / 2 * largest { end += 1 }
      if end > row {
        var steps = 0
        repeat {
          steps += 1
          if steps > Self.mostSteps { return false }
          shift += implicitStep(row, end)
        } while abs(beside[row]) > .ulpOfOne / 2 * largest
      }
      diagonal[row] += shift
      beside[row] = 0
    }
    return true
  }

  /// One implicit QL step of the rows from one to another; what was subtracted from the diagonal.
  private mutating func implicitStep(_ row: Int, _ end: Int) -> Double {
    let first = diagonal[row]
    var point = (diagonal[row + 1] - first) / (2 * beside[row])
    var radius = hypot(point, 1)
    if point < 0 { radius = -radius }
    diagonal[row] = beside[row] / (point + radius)
    diagonal[row + 1] = beside[row] * (point + radius)
    let second = diagonal[row + 1]
    let shift = first - diagonal[row]
    for index in row + 2..<max(size, row + 2) { diagonal[index] -= shift }
    point = diagonal[end]
    var (cosine, cosine2, cosine3) = (1.0, 1.0, 1.0)
    let next = beside[row + 1]
    var (sine, sine2) = (0.0, 0.0)
    for index in stride(from: end - 1, through: row, by: -1) {
      (cosine3, cosine2, sine2) = (cosine2, cosine, sine)
      let (product, height) = (cosine * beside[index], cosine * point)
      radius = hypot(point, beside[index])
      beside[index + 1] = sine * radius
      sine = beside[index] / radius
      cosine = point / radius
      point = cosine * diagonal[index] - sine * product
      diagonal[index + 1] = height + sine * (cosine * product + sine * diagonal[index])
      rotate(index, cosine, sine)
    }
    point = -sine * sine2 * cosine3 * next * beside[row] / second
    beside[row] = sine * point
    diagonal[row] = cosine * point
    return shift
  }

  private mutating func rotate(_ column: Int, _ cosine: Double, _ sine: Double) {
    let width = size
    vectors.elements.withUnsafeMutableBufferPointer { elements in
      for start in stride(from: column, to: width * width, by: width) {
        let (left, right) = (elements[start], elements[start + 1])
        elements[start + 1] = sine * left + cosine * right
        elements[start] = cosine * left - sine * right
      }
    }
  }
}
