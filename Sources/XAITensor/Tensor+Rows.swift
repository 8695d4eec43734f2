extension Tensor {
  /// The extent of the first axis: images of a batch, samples of a distribution.
  public var rows: Int { shape.first ?? 1 }

  /// Elements in one row.
  public var rowCount: Int { shape.dropFirst().reduce(1, *) }

  /// Some rows.
  /// - Parameter range: Indices of the first axis.
  /// - Returns: A tensor of that many rows.
  public func rows(_ range: Range<Int>) -> Tensor {
    precondition(range.lowerBound >= 0 && range.upperBound <= rows, "\(range) of \(shape)")
    return Tensor(shape: [range.count] + shape.dropFirst()) { target in
      withUnsafeElements { source in
        let row = rowCount
        _ = target.initialize(
          from: source[range.lowerBound * row..<range.upperBound * row])
      }
    }
  }

  /// One row, which stays the first axis.
  /// - Parameter index: Its index.
  /// - Returns: `[1, ...]`.
  public func row(_ index: Int) -> Tensor { rows(index..<index + 1) }

  /// Rows in any order and number.
  /// - Parameter indices: The source of each row.
  /// - Returns: A tensor of as many rows as there are indices.
  public func rows(at indices: some Collection<Int>) -> Tensor {
    Tensor(shape: [indices.count] + shape.dropFirst()) { target in
      withUnsafeElements { source in
        let row = rowCount
        for (position, index) in indices.enumerated() {
          precondition(0..<rows ~= index, "row \(index) of \(shape)")
          _ = UnsafeMutableBufferPointer(rebasing: target[position * row..<(position + 1) * row])
            .initialize(from: source[index * row..<(index + 1) * row])
        }
      }
    }
  }

  /// Tensors with equal rows below each other.
  /// - Parameter parts: At least one.
  public init(stacking parts: [Tensor]) {
    precondition(!parts.isEmpty, "nothing to stack")
    let tail = Array(parts[0].shape.dropFirst())
    self.init(shape: [parts.reduce(0) { $0 + $1.rows }] + tail) { target in
      var offset = 0
      for part in parts {
        precondition(Array(part.shape.dropFirst()) == tail, "\(part.shape) below [_] + \(tail)")
        part.withUnsafeElements { source in
          _ = UnsafeMutableBufferPointer(rebasing: target[offset..<offset + source.count])
            .initialize(from: source)
        }
        offset += part.count
      }
    }
  }

  /// A function of each element.
  /// - Parameter transform: The function.
  /// - Returns: The shape of this tensor.
  public func map(_ transform: (Float) -> Float) -> Tensor {
    Tensor(shape: shape) { target in
      withUnsafeElements { source in
        for index in source.indices { target[index] = transform(source[index]) }
      }
    }
  }

  /// A function of the elements of two tensors of the same shape.
  /// - Parameters:
  ///   - other: The second argument.
  ///   - transform: The function.
  /// - Returns: The shape of both.
  public func combined(
    with other: Tensor, _ transform: (Float, Float) -> Float
  ) -> Tensor {
    precondition(shape == other.shape, "\(shape) with \(other.shape)")
    return Tensor(shape: shape) { target in
      withUnsafeElements { left in
        other.withUnsafeElements { right in
          for index in left.indices { target[index] = transform(left[index], right[index]) }
        }
      }
    }
  }

  /// The sum of each row, in Double.
  public var rowSums: [Double] {
    withUnsafeElements { elements in
      let row = rowCount
      return (0..<rows).map { index in
        elements[index * row..<(index + 1) * row].reduce(0) { $0 + Double($1) }
      }
    }
  }
}
