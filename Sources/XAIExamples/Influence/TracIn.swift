import XAIAttribution
import XAINetworks
public import XAITensor

/// Products of loss gradients at kept epochs: TracIn.
///
/// Source: Pruthi et al. 2020.
/// `sum over checkpoints of rate * g_test . g_i`. With one checkpoint it is a gradient product.
public enum TracIn {
  /// Products at one checkpoint.
  public struct Products: Sendable, Equatable {
    /// `g_test . g_i` for each image asked about and each training image.
    public let dots: [[Double]]
    /// The cosines of the angles between them: images of large loss do not lead every list; nil where one of them
    /// is 0.
    public let cosines: [[Double?]]
  }

  /// Products of gradients by all trained parameters, each computed again when it is needed.
  /// - Parameters:
  ///   - queries: Images that are asked about, `[m, C, H, W]`, and their classes.
  ///   - training: Training images `[n, C, H, W]` and their classes.
  ///   - gradients: Where, and by which parameters.
  /// - Returns: `[m][n]`.
  /// - Throws: Where shapes do not fit or a kernel fails.
  public static func products(
    of queries: (images: Tensor, labels: [Int]), with training: (images: Tensor, labels: [Int]),
    _ gradients: ParameterGradients
  ) throws -> Products {
    for (part, name) in [(queries, "asked about"), (training, "of training")]
    where part.labels.count != part.images.rows {
      throw ExampleFailure(
        .shape(
          of: "the classes of the images \(name)", found: [part.labels.count],
          expected: "[\(part.images.rows)]"))
    }
    let asked = try queries.labels.enumerated().map {
      try gradients.gradient(of: queries.images.row($0), label: $1)
    }
    let lengths = asked.map { product($0, $0).squareRoot() }
    var dots = asked.map { _ in [Double]() }
    var cosines = asked.map { _ in [Double?]() }
    for (row, label) in training.labels.enumerated() {
      let own = try gradients.gradient(of: training.images.row(row), label: label)
      let length = product(own, own).squareRoot()
      for (query, gradient) in asked.enumerated() {
        let dot = product(gradient, own)
        dots[query].append(dot)
        let lengths = lengths[query] * length
        cosines[query].append(lengths > 0 ? dot / lengths : nil)
      }
    }
    return Products(dots: dots, cosines: cosines)
  }

  /// Products of gradients by dense layers, by their factors: `(delta . delta')(a . a' + 1)`; the 1 is the bias.
  /// - Parameters:
  ///   - queries: By layer, inputs and errors of the images that are asked about.
  ///   - training: The same of training images.
  /// - Returns: `[m][n]`, the sum over layers.
  public static func products(
    ofFactors queries: [(layer: String, inputs: Tensor, errors: Tensor)],
    with training: [(layer: String, inputs: Tensor, errors: Tensor)]
  ) -> [[Double]] {
    var sums: [[Double]] = []
    for (own, other) in zip(queries, training) {
      let errors = products(own.errors, other.errors)
      let inputs = products(own.inputs, other.inputs)
      if sums.isEmpty { sums = errors.map { $0.map { _ in 0 } } }
      for row in sums.indices {
        for column in sums[row].indices {
          sums[row][column] += errors[row][column] * (inputs[row][column] + 1)
        }
      }
    }
    return sums
  }

  /// The sum over checkpoints.
  /// - Parameters:
  ///   - dots: Products at each checkpoint.
  ///   - rates: The learning rate of each one's epoch.
  /// - Returns: `[m][n]`.
  public static func sum(_ dots: [[[Double]]], rates: [Double]) -> [[Double]] {
    guard let first = dots.first else { return [] }
    return first.indices.map { row in
      first[row].indices.map { column in
        zip(dots, rates).reduce(0.0) { $0 + $1.1 * $1.0[row][column] }
      }
    }
  }

  private static func products(_ left: Tensor, _ right: Tensor) -> [[Double]] {
    let width = left.rowCount
    return left.withUnsafeElements { left in
      right.withUnsafeElements { right in
        (0..<left.count / width).map { row in
          (0..<right.count / width).map { column in
            var sum = 0.0
            for index in 0..<width {
              sum += Double(left[row * width + index]) * Double(right[column * width + index])
            }
            return sum
          }
        }
      }
    }
  }

  private static func product(_ left: [Float], _ right: [Float]) -> Double {
    left.withUnsafeBufferPointer { left in
      right.withUnsafeBufferPointer { right in
        var sum = 0.0
        for index in left.indices { sum += Double(left[index]) * Double(right[index]) }
        return sum
      }
    }
  }
}
