/// What relevance propagation asks of a vector; see `FloatLanes` for why these are requirements.
protocol RelevanceLanes: FloatLanes {
  /// `min(self, 0)`.
  func negativePart() -> Self
  /// The quotient; 0 where the denominator is 0.
  func dividedOrZero(by denominator: Self) -> Self
  /// The quotient by `z + epsilon sign(z)`, with sign(0) = 1.
  func divided(byStabilised denominator: Self, epsilon: Float) -> Self
  /// Itself where the mask is not 0, else 0.
  func kept(whereNonzero mask: Self) -> Self
  /// 1 in every lane that is not 0, else 0.
  func nonzeroOnes() -> Self
  /// The absolute value.
  func absolute() -> Self
}

extension SIMD16<Float>: RelevanceLanes {
  @inline(__always)
  func negativePart() -> Self { replacing(with: 0, where: self .> 0) }

  @inline(__always)
  func dividedOrZero(by denominator: Self) -> Self {
    (self / denominator).replacing(with: 0, where: denominator .== 0)
  }

  @inline(__always)
  func divided(byStabilised denominator: Self, epsilon: Float) -> Self {
    self
      / (denominator
        + Self(repeating: epsilon).replacing(with: -epsilon, where: denominator .< 0))
  }

  @inline(__always)
  func kept(whereNonzero mask: Self) -> Self { replacing(with: 0, where: mask .== 0) }

  @inline(__always)
  func nonzeroOnes() -> Self { Self(repeating: 1).replacing(with: 0, where: self .== 0) }

  @inline(__always)
  func absolute() -> Self { replacing(with: -self, where: self .< 0) }
}

extension SIMD8<Float>: RelevanceLanes {
  @inline(__always)
  func negativePart() -> Self { replacing(with: 0, where: self .> 0) }

  @inline(__always)
  func dividedOrZero(by denominator: Self) -> Self {
    (self / denominator).replacing(with: 0, where: denominator .== 0)
  }

  @inline(__always)
  func divided(byStabilised denominator: Self, epsilon: Float) -> Self {
    self
      / (denominator
        + Self(repeating: epsilon).replacing(with: -epsilon, where: denominator .< 0))
  }

  @inline(__always)
  func kept(whereNonzero mask: Self) -> Self { replacing(with: 0, where: mask .== 0) }

  @inline(__always)
  func nonzeroOnes() -> Self { Self(repeating: 1).replacing(with: 0, where: self .== 0) }

  @inline(__always)
  func absolute() -> Self { replacing(with: -self, where: self .< 0) }
}
