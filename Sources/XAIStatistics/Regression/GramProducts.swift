public import XAITensor

/// Products of rows of many features, in Double.
///
/// Rows are rectified activations whose mean is as large as their spread: a common vector is subtracted before
/// they are multiplied, so that the products keep the digits that differ.
public enum GramProducts {
  /// Products of the rows of two tensors, less a common vector.
  /// - Parameters:
  ///   - left: `[n, ...]`.
  ///   - right: `[m, ...]` of the same row length.
  ///   - origin: What is subtracted from each row of both; nothing where it is nil.
  ///   - leftOnly: Whether it is subtracted from the left rows alone: the right ones are gradients.
  ///   - threads: How many threads may work; each product is summed by one of them, in the same order.
  /// - Returns: `[n, m]`.
  public static func products(
    _ left: Tensor, _ right: Tensor, minus origin: [Double]? = nil, leftOnly: Bool = false,
    threads: Int = 1
  ) -> Matrix {
    precondition(left.rowCount == right.rowCount, "\(left.shape) with \(right.shape)")
    let work = left.count * right.rows
    let parts = max(1, min(threads, left.rows, work / leastWork))
    let bounds = (0...parts).map { $0 * left.rows / parts }
    let rows = BackgroundThread.map(parts, threads: parts) { part in
      products(
        left, bounds[part]..<bounds[part + 1], right, minus: origin, leftOnly: leftOnly)
    }
    return Matrix(rows: left.rows, columns: right.rows, rows.flatMap(\.elements))
  }

  /// Multiplications for which a thread is worth its start.
  private static let leastWork = 1 << 22

  private static func products(
    _ all: Tensor, _ part: Range<Int>, _ right: Tensor, minus origin: [Double]?, leftOnly: Bool
  ) -> Matrix {
    let width = all.rowCount
    let left = part == 0..<all.rows ? all : all.rows(part)
    var result = Matrix(rows: left.rows, columns: right.rows)
    // A block of features of all rows is widened once and multiplied in tiles that stay in the cache.
    for start in stride(from: 0, to: width, by: blockLength) {
      let length = min(blockLength, width - start)
      let first = widened(left, start, length, minus: origin)
      let second = widened(right, start, length, minus: leftOnly ? nil : origin)
      add(first, second, length, to: &result)
    }
    return result
  }

  /// Products of the rows of a tensor with each other, less a common vector.
  /// - Parameters:
  ///   - rows: `[n, ...]`.
  ///   - origin: What is subtracted from each row; nothing where it is nil.
  ///   - threads: How many threads may work.
  /// - Returns: `[n, n]`, symmetric.
  public static func gram(
    _ rows: Tensor, minus origin: [Double]? = nil, threads: Int = 1
  ) -> Matrix {
    products(rows, rows, minus: origin, threads: threads)
  }

  /// The mean of the rows of a tensor.
  /// - Parameter rows: `[n, ...]`.
  /// - Returns: One number for each feature.
  public static func mean(_ rows: Tensor) -> [Double] {
    var sum = [Double](repeating: 0, count: rows.rowCount)
    rows.withUnsafeElements { elements in
      for row in 0..<rows.rows {
        for index in sum.indices { sum[index] += Double(elements[row * sum.count + index]) }
      }
    }
    return sum.map { $0 / Double(rows.rows) }
  }

  /// Sums of rows times coefficients, less a common vector: the vectors that coefficients stand for.
  /// - Parameters:
  ///   - coefficients: `[n, k]`.
  ///   - rows: `[n, ...]`.
  ///   - origin: What is subtracted from each row.
  /// - Returns: `[k, features]`.
  public static func combinations(
    _ coefficients: Matrix, of rows: Tensor, minus origin: [Double]
  ) -> Matrix {
    precondition(coefficients.rows == rows.rows, "\(coefficients.rows) of \(rows.rows) rows")
    let width = rows.rowCount
    var result = Matrix(rows: coefficients.columns, columns: width)
    rows.withUnsafeElements { elements in
      for row in 0..<rows.rows {
        for column in 0..<coefficients.columns {
          let factor = coefficients[row, column]
          for index in 0..<width {
            result.elements[column * width + index] +=
              factor * (Double(elements[row * width + index]) - origin[index])
          }
        }
      }
    }
    return result
  }

  private static let blockLength = 256

  private static func widened(
    _ rows: Tensor, _ start: Int, _ length: Int, minus origin: [Double]?
  ) -> [Double] {
    let width = rows.rowCount
    return [Double](unsafeUninitializedCapacity: rows.rows * length) { target, count in
      rows.withUnsafeElements { source in
        for row in 0..<rows.rows {
          let (from, to) = (row * width + start, row * length)
          if let origin {
            for index in 0..<length {
              target[to + index] = Double(source[from + index]) - origin[start + index]
            }
          } else {
            for index in 0..<length { target[to + index] = Double(source[from + index]) }
          }
        }
      }
      count = rows.rows * length
    }
  }

  private static func add(
    _ left: [Double], _ right: [Double], _ length: Int, to result: inout Matrix
  ) {
    let (rows, columns) = (result.rows, result.columns)
    result.elements.withUnsafeMutableBufferPointer { result in
      left.withUnsafeBufferPointer { left in
        right.withUnsafeBufferPointer { right in
          for row in stride(from: 0, to: rows, by: 2) {
            for column in stride(from: 0, to: columns, by: 2) {
              let (one, two) = (min(row + 1, rows - 1), min(column + 1, columns - 1))
              let sums = tile(
                left, right, row * length, one * length, column * length, two * length, length)
              result[row * columns + column] += sums[0]
              if two > column { result[row * columns + two] += sums[1] }
              if one > row { result[one * columns + column] += sums[2] }
              if one > row, two > column { result[one * columns + two] += sums[3] }
            }
          }
        }
      }
    }
  }

  /// Products of two rows with two others.
  @inline(__always)
  private static func tile(
    _ left: UnsafeBufferPointer<Double>, _ right: UnsafeBufferPointer<Double>, _ a: Int, _ b: Int,
    _ c: Int, _ d: Int, _ length: Int
  ) -> SIMD4<Double> {
    var (ac, ad, bc, bd) = (
      SIMD4<Double>.zero, SIMD4<Double>.zero, SIMD4<Double>.zero, SIMD4<Double>.zero
    )
    func load(_ from: UnsafeBufferPointer<Double>, _ index: Int) -> SIMD4<Double> {
      SIMD4(from[index], from[index + 1], from[index + 2], from[index + 3])
    }
    var index = 0
    while index + 4 <= length {
      let (x, y) = (load(left, a + index), load(left, b + index))
      let (u, v) = (load(right, c + index), load(right, d + index))
      ac += x * u
      ad += x * v
      bc += y * u
      bd += y * v
      index += 4
    }
    var sums = SIMD4(ac.sum(), ad.sum(), bc.sum(), bd.sum())
    while index < length {
      let (x, y, u, v) = (left[a + index], left[b + index], right[c + index], right[d + index])
      sums += SIMD4(x * u, x * v, y * u, y * v)
      index += 1
    }
    return sums
  }
}
