/// What rules that compare an image with a baseline need: DeepLIFT and its relatives.
///
/// x is what the forward pass of the images left, x0 what that of the baselines left, both blocked. A
/// batch of 1 of any operand stands for as many copies as the others have images.
public protocol DifferenceKernels: AnyObject {
  /// Sends multipliers back through a rectifier by the Rescale rule (Shrikumar et al. 2017, section
  /// 3.5.1): `m (y - y0) / (x - x0)`, and `m [x > 0]` where `|x - x0| < 1e-10`.
  /// - Parameters:
  ///   - multipliers: m, at the output.
  ///   - input: x, before the rectifier.
  ///   - baseline: x0, before the rectifier.
  /// - Returns: The multipliers at the input, of the largest batch.
  /// - Throws: Where memory runs out.
  func rescaleRectifier(
    _ multipliers: DeviceTensor, input: DeviceTensor, baseline: DeviceTensor
  ) throws(KernelFailure) -> DeviceTensor

  /// Sends multipliers back through 2x2 max pooling so that nothing is lost: with windows x, x0 of
  /// maxima y, y0, the contribution `m (max(y, y0) - y0)` goes to the maximum of x and
  /// `m (y - max(y, y0))` to that of x0; each divided by its own x - x0. Where `|x - x0| < 1e-10`,
  /// the plain gradient.
  /// - Parameters:
  ///   - multipliers: m, `[M, C, H / 2, W / 2]`.
  ///   - input: x, `[N, C, H, W]`.
  ///   - baseline: x0, `[N0, C, H, W]`.
  ///   - tieTolerance: The maximum is the first value of a window, in row-major order, that is at
  ///     least `maximum - tieTolerance |maximum|`.
  /// - Returns: The multipliers at the input, of the largest batch.
  /// - Throws: Where memory runs out.
  func rescaleMaxPool(
    _ multipliers: DeviceTensor, input: DeviceTensor, baseline: DeviceTensor, tieTolerance: Float
  ) throws(KernelFailure) -> DeviceTensor

  /// `|x - x0|`.
  /// - Parameters:
  ///   - input: x.
  ///   - baseline: x0.
  /// - Returns: The shape of the larger batch.
  /// - Throws: Where memory runs out.
  func absoluteDifference(
    _ input: DeviceTensor, _ baseline: DeviceTensor
  ) throws(KernelFailure) -> DeviceTensor

  /// Sends multipliers back through a rectifier by the RevealCancel rule (Shrikumar et al. 2017,
  /// section 3.5.3).
  ///
  /// p and n are the sums of the positive and of the negative contributions to x - x0; their
  /// multipliers are m+ and m-.
  /// - Parameters:
  ///   - multipliers: m, at the output, of the positive and the negative part alike.
  ///   - input: x, before the rectifier.
  ///   - baseline: x0, before the rectifier.
  ///   - spread: `p - n`, of the batch of the result or 1.
  /// - Returns: `(m+ + m-) / 2` and `(m+ - m-) / 2` at the input, of the largest batch.
  /// - Throws: Where memory runs out.
  func revealCancelRectifier(
    _ multipliers: DeviceTensor, input: DeviceTensor, baseline: DeviceTensor, spread: DeviceTensor
  ) throws(KernelFailure) -> SignedMultipliers

  /// `even + sign(x - x0) odd`.
  /// - Parameters:
  ///   - even: What does not depend on the sign.
  ///   - odd: What changes with it; the shape of `even`.
  ///   - input: x.
  ///   - baseline: x0.
  /// - Returns: The shape of the largest batch.
  /// - Throws: Where memory runs out.
  func signedSum(
    even: DeviceTensor, odd: DeviceTensor, input: DeviceTensor, baseline: DeviceTensor
  ) throws(KernelFailure) -> DeviceTensor
}

/// Multipliers m+ of positive and m- of negative differences.
public struct SignedMultipliers {
  /// `(m+ + m-) / 2`.
  public let mean: DeviceTensor
  /// `(m+ - m-) / 2`.
  public let halfDifference: DeviceTensor

  /// Groups the two.
  /// - Parameters:
  ///   - mean: `(m+ + m-) / 2`.
  ///   - halfDifference: `(m+ - m-) / 2`.
  public init(mean: DeviceTensor, halfDifference: DeviceTensor) {
    (self.mean, self.halfDifference) = (mean, halfDifference)
  }
}
