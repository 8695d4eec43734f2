extension CPUBackend {
  /// `target = keep * target + factor * source`, elementwise on plain tensors.
  public func accumulate(
    into target: DeviceTensor, keeping keep: Float, adding source: DeviceTensor, times factor: Float
  ) {
    precondition(target.shape == source.shape, "\(source.shape) added to \(target.shape)")
    let (targets, sources) = (target.floats, source.floats)
    forEachChunk(of: elementCount(target.shape, .plain)) { range in
      for index in range { targets[index] = keep * targets[index] + factor * sources[index] }
    }
    target.generation += 1
  }

  /// One step of stochastic gradient descent, as PyTorch's.
  public func descend(
    _ weights: DeviceTensor, velocity: DeviceTensor, gradient: DeviceTensor, update: DescentUpdate
  ) {
    precondition(
      weights.shape == velocity.shape && weights.shape == gradient.shape,
      "\(weights.shape), \(velocity.shape) and \(gradient.shape) cannot be updated together")
    let start = profile == nil ? nil : ContinuousClock.now
    let (values, velocities, gradients) = (weights.floats, velocity.floats, gradient.floats)
    // The step is `slope + momentum speed` with Nesterov's look-ahead, else `speed` alone.
    let (own, ahead): (Float, Float) = update.nesterov ? (1, update.momentum) : (0, 1)
    forEachChunk(of: elementCount(weights.shape, .plain)) { range in
      for index in range {
        let slope = gradients[index] * update.gradientScale + update.decay * values[index]
        let speed = update.momentum * velocities[index] + slope
        velocities[index] = speed
        values[index] -= update.rate * (own * slope + ahead * speed)
      }
    }
    weights.generation += 1
    velocity.generation += 1
    if let start { profile?.add("update", seconds: (.now - start) / .seconds(1)) }
  }

  /// The sum of the squares of all elements, in Double: within chunks, and then over them, in order.
  public func sumOfSquares(_ tensor: DeviceTensor) -> Double {
    let (count, values) = (elementCount(tensor.shape, .plain), tensor.floats)
    var sums = [Double](repeating: 0, count: chunks(count))
    sums.withUnsafeMutableBufferPointer { sums in
      let targets = sums.baseAddress
      forEachChunk(of: count) { range in
        // Four sums side by side: each addition waits for the one before it.
        var four = SIMD4<Double>()
        var index = range.lowerBound
        while index + 4 <= range.upperBound {
          let value = SIMD4<Double>(
            SIMD4<Float>(values[index], values[index + 1], values[index + 2], values[index + 3]))
          four += value * value
          index += 4
        }
        while index < range.upperBound {
          four[0] += Double(values[index]) * Double(values[index])
          index += 1
        }
        targets?[range.lowerBound / chunk] = four.sum()
      }
    }
    return sums.reduce(0, +)
  }

  /// Splits a plain loop into chunks.
  private func forEachChunk(of count: Int, _ body: (Range<Int>) -> Void) {
    ThreadTeam.forEach(chunks(count)) { index in
      body(index * chunk..<min(count, (index + 1) * chunk))
    }
  }

  private func chunks(_ count: Int) -> Int { (count + chunk - 1) / chunk }
}

/// Elements that a core's cache holds.
private let chunk = 1 << 14
