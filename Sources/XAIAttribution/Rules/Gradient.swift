public import XAIKernels
import XAINetworks

/// The plain gradient of every operation.
///
/// A rectifier has derivative 0 at exactly 0; max pooling routes to the first maximum of a window in
/// row-major order; batch norm is affine.
public struct Gradient: Gate {
  /// Creates the rule.
  public init() {}

  /// A rectifier passes what the gradient does.
  public var gate: RectifierGate { .gradient }

  /// Of a pooling it needs the winners alone.
  public var extent: Recording.Extent { .winners }

  /// Walks one step back.
  public func propagate(
    _ signal: DeviceTensor, through step: BackwardStep
  ) throws(KernelFailure) -> DeviceTensor {
    let backend = step.backend
    switch step.node.operation {
    case .convolution:
      return try backend.convolutionInputGradient(
        signal, weights: try step.form.weights(of: step.node), gate: nil,
        algorithm: step.algorithm)
    case .dense:
      return try backend.denseInputGradient(
        signal, weights: try step.form.weights(of: step.node))
    case .batchNorm:
      return try backend.scaleChannels(
        signal, by: try step.form.affine(of: step.node).scale, adding: nil)
    case .relu:
      return try backend.rectify(signal, output: try step.output, gate: .gradient)
    case .dropout: return signal
    case .maxPool: return try backend.maxPoolGradient(signal, input: try step.input)
    case .flatten:
      return try backend.unflatten(
        signal, to: [signal.shape[0]] + step.node.inputShape)
    case .adaptiveAveragePool:
      return try backend.adaptiveAveragePoolGradient(
        signal, to: [signal.shape[0]] + step.node.inputShape)
    case .globalAveragePool:
      return try backend.averagePoolGradient(
        signal, to: [signal.shape[0]] + step.node.inputShape)
    }
  }
}

/// A rectifier that lets pass something else than the gradient.
public struct GatedRectifier: Gate {
  /// What passes.
  public let gate: RectifierGate

  /// Creates the rule.
  /// - Parameter gate: What passes.
  public init(_ gate: RectifierGate) { self.gate = gate }

  /// Walks back through a rectifier.
  public func propagate(
    _ signal: DeviceTensor, through step: BackwardStep
  ) throws(KernelFailure) -> DeviceTensor {
    try step.backend.rectify(signal, output: try step.output, gate: gate)
  }
}

/// A rule whose way back through a rectifier is a gate, so that a backward pass may take the rectifier
/// together with what lies beside it.
public protocol Gate: BackwardRule {
  /// What a rectifier lets pass.
  var gate: RectifierGate { get }
}
