/// What becomes of Gaussian activations: mean and variance instead of a value.
///
/// Elements count as independent of each other (Ancona, Oztireli and Gross 2019, section 3.3, after
/// Gast and Roth 2018). A linear layer takes the mean through W and its bias and the variance through
/// the squares of W, which needs no kernel of its own.
public protocol MomentKernels: AnyObject {
  /// The moments of `max(x, 0)`.
  ///
  /// With s the standard deviation and z = m / s: `m' = m Phi(z) + s phi(z)` and
  /// `v' = (m^2 + v) Phi(z) + m s phi(z) - m'^2`, computed in a form that does not cancel. A variance
  /// below 1e-4 counts as 1e-4. Phi is accurate to 2e-7.
  /// - Parameter input: Blocked.
  /// - Returns: The shape of the input.
  /// - Throws: Where memory runs out.
  func rectifiedMoments(_ input: GaussianMoments) throws(KernelFailure) -> GaussianMoments

  /// The moments of 2x2 max pooling with stride 2; an odd last row or column is left out.
  ///
  /// The maximum of two Gaussians counts as Gaussian again (Clark 1961), and the window is folded from
  /// its last element in row-major order to its first. The variance of a difference counts as 1e-5 where
  /// it is smaller; a variance of the output can then lie below 0, by 2e-6 at most.
  /// - Parameter input: `[N, C, H, W]`, blocked.
  /// - Returns: `[N, C, H / 2, W / 2]`.
  /// - Throws: Where memory runs out.
  func maxPooledMoments(_ input: GaussianMoments) throws(KernelFailure) -> GaussianMoments

  /// The moments of a linear layer whose inputs join a random coalition, without a player and with it.
  ///
  /// With c inputs of the other players and the share p of them: K = c p, mean `others p`, variance
  /// `(squares / c - (others / c)^2) K (1 - (K - 1) / (c - 1))`, at least 1e-5 (drawing without
  /// replacement). The player adds `whole - others` to the mean and nothing to the variance.
  /// - Parameters:
  ///   - sums: The layer's sums over the inputs of others.
  ///   - coalitions: At least one.
  /// - Returns: `[2 M, ...]` for M coalitions: first all without their player, then all with it.
  /// - Throws: Where memory runs out.
  func coalitionMoments(
    _ sums: CoalitionSums, _ coalitions: [Coalition]
  ) throws(KernelFailure) -> GaussianMoments
}

/// Mean and variance of each element of an activation.
public struct GaussianMoments {
  /// `[N, C, ...]`, blocked.
  public let mean: DeviceTensor
  /// `[N, C, ...]`, blocked.
  public let variance: DeviceTensor

  /// Groups the two.
  /// - Parameters:
  ///   - mean: `[N, C, ...]`, blocked.
  ///   - variance: The same shape, blocked.
  public init(mean: DeviceTensor, variance: DeviceTensor) {
    precondition(mean.shape == variance.shape, "\(mean.shape) and \(variance.shape)")
    (self.mean, self.variance) = (mean, variance)
  }
}

/// The outputs of a linear layer W for parts of an image x: P players, K output channels.
public struct CoalitionSums {
  /// `W x` over the inputs of everybody but the player, `[P, K, ...]`, blocked.
  public let others: DeviceTensor
  /// `W^2 x^2` over the same inputs, `[P, K, ...]`, blocked.
  public let squares: DeviceTensor
  /// How many inputs these are, `[P, H * W]` or `[P, 1]`, plain.
  public let counts: DeviceTensor
  /// `W x` over all inputs, `[1, K, ...]`, blocked.
  public let whole: DeviceTensor
  /// What is there without any player, the bias included: `[1, K, ...]`, blocked.
  public let offset: DeviceTensor

  /// Groups the sums.
  /// - Parameters:
  ///   - others: `W x` over the inputs of everybody but the player.
  ///   - squares: `W^2 x^2` over the same inputs.
  ///   - counts: How many inputs these are.
  ///   - whole: `W x` over all inputs.
  ///   - offset: What is there without any player.
  public init(
    others: DeviceTensor, squares: DeviceTensor, counts: DeviceTensor, whole: DeviceTensor,
    offset: DeviceTensor
  ) {
    precondition(others.shape == squares.shape, "\(others.shape) and \(squares.shape)")
    precondition(
      whole.shape == offset.shape && whole.shape == [1] + others.shape.dropFirst(),
      "\(whole.shape) and \(offset.shape) do not fit \(others.shape)")
    precondition(
      counts.shape == [others.batch, others.plane], "\(counts.shape) does not fit \(others.shape)")
    (self.others, self.squares, self.counts) = (others, squares, counts)
    (self.whole, self.offset) = (whole, offset)
  }
}

/// A player and how many of the others are present.
public struct Coalition: Sendable, Equatable {
  /// The player's row in the sums.
  public let player: Int
  /// The share of the others that is present, in 0...1.
  public let share: Float

  /// Describes a coalition.
  /// - Parameters:
  ///   - player: The player's row in the sums.
  ///   - share: The share of the others that is present.
  public init(player: Int, share: Float) {
    precondition(0...1 ~= share, "a share of \(share)")
    (self.player, self.share) = (player, share)
  }
}
