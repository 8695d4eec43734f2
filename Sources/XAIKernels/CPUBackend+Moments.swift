extension CPUBackend {
  /// The moments of `max(x, 0)`.
  public func rectifiedMoments(
    _ input: GaussianMoments
  ) throws(KernelFailure) -> GaussianMoments {
    block == 16
      ? try rectified(input, SIMD16<Float>.self) : try rectified(input, SIMD8<Float>.self)
  }

  /// The moments of 2x2 max pooling with stride 2.
  public func maxPooledMoments(
    _ input: GaussianMoments
  ) throws(KernelFailure) -> GaussianMoments {
    block == 16 ? try pooled(input, SIMD16<Float>.self) : try pooled(input, SIMD8<Float>.self)
  }

  /// The moments of a linear layer whose inputs join a random coalition.
  public func coalitionMoments(
    _ sums: CoalitionSums, _ coalitions: [Coalition]
  ) throws(KernelFailure) -> GaussianMoments {
    block == 16
      ? try joined(sums, coalitions, SIMD16<Float>.self)
      : try joined(sums, coalitions, SIMD8<Float>.self)
  }

  private func rectified<Lanes: FloatLanes>(
    _ input: GaussianMoments, _: Lanes.Type
  ) throws(KernelFailure) -> GaussianMoments {
    let shape = input.mean.shape
    let result = GaussianMoments(
      mean: try empty(shape, .blocked), variance: try empty(shape, .blocked))
    let (source, target) = (MomentLanes<Lanes>(input), MomentLanes<Lanes>(result))
    let (plane, blocks) = (input.mean.plane, blocks(shape[1]))
    try measured("moments of ReLU") { () throws(KernelFailure) in
      ThreadTeam.forEach(shape[0] * blocks) { index in
        let live: Lanes = live(index % blocks, of: shape[1])
        for position in index * plane..<(index + 1) * plane {
          target[position] = source[position].rectified().masked(by: live)
        }
      }
    }
    return result
  }

  private func pooled<Lanes: FloatLanes>(
    _ input: GaussianMoments, _: Lanes.Type
  ) throws(KernelFailure) -> GaussianMoments {
    let (shape, blocks) = (input.mean.shape, blocks(input.mean.channels))
    let (height, width) = (shape[2], shape[3])
    let small = [shape[0], shape[1], height / 2, width / 2]
    let result = GaussianMoments(
      mean: try empty(small, .blocked), variance: try empty(small, .blocked))
    let (source, target) = (MomentLanes<Lanes>(input), MomentLanes<Lanes>(result))
    try measured("moments of max pool") { () throws(KernelFailure) in
      ThreadTeam.forEach(shape[0] * blocks) { index in
        let live: Lanes = live(index % blocks, of: shape[1])
        var position = index * (height / 2) * (width / 2)
        for row in 0..<height / 2 {
          for column in 0..<width / 2 {
            let corner = (index * height + 2 * row) * width + 2 * column
            let lower = source[corner + width].maximum(with: source[corner + width + 1])
            target[position] = source[corner].maximum(with: source[corner + 1].maximum(with: lower))
              .masked(by: live)
            position += 1
          }
        }
      }
    }
    return result
  }

  private func joined<Lanes: FloatLanes>(
    _ sums: CoalitionSums, _ coalitions: [Coalition], _: Lanes.Type
  ) throws(KernelFailure) -> GaussianMoments {
    let (count, plane) = (coalitions.count, sums.others.plane)
    let (channels, players) = (sums.others.channels, sums.others.batch)
    precondition(
      count > 0 && coalitions.allSatisfy { 0..<players ~= $0.player }, "\(coalitions)")
    let (blocks, shape) = (blocks(channels), [2 * count] + sums.others.shape.dropFirst())
    let result = GaussianMoments(
      mean: try empty(shape, .blocked), variance: try empty(shape, .blocked))
    let target = MomentLanes<Lanes>(result)
    let (others, squares) = (
      sums.others.floats.lanes(Lanes.self), sums.squares.floats.lanes(Lanes.self)
    )
    let (whole, offset) = (
      sums.whole.floats.lanes(Lanes.self), sums.offset.floats.lanes(Lanes.self)
    )
    let counts = sums.counts.floats
    try measured("moments of coalitions") { () throws(KernelFailure) in
      ThreadTeam.forEach(count * blocks) { index in
        let (coalition, block) = (coalitions[index / blocks], index % blocks)
        let live: Lanes = live(block, of: channels)
        let source = (coalition.player * blocks + block) * plane
        for position in 0..<plane {
          let inputs = counts[coalition.player * plane + position]
          let drawn = inputs * coalition.share
          // Without inputs of others nothing varies; one alone varies by nothing either.
          let inverse = inputs > 0 ? 1 / inputs : 0
          let draws = drawn * (1 - (drawn - 1) / max(inputs - 1, 1))
          let sum = others[source + position]
          let average = sum * inverse
          let spread = (squares[source + position] * inverse - average * average) * draws
          let without = MomentPair(
            mean: sum * coalition.share + offset[block * plane + position],
            variance: spread.larger(Lanes(repeating: 1e-5)))
          let with = MomentPair(
            mean: without.mean + (whole[block * plane + position] - sum), variance: without.variance
          )
          target[index * plane + position] = without.masked(by: live)
          target[(count * blocks + index) * plane + position] = with.masked(by: live)
        }
      }
    }
    return result
  }

  /// 1 in the lanes of a block that hold channels, 0 in those that fill it up.
  private func live<Lanes: FloatLanes>(_ index: Int, of channels: Int) -> Lanes {
    var mask = Lanes()
    for lane in 0..<min(block, channels - index * block) { mask[lane] = 1 }
    return mask
  }
}

/// Two blocked tensors as pairs of vectors.
private struct MomentLanes<Lanes: FloatLanes> {
  let mean: UnsafeMutablePointer<Lanes>
  let variance: UnsafeMutablePointer<Lanes>

  init(_ moments: GaussianMoments) {
    mean = moments.mean.floats.lanes(Lanes.self)
    variance = moments.variance.floats.lanes(Lanes.self)
  }

  subscript(_ position: Int) -> MomentPair<Lanes> {
    @inline(__always) get {
      MomentPair(mean: mean[position], variance: variance[position])
    }
    @inline(__always) nonmutating set {
      (mean[position], variance[position]) = (newValue.mean, newValue.variance)
    }
  }
}
