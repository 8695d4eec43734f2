public import XAITensor

/// A small array of Double in row-major order: what reference implementations compute with.
public struct ReferenceArray: Sendable {
  /// Extents, slowest first.
  public let shape: [Int]
  /// The elements in row-major order.
  public var values: [Double]
  /// Extents of the axes after the first; 1 where there is none.
  private let extents: (Int, Int, Int)

  /// Creates an array filled with one value.
  /// - Parameters:
  ///   - shape: Extents.
  ///   - value: The value of every element.
  public init(_ shape: [Int], repeating value: Double = 0) {
    self.init(shape, Array(repeating: value, count: shape.reduce(1, *)))
  }

  /// Creates an array from its elements.
  /// - Parameters:
  ///   - shape: Extents.
  ///   - values: The elements in row-major order.
  public init(_ shape: [Int], _ values: [Double]) {
    precondition(shape.reduce(1, *) == values.count, "\(values.count) elements for \(shape)")
    self.shape = shape
    self.values = values
    let axes = shape.dropFirst() + [1, 1, 1]
    extents = (axes[1], axes[2], axes[3])
  }

  /// The elements of a tensor, exactly.
  /// - Parameter tensor: The tensor.
  public init(_ tensor: Tensor) { self.init(tensor.shape, tensor.elements.map(Double.init)) }

  /// Numbers around 0 that Float32 holds exactly.
  /// - Parameters:
  ///   - shape: Extents.
  ///   - purpose: Names the random stream.
  ///   - mean: Their mean.
  ///   - standardDeviation: Their standard deviation.
  /// - Returns: The array.
  public static func random(
    _ shape: [Int], _ purpose: String, mean: Double = 0, standardDeviation: Double = 1
  ) -> ReferenceArray {
    var stream = RandomStream(seed: 1, purpose: "test/\(purpose)")
    return ReferenceArray(
      stream.normal(shape: shape, mean: mean, standardDeviation: standardDeviation))
  }

  /// The array rounded to Float32.
  public var tensor: Tensor { Tensor(shape: shape, values.map(Float.init)) }

  /// Images.
  var batch: Int { shape[0] }
  /// Channels or features.
  var channels: Int { shape[1] }
  /// Positions of a channel; 1 for features.
  var plane: Int { shape.dropFirst(2).reduce(1, *) }

  /// The same elements under another shape.
  /// - Parameter shape: Extents.
  /// - Returns: The array.
  public func reshaped(_ shape: [Int]) -> ReferenceArray { ReferenceArray(shape, values) }

  /// An element of a matrix.
  /// - Parameters:
  ///   - row: Index of the first axis.
  ///   - column: Index of the second axis.
  public subscript(_ row: Int, _ column: Int) -> Double {
    get { values[row * extents.0 + column] }
    set { values[row * extents.0 + column] = newValue }
  }

  /// An element of an array of four axes.
  /// - Parameters:
  ///   - first: Image or output channel.
  ///   - second: Channel.
  ///   - row: Row.
  ///   - column: Column.
  public subscript(_ first: Int, _ second: Int, _ row: Int, _ column: Int) -> Double {
    @inline(__always) get {
      values[((first * extents.0 + second) * extents.1 + row) * extents.2 + column]
    }
    @inline(__always) _modify {
      yield &values[((first * extents.0 + second) * extents.1 + row) * extents.2 + column]
    }
  }

  /// Applies a function to pairs of elements.
  /// - Parameters:
  ///   - other: An array of the same shape.
  ///   - function: The function.
  /// - Returns: The results.
  public func combined(
    with other: ReferenceArray, _ function: (Double, Double) -> Double
  ) -> ReferenceArray {
    precondition(shape == other.shape, "\(shape) and \(other.shape)")
    return ReferenceArray(shape, zip(values, other.values).map(function))
  }
}

extension ReferenceArray: Equatable {
  /// Whether shapes and numbers agree.
  public static func == (left: ReferenceArray, right: ReferenceArray) -> Bool {
    left.shape == right.shape && left.values == right.values
  }
}
