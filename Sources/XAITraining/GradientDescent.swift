public import XAIKernels
public import XAINetworks

/// Stochastic gradient descent with momentum and L2, in PyTorch's form.
///
/// `g += decay w; v = momentum v + g; w -= rate v` (Sutskever et al. 2013; with Nesterov's look-ahead
/// `w -= rate (g + momentum v)`). The buffer starts at zero, which equals PyTorch's first step.
public final class GradientDescent {
  /// Constants of the descent.
  public struct Settings: Sendable, Equatable, Codable {
    /// The momentum.
    public var momentum = 0.9
    /// Whether Nesterov's form is used.
    public var nesterov = false
    /// The L2 coefficient.
    public var weightDecay = 0.005
    /// Whether L2 also applies to batch norm and biases.
    public var decaysBatchNorm = true
    /// The largest norm of all gradients together, 0 for any; larger ones are scaled down.
    public var gradientClip = 0.0

    /// The thesis's constants.
    public init() {}
  }

  private let backend: any Backend
  private let settings: Settings
  private let frozen: Set<String>
  /// The momentum buffers, by parameter.
  public let velocities: DeviceParameters

  /// Prepares the descent of a network's parameters.
  /// - Parameters:
  ///   - network: The network.
  ///   - settings: Constants.
  ///   - frozen: The names of the parameters that neither gradient nor decay nor momentum moves.
  ///   - backend: What computes.
  /// - Throws: Where memory runs out.
  public init(
    _ network: Network, settings: Settings, frozen: Set<String> = [], backend: any Backend
  ) throws(KernelFailure) {
    self.backend = backend
    self.settings = settings
    self.frozen = frozen
    velocities = try DeviceParameters(zerosFor: network, backend: backend)
  }

  /// Moves the parameters one step.
  /// - Parameters:
  ///   - parameters: What is changed.
  ///   - gradients: The gradients of the mean loss.
  ///   - rate: The learning rate.
  ///   - momentum: The momentum; that of the settings where it is nil.
  public func step(
    _ parameters: DeviceParameters, gradients: DeviceParameters, rate: Double,
    momentum: Double? = nil
  ) {
    let scale = clipping(gradients)
    for name in gradients.names where !frozen.contains(name) {
      let tensor = parameters[name]
      let decays = settings.decaysBatchNorm || tensor.shape.count > 1
      backend.descend(
        tensor, velocity: velocities[name], gradient: gradients[name],
        update: DescentUpdate(
          rate: Float(rate), momentum: Float(momentum ?? settings.momentum),
          decay: decays ? Float(settings.weightDecay) : 0, nesterov: settings.nesterov,
          gradientScale: scale))
    }
  }

  /// The factor that brings the norm of all gradients under the limit.
  private func clipping(_ gradients: DeviceParameters) -> Float {
    guard settings.gradientClip > 0 else { return 1 }
    let norm = gradients.names.reduce(0) { $0 + backend.sumOfSquares(gradients[$1]) }
      .squareRoot()
    // PyTorch's clip_grad_norm_ adds 1e-6 as well.
    return Float(min(1, settings.gradientClip / (norm + 1e-6)))
  }
}
