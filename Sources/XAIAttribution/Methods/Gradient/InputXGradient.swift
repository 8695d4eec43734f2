public import XAIKernels

/// The image times the gradient.
///
/// Shrikumar et al. 2016, Not Just a Black Box.
public struct InputXGradient: SignalMethod {
  /// What rectifiers let pass.
  public var rectifier = RectifierGate.gradient
  /// What becomes of the signal.
  public var output = SignalOutput.timesInput

  /// Describes the method.
  public init() {}
}
