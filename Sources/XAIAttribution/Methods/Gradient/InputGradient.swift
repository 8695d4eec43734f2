public import XAIKernels

/// The gradient of the logit by the image.
///
/// Baehrens et al. 2010, How to Explain Individual Classification Decisions.
public struct InputGradient: SignalMethod {
  /// What rectifiers let pass.
  public var rectifier = RectifierGate.gradient
  /// What becomes of the signal.
  public var output = SignalOutput.signal

  /// Describes the method.
  public init() {}
}
