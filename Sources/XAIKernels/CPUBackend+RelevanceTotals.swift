extension CPUBackend {
  /// Each element less the extremum of its image.
  public func difference(
    of input: DeviceTensor, from extremum: Extremum
  ) throws(KernelFailure) -> DeviceTensor {
    precondition(input.layout == .blocked, "\(input.shape) is not blocked")
    let result = try empty(input.shape, .blocked)
    let (channels, plane, block) = (input.channels, input.plane, block)
    let blocks = blocks(channels)
    let image = blocks * plane * block
    try measured("relevance, extrema") { () throws(KernelFailure) in
      ThreadTeam.forEach(input.batch) { index in
        let (source, target) = (input.floats + index * image, result.floats + index * image)
        // Channel 0 is no filling channel.
        var bound = source[0]
        func forEachElement(_ body: (Int) -> Void) {
          for channel in 0..<channels {
            let first = channel / block * plane * block + channel % block
            for position in 0..<plane { body(first + position * block) }
          }
        }
        switch extremum {
        case .minimum: forEachElement { bound = min(bound, source[$0]) }
        case .maximum: forEachElement { bound = max(bound, source[$0]) }
        }
        target.update(repeating: 0, count: image)
        forEachElement { target[$0] = source[$0] - bound }
      }
    }
    return result
  }

  /// Hands out a total in proportion to absolute values.
  public func absoluteShares(
    of input: DeviceTensor, totalling total: DeviceTensor
  ) throws(KernelFailure) -> DeviceTensor {
    block == 16
      ? try absoluteShares(input, total, SIMD16<Float>.self)
      : try absoluteShares(input, total, SIMD8<Float>.self)
  }

  /// Subtracts one number from the nonzero elements of each image, so that they sum to a total.
  public func shiftingNonzero(
    _ input: DeviceTensor, toSumOf total: DeviceTensor
  ) throws(KernelFailure) -> DeviceTensor {
    block == 16
      ? try shiftingNonzero(input, total, SIMD16<Float>.self)
      : try shiftingNonzero(input, total, SIMD8<Float>.self)
  }

  private func absoluteShares<Lanes: RelevanceLanes>(
    _ input: DeviceTensor, _ total: DeviceTensor, _: Lanes.Type
  ) throws(KernelFailure) -> DeviceTensor {
    try imagewise(input, total, Lanes.self) { source, target, count, total in
      let magnitude = Self.sum(count) { source[$0].absolute() }
      let factor = magnitude == 0 ? 0 : Float(total / magnitude)
      for index in 0..<count { target[index] = factor * source[index].absolute() }
    }
  }

  private func shiftingNonzero<Lanes: RelevanceLanes>(
    _ input: DeviceTensor, _ total: DeviceTensor, _: Lanes.Type
  ) throws(KernelFailure) -> DeviceTensor {
    try imagewise(input, total, Lanes.self) { source, target, count, total in
      let nonzero = Self.sum(count) { source[$0].nonzeroOnes() }
      let excess = Self.sum(count) { source[$0] } - total
      let shift = nonzero == 0 ? 0 : Float(excess / nonzero)
      for index in 0..<count {
        target[index] = (source[index] - shift).kept(whereNonzero: source[index])
      }
    }
  }

  /// Calls a body with each image's vectors, and with the sum of another tensor over that image.
  private func imagewise<Lanes: RelevanceLanes>(
    _ input: DeviceTensor, _ total: DeviceTensor, _: Lanes.Type,
    _ body: (UnsafeMutablePointer<Lanes>, UnsafeMutablePointer<Lanes>, Int, Double) -> Void
  ) throws(KernelFailure) -> DeviceTensor {
    precondition(
      input.batch == total.batch && input.layout == .blocked && total.layout == .blocked,
      "\(input.shape) does not fit \(total.shape)")
    let result = try empty(input.shape, .blocked)
    let (sources, totals) = (input.floats.lanes(Lanes.self), total.floats.lanes(Lanes.self))
    let targets = result.floats.lanes(Lanes.self)
    let count = blocks(input.channels) * input.plane
    let totalCount = blocks(total.channels) * total.plane
    try measured("relevance, totals") { () throws(KernelFailure) in
      ThreadTeam.forEach(input.batch) { image in
        let wanted = Self.sum(totalCount) { totals[image * totalCount + $0] }
        body(sources + image * count, targets + image * count, count, wanted)
      }
    }
    return result
  }

  /// A sum over vectors and lanes: in Float within 64 vectors, in Double beyond.
  @inline(__always)
  private static func sum<Lanes: RelevanceLanes>(_ count: Int, _ body: (Int) -> Lanes) -> Double {
    var total = 0.0
    var first = 0
    while first < count {
      let last = min(first + 64, count)
      var partial = Lanes()
      for index in first..<last { partial += body(index) }
      for lane in 0..<Lanes.scalarCount { total += Double(partial[lane]) }
      first = last
    }
    return total
  }
}
