internal import CDNNL

extension CPUBackend {
  /// A dense layer, `y = x W^T + b`.
  public func dense(
    _ input: DeviceTensor, weights: DeviceTensor, bias: DeviceTensor?
  ) throws(KernelFailure) -> DeviceTensor {
    let (outputs, inputs) = (weights.shape[0], weights.shape[1])
    precondition(inputs == input.channels, "\(weights.shape) does not fit \(input.shape)")
    let output = try empty([input.batch, outputs], .blocked)
    let stride = blocks(outputs) * block
    try measured("dense forward") { () throws(KernelFailure) in
      // Rows start from the bias (or zero, filling channels included) and the product is added.
      for image in 0..<input.batch {
        let row = output.floats + image * stride
        if let bias {
          row.update(from: bias.floats, count: outputs)
          (row + outputs).update(repeating: 0, count: stride - outputs)
        } else {
          row.update(repeating: 0, count: stride)
        }
      }
      try product(
        rows: input.batch, columns: outputs, inner: inputs, left: input.floats,
        leftStride: blocks(inputs) * block, right: weights.floats, transposeRight: true,
        rightStride: inputs, keep: 1, result: output.floats, resultStride: stride)
    }
    return output
  }

  /// The gradient of a dense layer by its input, `dx = dy W`.
  public func denseInputGradient(
    _ signal: DeviceTensor, weights: DeviceTensor
  ) throws(KernelFailure) -> DeviceTensor {
    let (outputs, inputs) = (weights.shape[0], weights.shape[1])
    precondition(outputs == signal.channels, "\(weights.shape) does not fit \(signal.shape)")
    let gradient = try empty([signal.batch, inputs], .blocked)
    let stride = blocks(inputs) * block
    try measured("dense input gradient") { () throws(KernelFailure) in
      for image in 0..<signal.batch {
        (gradient.floats + image * stride + inputs).update(repeating: 0, count: stride - inputs)
      }
      try product(
        rows: signal.batch, columns: inputs, inner: outputs, left: signal.floats,
        leftStride: blocks(outputs) * block, right: weights.floats, rightStride: inputs,
        result: gradient.floats, resultStride: stride)
    }
    return gradient
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
      try product(
        rows: outputs, columns: inputs, inner: input.batch, left: signal.floats,
        transposeLeft: true, leftStride: blocks(outputs) * block, right: input.floats,
        rightStride: blocks(inputs) * block, result: gradient.floats, resultStride: inputs)
    }
    gradient.generation += 1
  }

  /// `result = keep * result + left * right`, row-major.
  private func product(
    rows: Int, columns: Int, inner: Int, left: UnsafePointer<Float>, transposeLeft: Bool = false,
    leftStride: Int, right: UnsafePointer<Float>, transposeRight: Bool = false, rightStride: Int,
    keep: Float = 0, result: UnsafeMutablePointer<Float>, resultStride: Int
  ) throws(KernelFailure) {
    let (yes, no) = (CChar(UInt8(ascii: "T")), CChar(UInt8(ascii: "N")))
    try check(
      dnnl_sgemm(
        transposeLeft ? yes : no, transposeRight ? yes : no, Int64(rows), Int64(columns),
        Int64(inner), 1, left, Int64(leftStride), right, Int64(rightStride), keep, result,
        Int64(resultStride))
    ) { "The product of \(rows) x \(inner) and \(inner) x \(columns)" }
  }
}
