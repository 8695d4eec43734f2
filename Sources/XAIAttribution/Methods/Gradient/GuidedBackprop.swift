public import XAIKernels

/// The signal of which rectifiers pass the positive part where they were active.
///
/// Springenberg et al. 2015, Striving for Simplicity.
public struct GuidedBackprop: SignalMethod {
  /// What rectifiers let pass.
  public var rectifier = RectifierGate.guided
  /// What becomes of the signal.
  public var output = SignalOutput.signal

  /// Describes the method.
  public init() {}
}
