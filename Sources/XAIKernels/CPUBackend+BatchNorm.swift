extension CPUBackend {
  /// Mean and biased variance of each channel over images and positions.
  public func channelMoments(_ input: DeviceTensor) throws(KernelFailure) -> ChannelMoments {
    block == 16
      ? try moments(input, SIMD16<Float>.self) : try moments(input, SIMD8<Float>.self)
  }

  /// Batch norm with given moments, then optionally rectifier and dropout, in one pass.
  public func batchNorm(
    _ input: DeviceTensor, moments: ChannelMoments, affine: ChannelAffine, activation: Activation
  ) throws(KernelFailure) -> DeviceTensor {
    block == 16
      ? try normalize(input, moments, affine, activation, SIMD16<Float>.self)
      : try normalize(input, moments, affine, activation, SIMD8<Float>.self)
  }

  /// The gradient of batch norm in training mode (moments depend on the input).
  public func batchNormGradient(
    _ signal: DeviceTensor, input: DeviceTensor, output: DeviceTensor, moments: ChannelMoments,
    affine: ChannelAffine, activation: Activation, into gradient: ChannelAffine
  ) throws(KernelFailure) -> DeviceTensor {
    block == 16
      ? try normalizeGradient(
        signal, input, output, moments, affine, activation, gradient, SIMD16<Float>.self)
      : try normalizeGradient(
        signal, input, output, moments, affine, activation, gradient, SIMD8<Float>.self)
  }

  /// Two sums over each channel: lanes of Float within an image, Double across images, so that the
  /// result depends on neither the number of threads nor, noticeably, that of positions.
  func sums<Lanes: FloatLanes>(
    batch: Int, blocks: Int, _: Lanes.Type, _ image: @escaping (Int, Int) -> (Lanes, Lanes)
  ) throws(KernelFailure) -> [(Double, Double)] {
    let partial = try pool.take(2 * batch * blocks * block)
    let lanes = partial.floats.lanes(Lanes.self)
    ThreadTeam.forEach(batch * blocks) { index in
      (lanes[2 * index], lanes[2 * index + 1]) = image(index, index % blocks)
    }
    var totals = [(Double, Double)](repeating: (0, 0), count: blocks * block)
    for index in 0..<batch * blocks {
      let (first, second) = (lanes[2 * index], lanes[2 * index + 1])
      let channel = index % blocks * block
      for lane in 0..<block {
        totals[channel + lane].0 += Double(first[lane])
        totals[channel + lane].1 += Double(second[lane])
      }
    }
    return totals
  }

  private func moments<Lanes: FloatLanes>(
    _ input: DeviceTensor, _: Lanes.Type
  ) throws(KernelFailure) -> ChannelMoments {
    let (plane, blocks) = (input.plane, blocks(input.channels))
    let mean = try empty([input.channels], .plain)
    let variance = try empty([input.channels], .plain)
    try measured("batch norm moments") { () throws(KernelFailure) in
      let values = input.floats.lanes(Lanes.self)
      // Sums of differences to one value of the channel: no cancellation where |mean| >> deviation.
      let totals = try sums(batch: input.batch, blocks: blocks, Lanes.self) { index, channels in
        let pivot = values[channels * plane]
        let start = values + index * plane
        var (s0, s1, q0, q1) = (Lanes(), Lanes(), Lanes(), Lanes())
        var position = 0
        while position + 1 < plane {
          let (a, b) = (start[position] - pivot, start[position + 1] - pivot)
          s0 += a
          q0 += a * a
          s1 += b
          q1 += b * b
          position += 2
        }
        if position < plane {
          let a = start[position] - pivot
          s0 += a
          q0 += a * a
        }
        return (s0 + s1, q0 + q1)
      }
      let count = Double(input.batch * plane)
      for channel in 0..<input.channels {
        let pivot = Double(values[channel / block * plane][channel % block])
        let (shifted, squares) = (totals[channel].0 / count, totals[channel].1 / count)
        mean.floats[channel] = Float(pivot + shifted)
        variance.floats[channel] = Float(max(0, squares - shifted * shifted))
      }
    }
    return ChannelMoments(mean: mean, variance: variance)
  }

  private func normalize<Lanes: FloatLanes>(
    _ input: DeviceTensor, _ moments: ChannelMoments, _ affine: ChannelAffine,
    _ activation: Activation, _: Lanes.Type
  ) throws(KernelFailure) -> DeviceTensor {
    let output = try empty(input.shape, .blocked)
    let (plane, blocks) = (input.plane, blocks(input.channels))
    let constants = NormConstants(moments, affine, block: block, Lanes.self)
    let dropoutScale = activation.dropout?.scale ?? 1
    try measured("batch norm, ReLU, dropout") { () throws(KernelFailure) in
      ThreadTeam.forEach(input.batch * blocks) { index in
        let (slope, mean) = (constants.slope[index % blocks], constants.mean[index % blocks])
        let factor = slope * dropoutScale
        let offset = (constants.shift[index % blocks] - mean * slope) * dropoutScale
        let source = input.floats.lanes(Lanes.self) + index * plane
        let target = output.floats.lanes(Lanes.self) + index * plane
        if let dropout = activation.dropout {
          for position in 0..<plane {
            target[position] = (source[position] * factor + offset).rectified()
              .spared(by: dropout, at: index * plane + position)
          }
        } else if activation.relu {
          for position in 0..<plane {
            target[position] = (source[position] * factor + offset).rectified()
          }
        } else {
          for position in 0..<plane { target[position] = source[position] * factor + offset }
        }
      }
    }
    return output
  }

  private func normalizeGradient<Lanes: FloatLanes>(
    _ signal: DeviceTensor, _ input: DeviceTensor, _ output: DeviceTensor,
    _ moments: ChannelMoments, _ affine: ChannelAffine, _ activation: Activation,
    _ gradient: ChannelAffine, _: Lanes.Type
  ) throws(KernelFailure) -> DeviceTensor {
    let result = try empty(input.shape, .blocked)
    let (plane, blocks) = (input.plane, blocks(input.channels))
    let constants = NormConstants(moments, affine, block: block, Lanes.self)
    let scale = activation.dropout?.scale ?? 1
    let relu = activation.relu
    let signals = signal.floats.lanes(Lanes.self)
    let inputs = input.floats.lanes(Lanes.self)
    let outputs = output.floats.lanes(Lanes.self)
    // Means over the channel of the signal that reaches the normalisation and of its product with
    // the normalised input.
    var (meanSignal, meanProduct) = ([Lanes](), [Lanes]())
    try measured("batch norm gradient sums") { () throws(KernelFailure) in
      let totals = try sums(batch: input.batch, blocks: blocks, Lanes.self) { index, channels in
        let mean = constants.mean[channels]
        let start = index * plane
        var (shift, product) = (Lanes(), Lanes())
        for position in start..<start + plane {
          var value = signals[position] * scale
          if relu { value = value.passed(where: outputs[position]) }
          shift += value
          product += value * (inputs[position] - mean)
        }
        return (shift, product)
      }
      let count = Double(input.batch * plane)
      for channels in 0..<blocks {
        var (first, second) = (Lanes(), Lanes())
        for lane in 0..<block {
          let channel = channels * block + lane
          guard channel < input.channels else { continue }
          let inverse = Double(constants.inverseDeviation[channels][lane])
          let product = totals[channel].1 * inverse
          gradient.shift.floats[channel] = Float(totals[channel].0)
          gradient.scale.floats[channel] = Float(product)
          first[lane] = Float(totals[channel].0 / count)
          second[lane] = Float(product / count * inverse)
        }
        meanSignal.append(first)
        meanProduct.append(second)
      }
      gradient.shift.generation += 1
      gradient.scale.generation += 1
    }
    let (first, second) = (meanSignal, meanProduct)
    try measured("batch norm gradient") { () throws(KernelFailure) in
      ThreadTeam.forEach(input.batch * blocks) { index in
        let channels = index % blocks
        let (mean, slope) = (constants.mean[channels], constants.slope[channels])
        let (center, tilt) = (first[channels], second[channels])
        let target = result.floats.lanes(Lanes.self)
        for position in index * plane..<(index + 1) * plane {
          var value = signals[position] * scale
          if relu { value = value.passed(where: outputs[position]) }
          target[position] = slope * (value - center - (inputs[position] - mean) * tilt)
        }
      }
    }
    return result
  }
}

/// The constants of a batch norm by channel block; filling channels are all zero.
private struct NormConstants<Lanes: FloatLanes> {
  var mean: [Lanes] = []
  var inverseDeviation: [Lanes] = []
  /// gamma / deviation.
  var slope: [Lanes] = []
  var shift: [Lanes] = []

  init(_ moments: ChannelMoments, _ affine: ChannelAffine, block: Int, _: Lanes.Type) {
    let channels = moments.mean.shape[0]
    for first in stride(from: 0, to: channels, by: block) {
      var (mean, inverse, slope, shift) = (Lanes(), Lanes(), Lanes(), Lanes())
      for lane in 0..<min(block, channels - first) {
        mean[lane] = moments.mean.floats[first + lane]
        let variance = Double(moments.variance.floats[first + lane])
        inverse[lane] = Float(1 / (variance + batchNormEpsilon).squareRoot())
        slope[lane] = affine.scale.floats[first + lane] * inverse[lane]
        shift[lane] = affine.shift.floats[first + lane]
      }
      self.mean.append(mean)
      inverseDeviation.append(inverse)
      self.slope.append(slope)
      self.shift.append(shift)
    }
  }
}

/// Added to variances, as in PyTorch.
public let batchNormEpsilon = 1e-5
