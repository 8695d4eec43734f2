/// What rules need that rank the units of a layer.
public protocol QuantileKernels: AnyObject {
  /// Sends a signal back through a rectifier where output times signal is among the largest.
  ///
  /// The score of a unit is `y R`. An image's threshold is the score of the given rank among all its
  /// channels and positions; `R` passes where its score is larger, and equal scores do not pass.
  /// - Parameters:
  ///   - signal: R, which arrives at the output: `[N, C, ...]`, blocked.
  ///   - output: y, the forward pass's output, of the signal's shape.
  ///   - rank: Which score is the threshold, from 0, the largest, to `C H W - 1`, the smallest.
  /// - Returns: The signal at the input.
  /// - Throws: Where memory runs out.
  func rectify(
    _ signal: DeviceTensor, output: DeviceTensor, aboveRank rank: Int
  ) throws(KernelFailure) -> DeviceTensor
}
