extension CPUBackend {
  /// 2x2 max pooling with stride 2; an odd last row or column is left out.
  public func maxPool(_ input: DeviceTensor) throws(KernelFailure) -> DeviceTensor {
    block == 16 ? try pool(input, SIMD16<Float>.self) : try pool(input, SIMD8<Float>.self)
  }

  /// Routes a signal to the first maximum of each window in row-major order.
  public func maxPoolGradient(
    _ signal: DeviceTensor, input: DeviceTensor
  ) throws(KernelFailure) -> DeviceTensor {
    block == 16
      ? try poolGradient(signal, input, SIMD16<Float>.self)
      : try poolGradient(signal, input, SIMD8<Float>.self)
  }

  private func pool<Lanes: FloatLanes>(
    _ input: DeviceTensor, _: Lanes.Type
  ) throws(KernelFailure) -> DeviceTensor {
    let (height, width) = (input.shape[2], input.shape[3])
    let output = try empty([input.batch, input.channels, height / 2, width / 2], .blocked)
    try measured("max pool") { () throws(KernelFailure) in
      ThreadTeam.forEach(input.batch * blocks(input.channels)) { index in
        var target = output.floats.lanes(Lanes.self) + index * (height / 2) * (width / 2)
        for row in 0..<height / 2 {
          var upper = input.floats.lanes(Lanes.self) + index * height * width + 2 * row * width
          for _ in 0..<width / 2 {
            target.pointee = Window(at: upper, width: width).maximum
            target += 1
            upper += 2
          }
        }
      }
    }
    return output
  }

  private func poolGradient<Lanes: FloatLanes>(
    _ signal: DeviceTensor, _ input: DeviceTensor, _: Lanes.Type
  ) throws(KernelFailure) -> DeviceTensor {
    let (height, width) = (input.shape[2], input.shape[3])
    precondition(
      signal.shape == [input.batch, input.channels, height / 2, width / 2],
      "\(signal.shape) is no pooling of \(input.shape)")
    let gradient = try empty(input.shape, .blocked)
    try measured("max pool gradient") { () throws(KernelFailure) in
      ThreadTeam.forEach(input.batch * blocks(input.channels)) { index in
        let start = index * height * width
        var source = signal.floats.lanes(Lanes.self) + index * (height / 2) * (width / 2)
        if height % 2 != 0 || width % 2 != 0 {
          (gradient.floats.lanes(Lanes.self) + start)
            .update(repeating: Lanes(), count: height * width)
        }
        for row in 0..<height / 2 {
          var upper = input.floats.lanes(Lanes.self) + start + 2 * row * width
          var target = gradient.floats.lanes(Lanes.self) + start + 2 * row * width
          for _ in 0..<width / 2 {
            Window(at: upper, width: width).route(source.pointee, to: target, width: width)
            source += 1
            upper += 2
            target += 2
          }
        }
      }
    }
    return gradient
  }
}

/// The four values of a pooling window, in row-major order.
private struct Window<Lanes: FloatLanes> {
  let (a, b, c, d): (Lanes, Lanes, Lanes, Lanes)

  @inline(__always)
  init(at upper: UnsafeMutablePointer<Lanes>, width: Int) {
    (a, b, c, d) = (upper[0], upper[1], upper[width], upper[width + 1])
  }

  @inline(__always)
  var maximum: Lanes { a.larger(b).larger(c.larger(d)) }

  /// Writes the signal to the first maximum and 0 to the others.
  @inline(__always)
  func route(_ signal: Lanes, to target: UnsafeMutablePointer<Lanes>, width: Int) {
    let (top, bottom) = (a.larger(b), c.larger(d))
    let upper = signal.kept(unless: bottom, exceeds: top)
    let lower = signal.kept(where: bottom, exceeds: top)
    target[0] = upper.kept(unless: b, exceeds: a)
    target[1] = upper.kept(where: b, exceeds: a)
    target[width] = lower.kept(unless: d, exceeds: c)
    target[width + 1] = lower.kept(where: d, exceeds: c)
  }
}
