extension CPUBackend {
  /// Sends multipliers back through 2x2 max pooling so that nothing is lost.
  public func rescaleMaxPool(
    _ multipliers: DeviceTensor, input: DeviceTensor, baseline: DeviceTensor, tieTolerance: Float
  ) throws(KernelFailure) -> DeviceTensor {
    block == 16
      ? try rescaleMaxPool(multipliers, input, baseline, tieTolerance, SIMD16<Float>.self)
      : try rescaleMaxPool(multipliers, input, baseline, tieTolerance, SIMD8<Float>.self)
  }

  private func rescaleMaxPool<Lanes: FloatLanes>(
    _ multipliers: DeviceTensor, _ input: DeviceTensor, _ baseline: DeviceTensor,
    _ tieTolerance: Float, _: Lanes.Type
  ) throws(KernelFailure) -> DeviceTensor {
    let windows = broadcast([input, baseline])
    let (height, width) = (windows[2], windows[3])
    let batch = max(windows[0], multipliers.batch)
    precondition(
      [1, batch].contains(windows[0]) && [1, batch].contains(multipliers.batch)
        && multipliers.shape.dropFirst() == [windows[1], height / 2, width / 2],
      "\(multipliers.shape) is no pooling of \(windows)")
    let result = try empty([batch] + windows.dropFirst(), .blocked)
    try measured("rescale, max pool") { () throws(KernelFailure) in
      forEachPlane(of: result) { index, plane in
        var signal = self.plane(index, of: multipliers, in: result, Lanes.self)
        let values = self.plane(index, of: input, in: result, Lanes.self)
        let others = self.plane(index, of: baseline, in: result, Lanes.self)
        let target = result.floats.lanes(Lanes.self) + index * plane
        if height % 2 != 0 || width % 2 != 0 { target.update(repeating: Lanes(), count: plane) }
        for row in 0..<height / 2 {
          for column in 0..<width / 2 {
            let corner = 2 * (row * width + column)
            let first = ComparedWindow(at: values + corner, width, tieTolerance)
            let second = ComparedWindow(at: others + corner, width, tieTolerance)
            first.rescale(signal.pointee, against: second, to: target + corner, width)
            signal += 1
          }
        }
      }
    }
    return result
  }
}

/// The four values of a pooling window, their maximum, and what counts as equal to it.
private struct ComparedWindow<Lanes: FloatLanes> {
  let (a, b, c, d): (Lanes, Lanes, Lanes, Lanes)
  let maximum: Lanes
  let threshold: Lanes

  @inline(__always)
  init(at upper: UnsafeMutablePointer<Lanes>, _ width: Int, _ tieTolerance: Float) {
    (a, b, c, d) = (upper[0], upper[1], upper[width], upper[width + 1])
    maximum = a.larger(b).larger(c.larger(d))
    threshold = maximum - maximum.larger(-maximum) * tieTolerance
  }

  /// The signal at the first maximum, 0 elsewhere.
  @inline(__always)
  func routed(_ signal: Lanes) -> (a: Lanes, b: Lanes, c: Lanes, d: Lanes) {
    let toA = signal.kept(unless: threshold, exceeds: a)
    let afterA = signal.kept(where: threshold, exceeds: a)
    let toB = afterA.kept(unless: threshold, exceeds: b)
    let afterB = afterA.kept(where: threshold, exceeds: b)
    return (
      toA, toB, afterB.kept(unless: threshold, exceeds: c),
      afterB.kept(where: threshold, exceeds: c)
    )
  }

  @inline(__always)
  func rescale(
    _ signal: Lanes, against other: Self, to target: UnsafeMutablePointer<Lanes>, _ width: Int
  ) {
    let larger = maximum.larger(other.maximum)
    let gains = routed(signal * (larger - other.maximum))
    let losses = other.routed(signal * (maximum - larger))
    let gradient = routed(signal)
    target[0] = (gains.a + losses.a).divided(by: a - other.a, orElse: gradient.a)
    target[1] = (gains.b + losses.b).divided(by: b - other.b, orElse: gradient.b)
    target[width] = (gains.c + losses.c).divided(by: c - other.c, orElse: gradient.c)
    target[width + 1] = (gains.d + losses.d).divided(by: d - other.d, orElse: gradient.d)
  }
}
