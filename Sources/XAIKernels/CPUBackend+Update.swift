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

  /// The sum of the squares of all elements, in Double.
  public func sumOfSquares(_ tensor: DeviceTensor) -> Double {
    var sum = 0.0
    for index in 0..<elementCount(tensor.shape, .plain) {
      sum += Double(tensor.floats[index]) * Double(tensor.floats[index])
    }
    return sum
  }

  /// Splits a plain loop into chunks that a core's cache holds.
  private func forEachChunk(of count: Int, _ body: (Range<Int>) -> Void) {
    let chunk = 1 << 14
    ThreadTeam.forEach((count + chunk - 1) / chunk) { index in
      body(index * chunk..<min(count, (index + 1) * chunk))
    }
  }
}
