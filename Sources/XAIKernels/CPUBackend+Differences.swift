extension CPUBackend {
  /// Sends multipliers back through a rectifier by the Rescale rule.
  public func rescaleRectifier(
    _ multipliers: DeviceTensor, input: DeviceTensor, baseline: DeviceTensor
  ) throws(KernelFailure) -> DeviceTensor {
    block == 16
      ? try rescaleRectifier(multipliers, input, baseline, SIMD16<Float>.self)
      : try rescaleRectifier(multipliers, input, baseline, SIMD8<Float>.self)
  }

  /// `|x - x0|`.
  public func absoluteDifference(
    _ input: DeviceTensor, _ baseline: DeviceTensor
  ) throws(KernelFailure) -> DeviceTensor {
    block == 16
      ? try absoluteDifference(input, baseline, SIMD16<Float>.self)
      : try absoluteDifference(input, baseline, SIMD8<Float>.self)
  }

  /// Sends multipliers back through a rectifier by the RevealCancel rule.
  public func revealCancelRectifier(
    _ multipliers: DeviceTensor, input: DeviceTensor, baseline: DeviceTensor, spread: DeviceTensor
  ) throws(KernelFailure) -> SignedMultipliers {
    block == 16
      ? try revealCancel(multipliers, input, baseline, spread, SIMD16<Float>.self)
      : try revealCancel(multipliers, input, baseline, spread, SIMD8<Float>.self)
  }

  /// `even + sign(x - x0) odd`.
  public func signedSum(
    even: DeviceTensor, odd: DeviceTensor, input: DeviceTensor, baseline: DeviceTensor
  ) throws(KernelFailure) -> DeviceTensor {
    block == 16
      ? try signedSum(even, odd, input, baseline, SIMD16<Float>.self)
      : try signedSum(even, odd, input, baseline, SIMD8<Float>.self)
  }

  private func rescaleRectifier<Lanes: FloatLanes>(
    _ multipliers: DeviceTensor, _ input: DeviceTensor, _ baseline: DeviceTensor, _: Lanes.Type
  ) throws(KernelFailure) -> DeviceTensor {
    let result = try empty(broadcast([multipliers, input, baseline]), .blocked)
    let target = result.floats.lanes(Lanes.self)
    try measured("rescale, rectifier") { () throws(KernelFailure) in
      forEachPlane(of: result) { index, plane in
        let signal = self.plane(index, of: multipliers, in: result, Lanes.self)
        let values = self.plane(index, of: input, in: result, Lanes.self)
        let others = self.plane(index, of: baseline, in: result, Lanes.self)
        for position in 0..<plane {
          let (value, other) = (values[position], others[position])
          let slope = (value.rectified() - other.rectified()).divided(
            by: value - other, orElse: Lanes(repeating: 1).passed(where: value))
          target[index * plane + position] = signal[position] * slope
        }
      }
    }
    return result
  }

  private func absoluteDifference<Lanes: FloatLanes>(
    _ input: DeviceTensor, _ baseline: DeviceTensor, _: Lanes.Type
  ) throws(KernelFailure) -> DeviceTensor {
    let result = try empty(broadcast([input, baseline]), .blocked)
    let target = result.floats.lanes(Lanes.self)
    try measured("absolute difference") { () throws(KernelFailure) in
      forEachPlane(of: result) { index, plane in
        let values = self.plane(index, of: input, in: result, Lanes.self)
        let others = self.plane(index, of: baseline, in: result, Lanes.self)
        for position in 0..<plane {
          let difference = values[position] - others[position]
          target[index * plane + position] = difference.larger(-difference)
        }
      }
    }
    return result
  }

  private func revealCancel<Lanes: FloatLanes>(
    _ multipliers: DeviceTensor, _ input: DeviceTensor, _ baseline: DeviceTensor,
    _ spread: DeviceTensor, _: Lanes.Type
  ) throws(KernelFailure) -> SignedMultipliers {
    let shape = broadcast([multipliers, input, baseline, spread])
    let (mean, half) = (try empty(shape, .blocked), try empty(shape, .blocked))
    let (means, halves) = (mean.floats.lanes(Lanes.self), half.floats.lanes(Lanes.self))
    try measured("reveal-cancel, rectifier") { () throws(KernelFailure) in
      forEachPlane(of: mean) { index, plane in
        let signal = self.plane(index, of: multipliers, in: mean, Lanes.self)
        let values = self.plane(index, of: input, in: mean, Lanes.self)
        let others = self.plane(index, of: baseline, in: mean, Lanes.self)
        let spreads = self.plane(index, of: spread, in: mean, Lanes.self)
        for position in 0..<plane {
          let slopes = RevealCancelSlopes(
            from: others[position], difference: values[position] - others[position],
            spread: spreads[position])
          let halfSignal = signal[position] * 0.5
          means[index * plane + position] = halfSignal * (slopes.positive + slopes.negative)
          halves[index * plane + position] = halfSignal * (slopes.positive - slopes.negative)
        }
      }
    }
    return SignedMultipliers(mean: mean, halfDifference: half)
  }

  private func signedSum<Lanes: FloatLanes>(
    _ even: DeviceTensor, _ odd: DeviceTensor, _ input: DeviceTensor, _ baseline: DeviceTensor,
    _: Lanes.Type
  ) throws(KernelFailure) -> DeviceTensor {
    let result = try empty(broadcast([even, odd, input, baseline]), .blocked)
    let target = result.floats.lanes(Lanes.self)
    try measured("signed sum") { () throws(KernelFailure) in
      forEachPlane(of: result) { index, plane in
        let evens = self.plane(index, of: even, in: result, Lanes.self)
        let odds = self.plane(index, of: odd, in: result, Lanes.self)
        let values = self.plane(index, of: input, in: result, Lanes.self)
        let others = self.plane(index, of: baseline, in: result, Lanes.self)
        for position in 0..<plane {
          let (value, other) = (values[position], others[position])
          target[index * plane + position] =
            evens[position] + odds[position].kept(where: value, exceeds: other)
            - odds[position].kept(where: other, exceeds: value)
        }
      }
    }
    return result
  }
}

/// What RevealCancel makes of a rectifier: the change of its output for each unit of positive and of
/// negative contribution, averaged over both orders in which the two can be added.
private struct RevealCancelSlopes<Lanes: FloatLanes> {
  let positive: Lanes
  let negative: Lanes

  /// Contributions nearer to 0 than 5e-8 count as 1e-7 more, so that every slope is defined.
  @inline(__always)
  init(from start: Lanes, difference: Lanes, spread: Lanes) {
    // The spread is at least as large as the difference, but for rounding.
    let gain = ((spread + difference) * 0.5).rectified()
    let loss = -((spread - difference) * 0.5).rectified()
    let near = Lanes(repeating: 1e-7)
    let up = gain + near.kept(where: Lanes(repeating: 5e-8), exceeds: gain)
    let down =
      loss - near.kept(where: loss, exceeds: Lanes(repeating: -5e-8))
      + (near + near).kept(unless: Lanes(), exceeds: loss)
    positive = (Self.slope(from: start, by: up) + Self.slope(from: start + down, by: up)) * 0.5
    negative = (Self.slope(from: start, by: down) + Self.slope(from: start + up, by: down)) * 0.5
  }

  /// `(max(a + step, 0) - max(a, 0)) / step`; exactly 1 where both are positive, whatever a step of
  /// 1e-7 is rounded to beside a.
  @inline(__always)
  private static func slope(from start: Lanes, by step: Lanes) -> Lanes {
    let end = start + step
    let lower = -((-start).larger(-end))
    let quotient = (end.rectified() - start.rectified()) / step
    return quotient.kept(unless: lower, exceeds: Lanes())
      + Lanes(repeating: 1).kept(where: lower, exceeds: Lanes())
  }
}

extension CPUBackend {
  /// The shape of an elementwise result of operands of which some have a batch of 1.
  func broadcast(_ operands: [DeviceTensor]) -> [Int] {
    let batch = operands.map(\.batch).max() ?? 1
    let shape = [batch] + (operands.first?.shape.dropFirst() ?? [])
    for operand in operands {
      precondition(
        operand.layout == .blocked && [1, batch].contains(operand.batch)
          && operand.shape.dropFirst() == shape.dropFirst(),
        "\(operand.layout) \(operand.shape) does not fit \(shape)")
    }
    return shape
  }

  /// Calls a body with the index of each image's channel block, and its number of positions.
  func forEachPlane(of result: DeviceTensor, _ body: (Int, Int) -> Void) {
    let plane = result.plane
    ThreadTeam.forEach(result.batch * blocks(result.channels)) { body($0, plane) }
  }

  /// The channel block of an operand that belongs to one of the result.
  @inline(__always)
  func plane<Lanes: FloatLanes>(
    _ index: Int, of operand: DeviceTensor, in result: DeviceTensor, _: Lanes.Type
  ) -> UnsafeMutablePointer<Lanes> {
    let own = operand.batch == result.batch ? index : index % blocks(result.channels)
    return operand.floats.lanes(Lanes.self) + own * operand.plane
  }
}
