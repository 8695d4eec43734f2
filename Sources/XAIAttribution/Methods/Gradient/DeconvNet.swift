public import XAIKernels

/// The signal of which rectifiers pass the positive part.
///
/// Zeiler and Fergus 2014, Visualizing and Understanding Convolutional Networks.
public struct DeconvNet: SignalMethod {
  /// What rectifiers let pass.
  public var rectifier = RectifierGate.deconvolution
  /// What becomes of the signal.
  public var output = SignalOutput.signal

  /// Describes the method.
  public init() {}
}
