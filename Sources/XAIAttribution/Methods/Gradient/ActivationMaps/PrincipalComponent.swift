/// The direction in which the features of positions vary most.
enum PrincipalComponent {
  /// Projects features, centred over the positions, on their first right singular vector.
  /// - Parameters:
  ///   - features: `[K, plane]` in row-major order.
  ///   - plane: The number of positions.
  /// - Returns: One value for each position; the one of the largest magnitude is positive.
  static func projection(of features: [Double], plane: Int) -> [Double] {
    let channels = features.count / plane
    var centred = features
    for channel in 0..<channels {
      let range = channel * plane..<(channel + 1) * plane
      let mean = features[range].reduce(0, +) / Double(plane)
      for index in range { centred[index] -= mean }
    }
    var projection = [Double](repeating: 0, count: plane)
    if channels <= plane {
      let direction = leadingVector(of: gram(centred, rows: channels, length: plane), channels)
      for channel in 0..<channels {
        for position in 0..<plane {
          projection[position] += direction[channel] * centred[channel * plane + position]
        }
      }
    } else {
      // X v = u sigma: the left singular vector asks for the smaller matrix here.
      let columns = transposed(centred, rows: channels, columns: plane)
      let left = leadingVector(of: gram(columns, rows: plane, length: channels), plane)
      var squared = 0.0
      for channel in 0..<channels {
        let row = centred[channel * plane..<(channel + 1) * plane]
        let product = zip(row, left).reduce(0) { $0 + $1.0 * $1.1 }
        squared += product * product
      }
      projection = left.map { $0 * squared.squareRoot() }
    }
    let strongest = projection.max { abs($0) < abs($1) } ?? 0
    return strongest < 0 ? projection.map { -$0 } : projection
  }

  /// The unit eigenvector of the largest eigenvalue of a symmetric matrix without negative ones.
  ///
  /// Squaring the matrix and dividing by its trace again and again leaves `v v^T`; the trace of the next
  /// square is 1 when nothing else is left. Each squaring doubles the power, so even eigenvalues that
  /// differ by a millionth separate in some 25 of them.
  private static func leadingVector(of matrix: [Double], _ size: Int) -> [Double] {
    func trace(_ matrix: [Double]) -> Double {
      (0..<size).reduce(0) { $0 + matrix[$1 * size + $1] }
    }
    let scale = trace(matrix)
    guard scale > 0 else { return Array(repeating: 0, count: size) }
    var power = matrix.map { $0 / scale }
    for _ in 0..<40 {
      // Symmetric: the product of its rows is its square.
      let square = gram(power, rows: size, length: size)
      let rest = 1 - trace(square)
      let scale = trace(square)
      power = square.map { $0 / scale }
      if rest < 1e-15 { break }
    }
    let row = (0..<size).max { power[$0 * size + $0] < power[$1 * size + $1] } ?? 0
    let vector = Array(power[row * size..<(row + 1) * size])
    let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return vector.map { $0 / length }
  }

  /// All inner products of rows.
  private static func gram(_ values: [Double], rows: Int, length: Int) -> [Double] {
    var products = [Double](repeating: 0, count: rows * rows)
    values.withUnsafeBufferPointer { values in
      for first in 0..<rows {
        for second in first..<rows {
          var lanes = SIMD8<Double>()
          let (left, right) = (first * length, second * length)
          var index = 0
          while index + 8 <= length {
            for lane in 0..<8 {
              lanes[lane] += values[left + index + lane] * values[right + index + lane]
            }
            index += 8
          }
          var sum = lanes.sum()
          while index < length {
            sum += values[left + index] * values[right + index]
            index += 1
          }
          products[first * rows + second] = sum
          products[second * rows + first] = sum
        }
      }
    }
    return products
  }

  private static func transposed(_ values: [Double], rows: Int, columns: Int) -> [Double] {
    (0..<values.count).map { values[$0 % rows * columns + $0 / rows] }
  }
}
