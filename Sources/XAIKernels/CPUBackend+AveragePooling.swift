extension CPUBackend {
  /// The mean of each channel over all positions.
  public func averagePool(_ input: DeviceTensor) throws(KernelFailure) -> DeviceTensor {
    try measured("average pool") { () throws(KernelFailure) in
      let output = try empty([input.batch, input.channels], .blocked)
      if input.layout == .plain {
        averagePlain(input, into: output)
      } else if block == 16 {
        average(input, into: output, SIMD16<Float>.self)
      } else {
        average(input, into: output, SIMD8<Float>.self)
      }
      return output
    }
  }

  /// Spreads a signal evenly over all positions.
  public func averagePoolGradient(
    _ signal: DeviceTensor, to shape: [Int]
  ) throws(KernelFailure) -> DeviceTensor {
    precondition(
      shape.prefix(2) == signal.shape[...], "\(signal.shape) is no average of \(shape)")
    return try measured("average pool gradient") { () throws(KernelFailure) in
      let gradient = try empty(shape, .blocked)
      if block == 16 {
        spread(signal, over: gradient, SIMD16<Float>.self)
      } else {
        spread(signal, over: gradient, SIMD8<Float>.self)
      }
      return gradient
    }
  }

  private func average<Lanes: FloatLanes>(
    _ input: DeviceTensor, into output: DeviceTensor, _: Lanes.Type
  ) {
    let (rows, width) = (input.plane / max(input.shape[3], 1), input.shape[3])
    let (source, target) = (input.floats.lanes(Lanes.self), output.floats.lanes(Lanes.self))
    ThreadTeam.forEach(input.batch * blocks(input.channels)) { index in
      var sum = Lanes()
      for row in 0..<rows {
        // Sums of rows first: fewer roundings are added up than in one long sum.
        var rowSum = Lanes()
        let start = (index * rows + row) * width
        for position in start..<start + width { rowSum += source[position] }
        sum += rowSum
      }
      target[index] = sum / Float(rows * width)
    }
  }

  /// Images lie in rows of one channel; they have few channels, so Double costs nothing.
  private func averagePlain(_ input: DeviceTensor, into output: DeviceTensor) {
    let (channels, plane, stride) = (input.channels, input.plane, blocks(input.channels) * block)
    for image in 0..<input.batch {
      for channel in 0..<stride {
        var sum = 0.0
        if channel < channels {
          let start = (image * channels + channel) * plane
          for position in start..<start + plane { sum += Double(input.floats[position]) }
        }
        output.floats[image * stride + channel] = Float(sum / Double(plane))
      }
    }
  }

  private func spread<Lanes: FloatLanes>(
    _ signal: DeviceTensor, over gradient: DeviceTensor, _: Lanes.Type
  ) {
    let plane = gradient.plane
    let (source, target) = (signal.floats.lanes(Lanes.self), gradient.floats.lanes(Lanes.self))
    ThreadTeam.forEach(signal.batch * blocks(signal.channels)) { index in
      let share = source[index] / Float(plane)
      for position in index * plane..<(index + 1) * plane { target[position] = share }
    }
  }
}
