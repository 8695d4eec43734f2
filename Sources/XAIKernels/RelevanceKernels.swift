/// What relevance propagation needs beyond convolutions and products: it divides what arrives by what
/// was contributed, and hands it out in proportion.
///
/// Tensors are blocked and of one shape `[N, C, ...]` unless said otherwise. A result depends on
/// neither the number of threads nor the other images of a batch.
public protocol RelevanceKernels: AnyObject {
  /// Copies images into channel blocks, so that the operations below take them.
  /// - Parameter input: `[N, C, ...]`; a blocked tensor is returned as it is.
  /// - Returns: The same values, blocked.
  /// - Throws: Where memory runs out.
  func blocked(_ input: DeviceTensor) throws(KernelFailure) -> DeviceTensor

  /// A part of each element.
  /// - Parameters:
  ///   - input: Any activation.
  ///   - sign: Which part.
  /// - Returns: The shape of the input.
  /// - Throws: Where memory runs out.
  func part(_ input: DeviceTensor, _ sign: SignPart) throws(KernelFailure) -> DeviceTensor

  /// `factor * numerator / denominator`, elementwise.
  /// - Parameters:
  ///   - numerator: What is divided.
  ///   - denominator: What it is divided by.
  ///   - division: What protects from a denominator of zero.
  ///   - factor: A factor of the result.
  /// - Returns: The shape of both.
  /// - Throws: Where memory runs out.
  func quotient(
    _ numerator: DeviceTensor, by denominator: DeviceTensor, _ division: Division,
    times factor: Float
  ) throws(KernelFailure) -> DeviceTensor

  /// `first * second + sum`, elementwise.
  /// - Parameters:
  ///   - first: A factor.
  ///   - second: A factor.
  ///   - sum: What is added; or nothing.
  /// - Returns: The shape of all.
  /// - Throws: Where memory runs out.
  func product(
    _ first: DeviceTensor, _ second: DeviceTensor, adding sum: DeviceTensor?
  ) throws(KernelFailure) -> DeviceTensor

  /// `first + factor * second`, elementwise.
  /// - Parameters:
  ///   - first: A summand.
  ///   - second: A summand.
  ///   - factor: The factor of the second one.
  /// - Returns: The shape of both.
  /// - Throws: Where memory runs out.
  func sum(
    _ first: DeviceTensor, _ second: DeviceTensor, times factor: Float
  ) throws(KernelFailure) -> DeviceTensor

  /// Each element where another tensor is not zero, else 0.
  /// - Parameters:
  ///   - input: What is kept.
  ///   - mask: Where it is kept.
  /// - Returns: The shape of both.
  /// - Throws: Where memory runs out.
  func kept(
    _ input: DeviceTensor, whereNonzero mask: DeviceTensor
  ) throws(KernelFailure) -> DeviceTensor

  /// Each element less the extremum of its image over all channels and positions.
  /// - Parameters:
  ///   - input: Any activation.
  ///   - extremum: Which extremum.
  /// - Returns: The shape of the input.
  /// - Throws: Where memory runs out.
  func difference(
    of input: DeviceTensor, from extremum: Extremum
  ) throws(KernelFailure) -> DeviceTensor

  /// Hands out a total in proportion to absolute values: `|a| * sum(total) / sum |a|` of each image.
  /// - Parameters:
  ///   - input: `a`; an image without any gets zeros.
  ///   - total: `[N, ...]`, whose sum over each image is handed out.
  /// - Returns: The shape of the input.
  /// - Throws: Where memory runs out.
  func absoluteShares(
    of input: DeviceTensor, totalling total: DeviceTensor
  ) throws(KernelFailure) -> DeviceTensor

  /// Subtracts one number from the nonzero elements of each image, so that they sum to a total.
  /// - Parameters:
  ///   - input: What is shifted; an image of zeros stays.
  ///   - total: `[N, ...]`, whose sum over each image is wanted.
  /// - Returns: The shape of the input.
  /// - Throws: Where memory runs out.
  func shiftingNonzero(
    _ input: DeviceTensor, toSumOf total: DeviceTensor
  ) throws(KernelFailure) -> DeviceTensor
}

/// A part of a signed number x.
public enum SignPart: Sendable {
  /// `max(x, 0)`.
  case positive
  /// `min(x, 0)`.
  case negative
  /// `max(-x, 0)`.
  case opposite
}

/// What protects a division from a denominator z of zero.
public enum Division: Sendable, Equatable {
  /// 0 where z is exactly 0.
  case orZero
  /// Divides by `z + epsilon sign(z)`, with sign(0) = 1.
  case stabilised(Float)
}

/// The smallest or the largest element.
public enum Extremum: Sendable {
  /// The smallest.
  case minimum
  /// The largest.
  case maximum
}
