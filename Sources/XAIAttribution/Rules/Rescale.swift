public import XAIKernels
import XAINetworks

/// DeepLIFT's Rescale rule for rectifiers: the slope between baseline and image.
///
/// The signal is a multiplier m: `m (y - y0) / (x - x0)` arrives at the input, and `m [x > 0]` where
/// `|x - x0| < 1e-10`, x and y being the rectifier's input and output (Shrikumar et al. 2017, section
/// 3.5.1).
public struct RescaleRectifier: BackwardRule {
  /// Creates the rule.
  public init() {}

  /// It reads what entered the rectifier.
  public var extent: Recording.Extent { .everything }

  /// Walks back through a rectifier.
  public func propagate(
    _ signal: DeviceTensor, through step: BackwardStep
  ) throws(KernelFailure) -> DeviceTensor {
    try step.backend.rescaleRectifier(
      signal, input: try step.input, baseline: try step.referenceInput)
  }
}

/// A Rescale rule for max pooling that loses nothing.
///
/// With y and y0 the maxima of a window of image and baseline: where y > y0 the whole contribution
/// `m (y - y0)` goes to the maximum of the image, otherwise to that of the baseline; each divided by
/// its own difference, so that the sum of `multiplier * difference` is what entered.
///
/// - Note: Deviation from Captum 0.6 to 0.9, which loses this rule where a rectifier or dropout
///   precedes the pooling, and takes the first image's gradient for the whole batch where differences
///   vanish. This is the rule of Captum 0.2 to 0.5, for each image by itself.
/// - Note: Deviation from the first authors' program, which sends the plain gradient to the maximum of
///   the image and is not complete.
public struct RescaleMaxPool: BackwardRule {
  /// The maximum of a window is its first value, in row-major order, that is nearer to the maximum
  /// than this share of it; at 0, the first maximum.
  public let tieTolerance: Float

  /// Creates the rule.
  /// - Parameter tieTolerance: How near to a maximum a value counts as equal, relative to it.
  public init(tieTolerance: Float = 0) { self.tieTolerance = tieTolerance }

  /// Walks back through a max pooling.
  public func propagate(
    _ signal: DeviceTensor, through step: BackwardStep
  ) throws(KernelFailure) -> DeviceTensor {
    try step.backend.rescaleMaxPool(
      signal, input: try step.input, baseline: try step.referenceInput, tieTolerance: tieTolerance)
  }
}

extension Composite {
  /// DeepLIFT by the Rescale rule; everything linear passes multipliers as the gradient.
  /// - Parameter tieTolerance: How near to a maximum a value counts as equal, relative to it.
  /// - Returns: The composite; its walk needs the recording of a baseline.
  public static func rescale(tieTolerance: Float = 0) -> Composite {
    Composite().with(RescaleRectifier(), for: .activation)
      .with(RescaleMaxPool(tieTolerance: tieTolerance), for: .maxPooling)
  }
}
