internal import CDNNL
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

  /// The gradient of a dense layer by its weights, `dW = dy^T x`.
  public func denseWeightGradient(
    input: DeviceTensor, signal: DeviceTensor, into gradient: DeviceTensor
  ) throws(KernelFailure) {
    let (outputs, inputs) = (gradient.shape[0], gradient.shape[1])
    precondition(
      outputs == signal.channels && inputs == input.channels && input.batch == signal.batch,
      "\(gradient.shape) does not fit \(input.shape) and \(signal.shape)")
    try measured("dense weight gradient") { () throws(KernelFailure) in
      try check(
        dnnl_sgemm(
          CChar(UInt8(ascii: "T")), CChar(UInt8(ascii: "N")), Int64(outputs), Int64(inputs),
          Int64(input.batch), 1, signal.floats, Int64(blocks(outputs) * block), input.floats,
          Int64(blocks(inputs) * block), 0, gradient.floats, Int64(inputs))
      ) { "The product of \(outputs) x \(input.batch) and \(input.batch) x \(inputs)" }
    }
    gradient.generation += 1
  }

  /// Rows times a matrix: each sum runs over its terms in order, so that a row's result depends on
  /// neither the other rows nor the number of threads.
  private func product(
    _ rows: DeviceTensor, _ matrix: PackedMatrix, of weights: DeviceTensor, bias: DeviceTensor?
  ) throws(KernelFailure) -> DeviceTensor {
    let result = try empty([rows.batch, matrix.columns], .blocked)
    let (inner, blocks) = (blocks(matrix.rows) * block, blocks(matrix.columns))
    let packed = try packed(weights, as: matrix, inner: inner, blocks: blocks)
    let padded = try bias.map { tensor throws(KernelFailure) in try paddedBias(tensor) }
    // A thread takes whole groups of blocks, which are packed side by side.
    let group = 4
    let vectors = vectors.level
    ThreadTeam.forEachRange((blocks + group - 1) / group) { _, range in
      xai_matrix_multiply(
        vectors, rows.floats, Int64(inner), Int64(rows.batch), Int64(inner), packed.floats,
        Int64(blocks), Int64(range.lowerBound * group),
        Int64(min(blocks, range.upperBound * group)), padded?.floats, 0, result.floats,
        Int64(blocks * block))
    }
    return result
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
