extension CPUBackend {
  /// Copies images into channel blocks.
  public func blocked(_ input: DeviceTensor) throws(KernelFailure) -> DeviceTensor {
    guard input.layout == .plain else { return input }
    let result = try empty(input.shape, .blocked)
    reorder(plain: input.floats, blocked: result, toBlocked: true)
    return result
  }

  /// A part of each element.
  public func part(
    _ input: DeviceTensor, _ sign: SignPart
  ) throws(KernelFailure) -> DeviceTensor {
    block == 16
      ? try part(input, sign, SIMD16<Float>.self) : try part(input, sign, SIMD8<Float>.self)
  }

  /// `factor * numerator / denominator`, elementwise.
  public func quotient(
    _ numerator: DeviceTensor, by denominator: DeviceTensor, _ division: Division,
    times factor: Float
  ) throws(KernelFailure) -> DeviceTensor {
    block == 16
      ? try quotient(numerator, denominator, division, factor, SIMD16<Float>.self)
      : try quotient(numerator, denominator, division, factor, SIMD8<Float>.self)
  }

  /// `first * second + sum`, elementwise.
  public func product(
    _ first: DeviceTensor, _ second: DeviceTensor, adding sum: DeviceTensor?
  ) throws(KernelFailure) -> DeviceTensor {
    block == 16
      ? try product(first, second, sum, SIMD16<Float>.self)
      : try product(first, second, sum, SIMD8<Float>.self)
  }

  /// `first + factor * second`, elementwise.
  public func sum(
    _ first: DeviceTensor, _ second: DeviceTensor, times factor: Float
  ) throws(KernelFailure) -> DeviceTensor {
    block == 16
      ? try sum(first, second, factor, SIMD16<Float>.self)
      : try sum(first, second, factor, SIMD8<Float>.self)
  }

  /// Each element where another tensor is not zero, else 0.
  public func kept(
    _ input: DeviceTensor, whereNonzero mask: DeviceTensor
  ) throws(KernelFailure) -> DeviceTensor {
    block == 16
      ? try kept(input, mask, SIMD16<Float>.self) : try kept(input, mask, SIMD8<Float>.self)
  }

  private func part<Lanes: RelevanceLanes>(
    _ input: DeviceTensor, _ sign: SignPart, _: Lanes.Type
  ) throws(KernelFailure) -> DeviceTensor {
    let source = input.floats.lanes(Lanes.self)
    return try elementwise([input], Lanes.self) { target, range in
      switch sign {
      case .positive: for index in range { target[index] = source[index].rectified() }
      case .negative: for index in range { target[index] = source[index].negativePart() }
      case .opposite: for index in range { target[index] = (-source[index]).rectified() }
      }
    }
  }

  private func quotient<Lanes: RelevanceLanes>(
    _ numerator: DeviceTensor, _ denominator: DeviceTensor, _ division: Division,
    _ factor: Float, _: Lanes.Type
  ) throws(KernelFailure) -> DeviceTensor {
    let upper = numerator.floats.lanes(Lanes.self)
    let lower = denominator.floats.lanes(Lanes.self)
    return try elementwise([numerator, denominator], Lanes.self) { target, range in
      switch division {
      case .orZero:
        for index in range {
          target[index] = factor * upper[index].dividedOrZero(by: lower[index])
        }
      case .stabilised(let epsilon):
        for index in range {
          target[index] =
            factor * upper[index].divided(byStabilised: lower[index], epsilon: epsilon)
        }
      }
    }
  }

  private func product<Lanes: RelevanceLanes>(
    _ first: DeviceTensor, _ second: DeviceTensor, _ sum: DeviceTensor?, _: Lanes.Type
  ) throws(KernelFailure) -> DeviceTensor {
    let (left, right) = (first.floats.lanes(Lanes.self), second.floats.lanes(Lanes.self))
    guard let sum else {
      return try elementwise([first, second], Lanes.self) { target, range in
        for index in range { target[index] = left[index] * right[index] }
      }
    }
    let known = sum.floats.lanes(Lanes.self)
    return try elementwise([first, second, sum], Lanes.self) { target, range in
      for index in range { target[index] = left[index] * right[index] + known[index] }
    }
  }

  private func sum<Lanes: RelevanceLanes>(
    _ first: DeviceTensor, _ second: DeviceTensor, _ factor: Float, _: Lanes.Type
  ) throws(KernelFailure) -> DeviceTensor {
    let (left, right) = (first.floats.lanes(Lanes.self), second.floats.lanes(Lanes.self))
    return try elementwise([first, second], Lanes.self) { target, range in
      for index in range { target[index] = left[index] + factor * right[index] }
    }
  }

  private func kept<Lanes: RelevanceLanes>(
    _ input: DeviceTensor, _ mask: DeviceTensor, _: Lanes.Type
  ) throws(KernelFailure) -> DeviceTensor {
    let (source, masks) = (input.floats.lanes(Lanes.self), mask.floats.lanes(Lanes.self))
    return try elementwise([input, mask], Lanes.self) { target, range in
      for index in range { target[index] = source[index].kept(whereNonzero: masks[index]) }
    }
  }

  /// Computes a tensor range by range; filling channels are computed like the others, so a body must
  /// make zeros of zeros.
  private func elementwise<Lanes: RelevanceLanes>(
    _ inputs: [DeviceTensor], _: Lanes.Type,
    _ body: (UnsafeMutablePointer<Lanes>, Range<Int>) -> Void
  ) throws(KernelFailure) -> DeviceTensor {
    let shape = inputs[0].shape
    for input in inputs {
      precondition(
        input.shape == shape && input.layout == .blocked,
        "\(input.shape), \(input.layout), does not fit \(shape), blocked")
    }
    let result = try empty(shape, .blocked)
    let target = result.floats.lanes(Lanes.self)
    let plane = result.plane
    try measured("relevance, elementwise") { () throws(KernelFailure) in
      if plane == 1 {
        let row = blocks(result.channels)
        ThreadTeam.forEach(result.batch) { body(target, $0 * row..<($0 + 1) * row) }
      } else {
        ThreadTeam.forEach(result.batch * blocks(result.channels)) {
          body(target, $0 * plane..<($0 + 1) * plane)
        }
      }
    }
    return result
  }
}
