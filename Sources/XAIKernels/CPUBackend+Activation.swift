extension CPUBackend {
  /// Rectifier and dropout without batch norm.
  public func activate(
    _ input: DeviceTensor, _ activation: Activation
  ) throws(KernelFailure) -> DeviceTensor {
    block == 16
      ? try activate(input, activation, SIMD16<Float>.self)
      : try activate(input, activation, SIMD8<Float>.self)
  }

  /// The gradient of rectifier and dropout.
  public func activateGradient(
    _ signal: DeviceTensor, output: DeviceTensor, activation: Activation
  ) throws(KernelFailure) -> DeviceTensor {
    block == 16
      ? try activateGradient(signal, output, activation, SIMD16<Float>.self)
      : try activateGradient(signal, output, activation, SIMD8<Float>.self)
  }

  /// The gradient by a bias: the sum over images and positions.
  public func biasGradient(
    _ signal: DeviceTensor, into gradient: DeviceTensor
  ) throws(KernelFailure) {
    block == 16
      ? try biasGradient(signal, gradient, SIMD16<Float>.self)
      : try biasGradient(signal, gradient, SIMD8<Float>.self)
  }

  private func activate<Lanes: FloatLanes>(
    _ input: DeviceTensor, _ activation: Activation, _: Lanes.Type
  ) throws(KernelFailure) -> DeviceTensor {
    let output = try empty(input.shape, .blocked)
    let (source, target) = (input.floats.lanes(Lanes.self), output.floats.lanes(Lanes.self))
    let plane = input.plane
    try measured("ReLU, dropout") { () throws(KernelFailure) in
      ThreadTeam.forEach(input.batch * blocks(input.channels)) { index in
        for position in index * plane..<(index + 1) * plane {
          var value = source[position]
          if activation.relu { value = value.rectified() }
          if let dropout = activation.dropout {
            value = (value * dropout.scale).spared(by: dropout, at: position)
          }
          target[position] = value
        }
      }
    }
    return output
  }

  private func activateGradient<Lanes: FloatLanes>(
    _ signal: DeviceTensor, _ output: DeviceTensor, _ activation: Activation, _: Lanes.Type
  ) throws(KernelFailure) -> DeviceTensor {
    let gradient = try empty(signal.shape, .blocked)
    let signals = signal.floats.lanes(Lanes.self)
    let outputs = output.floats.lanes(Lanes.self)
    let target = gradient.floats.lanes(Lanes.self)
    let scale = activation.dropout?.scale ?? 1
    let plane = signal.plane
    try measured("ReLU, dropout gradient") { () throws(KernelFailure) in
      ThreadTeam.forEach(signal.batch * blocks(signal.channels)) { index in
        for position in index * plane..<(index + 1) * plane {
          var value = signals[position] * scale
          if activation.relu { value = value.passed(where: outputs[position]) }
          target[position] = value
        }
      }
    }
    return gradient
  }

  private func biasGradient<Lanes: FloatLanes>(
    _ signal: DeviceTensor, _ gradient: DeviceTensor, _: Lanes.Type
  ) throws(KernelFailure) {
    let (plane, signals) = (signal.plane, signal.floats.lanes(Lanes.self))
    try measured("bias gradient") { () throws(KernelFailure) in
      let blocks = blocks(signal.channels)
      let totals = try sums(batch: signal.batch, blocks: blocks, Lanes.self) { index, _ in
        var sum = Lanes()
        for position in index * plane..<(index + 1) * plane { sum += signals[position] }
        return (sum, Lanes())
      }
      for channel in 0..<signal.channels { gradient.floats[channel] = Float(totals[channel].0) }
    }
    gradient.generation += 1
  }
}
