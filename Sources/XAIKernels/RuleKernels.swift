/// What gradient-type rules need beyond the operations of training.
public protocol RuleKernels: AnyObject {
  /// Sends a signal back through a rectifier.
  /// - Parameters:
  ///   - signal: What arrives at the output, blocked.
  ///   - output: The forward pass's output, of the signal's shape.
  ///   - gate: What passes.
  /// - Returns: The signal at the input.
  /// - Throws: Where memory runs out.
  func rectify(
    _ signal: DeviceTensor, output: DeviceTensor, gate: RectifierGate
  ) throws(KernelFailure) -> DeviceTensor

  /// Multiplies each channel with its factor: batch norm in evaluation, and its way back.
  /// - Parameters:
  ///   - signal: `[N, C, ...]`, blocked.
  ///   - factors: `[C]`, plain.
  ///   - shifts: `[C]`, plain, added afterwards; or nothing.
  /// - Returns: The shape of the signal.
  /// - Throws: Where memory runs out.
  func scaleChannels(
    _ signal: DeviceTensor, by factors: DeviceTensor, adding shifts: DeviceTensor?
  ) throws(KernelFailure) -> DeviceTensor
}

/// What a rectifier lets pass on the way back; R is the signal, y the output of the forward pass.
public enum RectifierGate: String, Codable, Sendable, Hashable, CaseIterable {
  /// `R [y > 0]`: the gradient.
  case gradient
  /// `max(R, 0)`: DeconvNet (Zeiler and Fergus 2014).
  case deconvolution
  /// `max(R [y > 0], 0)`: guided backprop (Springenberg et al. 2015).
  case guided
}
