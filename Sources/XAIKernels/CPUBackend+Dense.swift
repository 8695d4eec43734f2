internal import CWinograd

extension CPUBackend {
  /// A dense layer, `y = x W^T + b`.
  public func dense(
    _ input: DeviceTensor, weights: DeviceTensor, bias: DeviceTensor?
  ) throws(KernelFailure) -> DeviceTensor {
    let (outputs, inputs) = (weights.shape[0], weights.shape[1])
    precondition(inputs == input.channels, "\(weights.shape) does not fit \(input.shape)")
    return try measured("dense forward") { () throws(KernelFailure) in
      try product(
        input,
        PackedMatrix(
          rows: inputs, columns: outputs, rowStride: 1, columnStride: inputs, isTransposed: true),
        of: weights, bias: bias)
    }
  }

  /// The gradient of a dense layer by its input, `dx = dy W`.
  public func denseInputGradient(
    _ signal: DeviceTensor, weights: DeviceTensor
  ) throws(KernelFailure) -> DeviceTensor {
    let (outputs, inputs) = (weights.shape[0], weights.shape[1])
    precondition(outputs == signal.channels, "\(weights.shape) does not fit \(signal.shape)")
    return try measured("dense input gradient") { () throws(KernelFailure) in
      try product(
        signal,
        PackedMatrix(
          rows: outputs, columns: inputs, rowStride: inputs, columnStride: 1, isTransposed: false),
        of: weights, bias: nil)
    }
  }

  /// Rows times a matrix: each sum runs over its terms in order, so that a row's result depends on
  /// neither the other rows nor the number of threads.
  private func product(
    _ rows: DeviceTensor, _ matrix: PackedMatrix, of weights: DeviceTensor, bias: DeviceTensor?
  ) throws(KernelFailure) -> DeviceTensor {
    let result = try empty([rows.batch, matrix.columns], .blocked)
    let padded = try bias.map { tensor throws(KernelFailure) in try paddedBias(tensor) }
    if isReadOnce(weights, as: matrix) {
      try multiplyPlain(rows, matrix, of: weights, bias: padded?.floats, into: result)
      return result
    }
    let (inner, blocks) = (blocks(matrix.rows) * block, blocks(matrix.columns))
    let packed = try packed(weights, as: matrix, inner: inner, blocks: blocks)
    let vectors = vectors.level
    forEachRange(ofBlocks: blocks) { _, range in
      xai_matrix_multiply(
        vectors, rows.floats, Int64(inner), Int64(rows.batch), Int64(inner), packed.floats,
        Int64(blocks), Int64(range.lowerBound), Int64(range.upperBound), padded?.floats, 0,
        result.floats, Int64(blocks * block))
    }
    return result
  }

  /// Whether weights are better read as they are.
  ///
  /// So are those that have changed since the last product, as they do in each step of training: to pack
  /// them takes as long as to multiply them. The bytes of the product are the same.
  private func isReadOnce(_ weights: DeviceTensor, as matrix: PackedMatrix) -> Bool {
    guard weights.isWritable else { return false }
    defer { weights.productGenerations[matrix.isTransposed] = weights.generation }
    return weights.productGenerations[matrix.isTransposed] != weights.generation
  }

  private func multiplyPlain(
    _ rows: DeviceTensor, _ matrix: PackedMatrix, of weights: DeviceTensor,
    bias: UnsafePointer<Float>?, into result: DeviceTensor
  ) throws(KernelFailure) {
    let (inner, blocks) = (Int64(blocks(matrix.rows) * block), blocks(matrix.columns))
    let vectors = vectors.level
    let floats = Int(xai_matrix_plain_floats(vectors, Int64(rows.batch)))
    let scratch = try scratchpad(bytes: floats * ThreadTeam.count * MemoryLayout<Float>.stride)
    forEachRange(ofBlocks: blocks) { thread, range in
      xai_matrix_multiply_plain(
        vectors, rows.floats, inner, Int64(rows.batch), inner, weights.floats,
        Int64(weights.shape[1]), matrix.isTransposed ? 1 : 0, Int64(matrix.rows),
        Int64(matrix.columns), Int64(range.lowerBound), Int64(range.upperBound), bias,
        result.floats, Int64(blocks * block), scratch + thread * floats)
    }
  }

  /// Divides column blocks between threads: whole groups, which are multiplied together.
  private func forEachRange(ofBlocks blocks: Int, _ body: (Int, Range<Int>) -> Void) {
    let group = 4
    ThreadTeam.forEachRange((blocks + group - 1) / group, least: 4) { thread, range in
      body(thread, range.lowerBound * group..<min(blocks, range.upperBound * group))
    }
  }

  /// The matrix as the kernel reads it.
  private func packed(
    _ weights: DeviceTensor, as matrix: PackedMatrix, inner: Int, blocks: Int
  ) throws(KernelFailure) -> MemoryPool.Block {
    let vectors = vectors.level
    let count = Int(xai_matrix_packed_count(vectors, Int64(inner), Int64(blocks)))
    return try packedWeights.block(of: weights, as: matrix, count: count) { memory in
      weights.withFactors { elements, slopes in
        ThreadTeam.forEach(blocks) { index in
          xai_matrix_pack(
            vectors, elements, matrix.isTransposed ? nil : slopes,
            matrix.isTransposed ? slopes : nil,
            Int64(matrix.rows), Int64(matrix.columns), Int64(matrix.rowStride),
            Int64(matrix.columnStride), Int64(inner), Int64(blocks), Int64(index), memory)
        }
      }
    }
  }
}

/// How a matrix lies in a tensor of weights.
private struct PackedMatrix: Hashable {
  let rows: Int
  let columns: Int
  let rowStride: Int
  let columnStride: Int
  /// Whether its columns are the rows of the weights.
  let isTransposed: Bool
}
