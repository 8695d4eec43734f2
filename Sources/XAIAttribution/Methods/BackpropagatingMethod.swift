public import XAIKernels

/// A method whose map is, or is made of, a signal that rules walk back from the logits to the image.
///
/// What happens to other signals than that of one logit on the same way tells how much of the layers
/// above still matters below (Sixt et al. 2020, When Explanations Lie).
public protocol BackpropagatingMethod: AttributionMethod {
  /// How signals walk back.
  /// - Parameter network: The network.
  /// - Returns: The way; nothing where these parameters send no signal to the image.
  func backpropagation(on network: ExplainedNetwork) -> Backpropagation?
}

/// A way back through a network, whatever signal takes it.
public struct Backpropagation {
  /// The nodes.
  public let form: NetworkForm
  /// Which rule for which node.
  public let composite: Composite
  /// How convolutions sum.
  public let algorithm: ConvolutionAlgorithm
  /// Whether rules compare with the forward pass of a baseline.
  public let needsReference: Bool

  /// Describes a way.
  /// - Parameters:
  ///   - form: The nodes.
  ///   - composite: Which rule for which node.
  ///   - algorithm: How convolutions sum.
  ///   - needsReference: Whether rules compare with the forward pass of a baseline.
  public init(
    _ form: NetworkForm, _ composite: Composite, algorithm: ConvolutionAlgorithm,
    needsReference: Bool = false
  ) {
    (self.form, self.composite) = (form, composite)
    (self.algorithm, self.needsReference) = (algorithm, needsReference)
  }

  /// The way of the plain gradient.
  /// - Parameter network: The network.
  /// - Returns: The way.
  public static func gradient(on network: ExplainedNetwork) -> Backpropagation {
    Backpropagation(network.merged(), Composite(), algorithm: .fastest)
  }

  /// Whether every node passes the plain gradient, as in many methods that differ only in where the
  /// gradient is taken and what it is multiplied with.
  public var isGradient: Bool { composite.isGradient }
}
