/// Mean and variance of Gaussians, one in each lane.
struct MomentPair<Lanes: FloatLanes> {
  var mean: Lanes
  var variance: Lanes

  @inline(__always)
  func masked(by mask: Lanes) -> MomentPair {
    MomentPair(mean: mean * mask, variance: variance * mask)
  }

  /// The moments of `max(x, 0)`.
  ///
  /// By the symmetry of the Gaussian, E[max(z, 0)] = max(z, 0) + h(|z|) for unit variance, and the
  /// second moment exceeds that of the closer limit by as little: no difference of large numbers.
  @inline(__always)
  func rectified() -> MomentPair {
    let variance = variance.larger(Lanes(repeating: 1e-4))
    let deviation = variance.squareRoot()
    let z = mean / deviation
    let tail = GaussianTail(beyond: z)
    let (x, h) = (tail.distance, tail.excess)
    // E[max(z, 0)^2] of z < 0, and what z > 0 lacks of z^2 + 1.
    let second = tail.probability - x * h
    let below = second - h * h
    let above = 1 - second - h * (2 * x + h)
    return MomentPair(
      mean: mean.rectified() + deviation * h,
      variance: variance
        * (above.kept(where: z, exceeds: Lanes()) + below.kept(unless: z, exceeds: Lanes())))
  }

  /// The moments of the larger of two independent Gaussians (Clark 1961), seen from the larger mean.
  @inline(__always)
  func maximum(with other: MomentPair) -> MomentPair {
    let sum = (variance + other.variance).larger(Lanes(repeating: 1e-5))
    let deviation = sum.squareRoot()
    let tail = GaussianTail(beyond: (mean - other.mean) / deviation)
    let (x, h) = (tail.distance, tail.excess)
    let near =
      variance.kept(unless: other.mean, exceeds: mean)
      + other.variance.kept(where: other.mean, exceeds: mean)
    let far = variance + other.variance - near
    return MomentPair(
      mean: mean.larger(other.mean) + deviation * h,
      variance: near + (far - near) * tail.probability - sum * h * (x + h))
  }
}

/// What a standard Gaussian has beyond a distance.
private struct GaussianTail<Lanes: FloatLanes> {
  /// `x = |z|`, at most 8, beyond which everything here is below 1e-14.
  let distance: Lanes
  /// `Q(x) = 1 - Phi(x)`.
  let probability: Lanes
  /// `h(x) = phi(x) - x Q(x)`, the integral of Q beyond x.
  let excess: Lanes

  /// Through Mills' ratio Q / phi, which is smooth: nine powers of 1 / (1 + 0.26 x), fitted to least
  /// relative error (4e-9) over 0...8, so that Q keeps its relative accuracy in the tail.
  @inline(__always)
  init(beyond z: Lanes) {
    let x = z.larger(0 - z).smaller(Lanes(repeating: 8))
    let t = 1 / (1 + 0.26 * x)
    var ratio = 0.08254954 * t - 0.4131999
    ratio = ratio * t + 0.69399186
    ratio = ratio * t - 0.45309685
    ratio = ratio * t + 0.45677178
    ratio = ratio * t + 0.1042642
    ratio = ratio * t + 0.26460541
    ratio = ratio * t + 0.25728256
    ratio = ratio * t + 0.26014453
    ratio *= t
    let density = 0.3989423 * (x * x * -0.7213475).powerOfTwo()
    distance = x
    probability = density * ratio
    excess = density * (1 - x * ratio)
  }
}

extension FloatLanes {
  /// `2^self` for exponents within -100...100, to 2e-7: the integer goes into the exponent's bits, the
  /// rest through the Taylor series.
  @inline(__always)
  fileprivate func powerOfTwo() -> Self {
    // Adding 1.5 * 2^23 rounds to an integer, which then lies in the lowest bits.
    let shifted = self + 12_582_912
    let x = (self - (shifted - 12_582_912)) * 0.6931472
    var power = x * (1.0 / 5040) + 1.0 / 720
    power = power * x + 1.0 / 120
    power = power * x + 1.0 / 24
    power = power * x + 1.0 / 6
    power = power * x + 0.5
    power = power * x + 1
    power = power * x + 1
    return power * shifted.powerOfLowBits()
  }
}
