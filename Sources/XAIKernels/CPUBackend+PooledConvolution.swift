extension CPUBackend {
  /// A convolution, rectifier and max pooling in one; for 3x3 kernels and blocked inputs.
  public func pooledConvolution(
    _ input: DeviceTensor, weights: DeviceTensor, bias: DeviceTensor, remembersWinners: Bool,
    algorithm: ConvolutionAlgorithm
  ) throws(KernelFailure) -> DeviceTensor? {
    guard algorithm == .fastest, input.layout == .blocked, weights.shape[2] == 3 else { return nil }
    let extent = Array(input.shape.dropFirst(2))
    let shape = [input.batch, weights.shape[0], extent[0] / 2, extent[1] / 2]
    let output = try empty(shape, .blocked)
    if remembersWinners {
      let floats = elementCount(shape, .blocked) / MemoryLayout<Float>.stride
      output.winners = PoolWinners(extent: extent, memory: try pool.take(floats))
    }
    try winograd(
      input, extent: extent, weights: weights, isTransposed: false,
      WinogradEpilogue(bias: bias, relu: true, pools: true), into: output)
    return output
  }

  /// The gradient of a pooled convolution by its input.
  public func pooledConvolutionInputGradient(
    _ signal: DeviceTensor, output: DeviceTensor, weights: DeviceTensor, gate: DeviceTensor?
  ) throws(KernelFailure) -> DeviceTensor {
    precondition(signal.shape == output.shape, "\(signal.shape) does not fit \(output.shape)")
    precondition(output.hasWinners, "the winners of this pooling were not remembered")
    let extent = output.winners?.extent ?? []
    let gradient = try empty([signal.batch, weights.shape[1]] + extent, .blocked)
    try winograd(
      signal, winners: output.winners, extent: extent, weights: weights, isTransposed: true,
      WinogradEpilogue(gate: gate), into: gradient)
    return gradient
  }
}
