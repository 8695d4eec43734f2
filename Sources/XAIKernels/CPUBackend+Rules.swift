extension CPUBackend {
  /// Sends a signal back through a rectifier.
  public func rectify(
    _ signal: DeviceTensor, output: DeviceTensor, gate: RectifierGate
  ) throws(KernelFailure) -> DeviceTensor {
    precondition(signal.shape == output.shape, "\(signal.shape) does not fit \(output.shape)")
    return block == 16
      ? try rectify(signal, output, gate, SIMD16<Float>.self)
      : try rectify(signal, output, gate, SIMD8<Float>.self)
  }

  /// Multiplies each channel with its factor.
  public func scaleChannels(
    _ signal: DeviceTensor, by factors: DeviceTensor, adding shifts: DeviceTensor?
  ) throws(KernelFailure) -> DeviceTensor {
    precondition(
      factors.shape == [signal.channels], "\(factors.shape) does not fit \(signal.shape)")
    return block == 16
      ? try scaleChannels(signal, factors, shifts, SIMD16<Float>.self)
      : try scaleChannels(signal, factors, shifts, SIMD8<Float>.self)
  }

  private func rectify<Lanes: FloatLanes>(
    _ signal: DeviceTensor, _ output: DeviceTensor, _ gate: RectifierGate, _: Lanes.Type
  ) throws(KernelFailure) -> DeviceTensor {
    let result = try empty(signal.shape, .blocked)
    let (signals, outputs) = (signal.floats.lanes(Lanes.self), output.floats.lanes(Lanes.self))
    let target = result.floats.lanes(Lanes.self)
    let plane = signal.plane
    try measured("rectifier, backward") { () throws(KernelFailure) in
      ThreadTeam.forEach(signal.batch * blocks(signal.channels)) { index in
        let range = index * plane..<(index + 1) * plane
        switch gate {
        case .gradient:
          for position in range {
            target[position] = signals[position].passed(where: outputs[position])
          }
        case .deconvolution:
          for position in range { target[position] = signals[position].rectified() }
        case .guided:
          for position in range {
            target[position] = signals[position].passed(where: outputs[position]).rectified()
          }
        }
      }
    }
    return result
  }

  private func scaleChannels<Lanes: FloatLanes>(
    _ signal: DeviceTensor, _ factors: DeviceTensor, _ shifts: DeviceTensor?, _: Lanes.Type
  ) throws(KernelFailure) -> DeviceTensor {
    let result = try empty(signal.shape, .blocked)
    let (signals, target) = (signal.floats.lanes(Lanes.self), result.floats.lanes(Lanes.self))
    let (plane, blocks, block, channels) = (
      signal.plane, blocks(signal.channels), block, signal.channels
    )
    try measured("channel factors") { () throws(KernelFailure) in
      ThreadTeam.forEach(signal.batch * blocks) { index in
        let first = index % blocks * block
        var (factor, shift) = (Lanes(), Lanes())
        for lane in 0..<min(block, channels - first) {
          factor[lane] = factors.floats[first + lane]
          shift[lane] = shifts?.floats[first + lane] ?? 0
        }
        for position in index * plane..<(index + 1) * plane {
          target[position] = signals[position] * factor + shift
        }
      }
    }
    return result
  }
}
