public import XAIKernels

/// The absolute gradient of the logit.
///
/// Simonyan et al. 2014, Deep Inside Convolutional Networks.
public struct Saliency: SignalMethod {
  /// What rectifiers let pass.
  public var rectifier = RectifierGate.gradient
  /// What becomes of the signal.
  public var output = SignalOutput.absolute

  /// Describes the method.
  public init() {}
}
