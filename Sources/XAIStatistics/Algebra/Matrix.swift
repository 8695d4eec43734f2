/// A dense matrix of Double in row-major order, for the small problems of statistics.
public struct Matrix: Sendable, Equatable {
  /// The number of rows.
  public let rows: Int
  /// The number of columns.
  public let columns: Int
  /// All elements, row by row.
  public var elements: [Double]

  /// A matrix of one value.
  /// - Parameters:
  ///   - rows: The number of rows.
  ///   - columns: The number of columns.
  ///   - value: The value of every element.
  public init(rows: Int, columns: Int, repeating value: Double = 0) {
    self.init(rows: rows, columns: columns, Array(repeating: value, count: rows * columns))
  }

  /// A matrix of its elements.
  /// - Parameters:
  ///   - rows: The number of rows.
  ///   - columns: The number of columns.
  ///   - elements: `rows * columns` numbers, row by row.
  public init(rows: Int, columns: Int, _ elements: [Double]) {
    precondition(
      elements.count == rows * columns, "\(elements.count) elements for \(rows) x \(columns)")
    (self.rows, self.columns, self.elements) = (rows, columns, elements)
  }

  /// A matrix whose elements a function gives.
  /// - Parameters:
  ///   - rows: The number of rows.
  ///   - columns: The number of columns.
  ///   - element: The element of a row and a column.
  public init(rows: Int, columns: Int, _ element: (Int, Int) -> Double) {
    var elements: [Double] = []
    elements.reserveCapacity(rows * columns)
    for row in 0..<rows {
      for column in 0..<columns { elements.append(element(row, column)) }
    }
    self.init(rows: rows, columns: columns, elements)
  }

  /// The identity.
  /// - Parameter size: The number of rows and columns.
  /// - Returns: Ones on the diagonal.
  public static func identity(_ size: Int) -> Matrix {
    Matrix(rows: size, columns: size) { $0 == $1 ? 1 : 0 }
  }

  /// One element.
  /// - Parameters:
  ///   - row: Its row.
  ///   - column: Its column.
  @inlinable
  public subscript(row: Int, column: Int) -> Double {
    get { elements[row * columns + column] }
    set { elements[row * columns + column] = newValue }
  }

  /// One row.
  /// - Parameter index: Which one.
  /// - Returns: Its elements.
  public func row(_ index: Int) -> [Double] {
    Array(elements[index * columns..<(index + 1) * columns])
  }

  /// One column.
  /// - Parameter index: Which one.
  /// - Returns: Its elements.
  public func column(_ index: Int) -> [Double] { (0..<rows).map { self[$0, index] } }

  /// The elements on the diagonal.
  public var diagonal: [Double] { (0..<min(rows, columns)).map { self[$0, $0] } }

  /// The sum of the diagonal.
  public var trace: Double { diagonal.reduce(0, +) }

  /// The matrix with rows and columns exchanged.
  public var transposed: Matrix {
    Matrix(rows: columns, columns: rows) { self[$1, $0] }
  }

  /// Some rows and columns.
  /// - Parameters:
  ///   - rows: Indices of rows, in the order of the result.
  ///   - columns: Indices of columns.
  /// - Returns: The part.
  public func part(rows: [Int], columns: [Int]) -> Matrix {
    Matrix(rows: rows.count, columns: columns.count) { self[rows[$0], columns[$1]] }
  }

  /// The product of two matrices.
  /// - Parameters:
  ///   - left: `[n, k]`.
  ///   - right: `[k, m]`.
  /// - Returns: `[n, m]`.
  public static func * (left: Matrix, right: Matrix) -> Matrix {
    precondition(left.columns == right.rows, "\(left.columns) columns times \(right.rows) rows")
    var product = Matrix(rows: left.rows, columns: right.columns)
    let (inner, width) = (left.columns, right.columns)
    product.elements.withUnsafeMutableBufferPointer { target in
      left.elements.withUnsafeBufferPointer { left in
        right.elements.withUnsafeBufferPointer { right in
          for row in 0..<product.rows {
            for index in 0..<inner {
              let factor = left[row * inner + index]
              for column in 0..<width {
                target[row * width + column] += factor * right[index * width + column]
              }
            }
          }
        }
      }
    }
    return product
  }

  /// The product with a vector.
  /// - Parameters:
  ///   - matrix: `[n, k]`.
  ///   - vector: k numbers.
  /// - Returns: n numbers.
  public static func * (matrix: Matrix, vector: [Double]) -> [Double] {
    precondition(matrix.columns == vector.count, "\(matrix.columns) columns, \(vector.count) rows")
    return matrix.elements.withUnsafeBufferPointer { elements in
      (0..<matrix.rows).map { row in
        var sum = 0.0
        for column in 0..<vector.count {
          sum += elements[row * matrix.columns + column] * vector[column]
        }
        return sum
      }
    }
  }

  /// A Gram matrix whose rows have the mean 0: H K H with H = I - 1 1^T / n.
  public var doublyCentered: Matrix {
    precondition(rows == columns, "\(rows) x \(columns) is no Gram matrix")
    let means = (0..<rows).map { row(_: $0).reduce(0, +) / Double(rows) }
    let whole = means.reduce(0, +) / Double(rows)
    return Matrix(rows: rows, columns: rows) { self[$0, $1] - means[$0] - means[$1] + whole }
  }
}

/// The sum of products of two vectors of the same length.
/// - Parameters:
///   - left: A vector.
///   - right: Another one.
/// - Returns: Their inner product.
package func dot(_ left: [Double], _ right: [Double]) -> Double {
  precondition(left.count == right.count, "\(left.count) elements with \(right.count)")
  var sum = 0.0
  for index in left.indices { sum += left[index] * right[index] }
  return sum
}
