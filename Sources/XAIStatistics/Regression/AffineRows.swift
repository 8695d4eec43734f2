public import XAITensor

/// Rows of features with a 1 behind them, and their products in Double.
///
/// Features stay as they are, so that many rows take no more memory than they do; each sum is computed by one thread
/// and in the same order, whatever their number.
public struct AffineRows: Sendable {
  /// `[n, ...]`.
  public let features: Tensor
  /// How many threads may work.
  public var threads: Int

  /// Takes features.
  /// - Parameters:
  ///   - features: `[n, ...]`.
  ///   - threads: How many threads may work.
  public init(_ features: Tensor, threads: Int = 1) {
    (self.features, self.threads) = (features, threads)
  }

  /// The number of rows.
  public var count: Int { features.rows }
  /// The number of features, and 1.
  public var width: Int { features.rowCount + 1 }

  /// One row, its 1 last.
  /// - Parameter index: Which one.
  /// - Returns: `width` numbers.
  public func row(_ index: Int) -> [Double] {
    features.withUnsafeElements { elements in
      elements[index * (width - 1)..<(index + 1) * (width - 1)].map(Double.init) + [1]
    }
  }

  /// All rows, for few of them.
  public var matrix: Matrix {
    Matrix(rows: count, columns: width, (0..<count).flatMap { row($0) })
  }

  /// Products of every row with some vectors.
  /// - Parameter weights: `[k, width]`.
  /// - Returns: `[n, k]`.
  public func products(with weights: Matrix) -> Matrix {
    precondition(weights.columns == width, "\(weights.columns) weights of \(width) features")
    let parts = partCount(count)
    let pieces = BackgroundThread.map(parts, threads: parts) { part in
      products(with: weights, rows: part * count / parts..<(part + 1) * count / parts)
    }
    return Matrix(rows: count, columns: weights.rows, pieces.flatMap(\.self))
  }

  private func partCount(_ units: Int) -> Int {
    max(1, min(threads, units, features.count / Self.leastWork))
  }

  /// Elements for which a thread is worth its start.
  private static let leastWork = 1 << 16
  /// Rows that are widened together.
  private static let block = 4

  private func products(with weights: Matrix, rows: Range<Int>) -> [Double] {
    let (width, outputs) = (width, weights.rows)
    var result = [Double](repeating: 0, count: rows.count * outputs)
    var wide = [Double](repeating: 1, count: Self.block * width)
    features.withUnsafeElements { source in
      weights.elements.withUnsafeBufferPointer { weights in
        for first in stride(from: rows.lowerBound, to: rows.upperBound, by: Self.block) {
          let height = min(Self.block, rows.upperBound - first)
          widen(source, first..<first + height, into: &wide)
          wide.withUnsafeBufferPointer { wide in
            for output in 0..<outputs {
              let sums = fourProducts(wide, weights, output * width, width)
              for row in 0..<height {
                result[(first - rows.lowerBound + row) * outputs + output] = sums[row]
              }
            }
          }
        }
      }
    }
    return result
  }

  private func widen(
    _ source: UnsafeBufferPointer<Float>, _ rows: Range<Int>, into wide: inout [Double]
  ) {
    let inner = width - 1
    wide.withUnsafeMutableBufferPointer { wide in
      for (place, row) in rows.enumerated() {
        for index in 0..<inner {
          wide[place * (inner + 1) + index] = Double(source[row * inner + index])
        }
      }
    }
  }

  /// Products of four rows with one vector.
  @inline(__always)
  private func fourProducts(
    _ rows: UnsafeBufferPointer<Double>, _ vector: UnsafeBufferPointer<Double>, _ start: Int,
    _ length: Int
  ) -> SIMD4<Double> {
    func load(_ from: UnsafeBufferPointer<Double>, _ index: Int) -> SIMD4<Double> {
      SIMD4(from[index], from[index + 1], from[index + 2], from[index + 3])
    }
    var (a, b, c, d) = (
      SIMD4<Double>.zero, SIMD4<Double>.zero, SIMD4<Double>.zero, SIMD4<Double>.zero
    )
    var index = 0
    while index + 4 <= length {
      let weight = load(vector, start + index)
      a += load(rows, index) * weight
      b += load(rows, length + index) * weight
      c += load(rows, 2 * length + index) * weight
      d += load(rows, 3 * length + index) * weight
      index += 4
    }
    var sums = SIMD4(a.sum(), b.sum(), c.sum(), d.sum())
    while index < length {
      sums +=
        vector[start + index]
        * SIMD4(
          rows[index], rows[length + index], rows[2 * length + index], rows[3 * length + index])
      index += 1
    }
    return sums
  }

  /// Sums of all rows, each times its coefficients.
  /// - Parameter coefficients: `[n, k]`.
  /// - Returns: `[k, width]`.
  public func sums(weighting coefficients: Matrix) -> Matrix {
    precondition(coefficients.rows == count, "\(coefficients.rows) of \(count) rows")
    let outputs = coefficients.columns
    let parts = partCount(outputs)
    let pieces = BackgroundThread.map(parts, threads: parts) { part in
      sums(coefficients, outputs: part * outputs / parts..<(part + 1) * outputs / parts)
    }
    return Matrix(rows: outputs, columns: width, pieces.flatMap(\.self))
  }

  private func sums(_ coefficients: Matrix, outputs: Range<Int>) -> [Double] {
    let (width, columns) = (width, coefficients.columns)
    var result = [Double](repeating: 0, count: outputs.count * width)
    var wide = [Double](repeating: 1, count: Self.block * width)
    features.withUnsafeElements { source in
      coefficients.elements.withUnsafeBufferPointer { factors in
        for first in stride(from: 0, to: count, by: Self.block) {
          let rows = first..<min(first + Self.block, count)
          widen(source, rows, into: &wide)
          wide.withUnsafeBufferPointer { wide in
            result.withUnsafeMutableBufferPointer { result in
              for (place, output) in outputs.enumerated() {
                var shares = SIMD4<Double>.zero
                for (lane, row) in rows.enumerated() {
                  shares[lane] = factors[row * columns + output]
                }
                guard shares != .zero else { continue }
                let start = place * width
                for index in 0..<width {
                  result[start + index] +=
                    shares[0] * wide[index] + shares[1] * wide[width + index]
                    + (shares[2] * wide[2 * width + index] + shares[3] * wide[3 * width + index])
                }
              }
            }
          }
        }
      }
    }
    return result
  }
}
