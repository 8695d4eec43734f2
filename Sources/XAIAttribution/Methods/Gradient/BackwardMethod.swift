public import XAIKernels
public import XAINetworks
import XAITensor

/// One walk back from the target's logit: the gradient, or what another rule for rectifiers makes of it.
public struct BackwardMethod: FamilyMethod {
  /// What becomes of the signal that arrives at the input.
  public enum Output: String, Sendable, Codable {
    /// The signal.
    case signal
    /// Its absolute value, before any sum over channels.
    case absolute
    /// The signal times the normalised image.
    case timesInput = "times-input"
  }

  /// What rectifiers let pass.
  public var rectifier: RectifierGate
  /// What becomes of the signal.
  public var output: Output

  /// Describes the method.
  /// - Parameters:
  ///   - rectifier: What rectifiers let pass.
  ///   - output: What becomes of the signal.
  public init(rectifier: RectifierGate = .gradient, output: Output = .signal) {
    (self.rectifier, self.output) = (rectifier, output)
  }

  var composite: Composite {
    rectifier == .gradient
      ? Composite() : Composite().with(GatedRectifier(rectifier), for: .activation)
  }

  /// A forward and a backward walk for each image.
  public func cost(of request: AttributionRequest, on network: Network) -> AttributionCost {
    AttributionCost(walks: 2 * Double(request.count))
  }

  /// Computes the maps of all members.
  func attributions(
    _ request: AttributionRequest, on family: NetworkFamily, in context: AttributionContext
  ) throws -> [Attribution] {
    try family.inputSignals(
      images: request.images, composite: composite, algorithm: context.algorithm, in: context
    ).map { signals, _ in
      switch output {
      case .signal: Attribution(maps: signals)
      case .absolute: Attribution(maps: signals.map { abs($0) })
      case .timesInput: Attribution(maps: signals.combined(with: request.images, *))
      }
    }
  }
}

extension BackwardMethod: BackpropagatingMethod {
  /// The gradient, or what another rule for rectifiers makes of it.
  public func backpropagation(on network: ExplainedNetwork) -> Backpropagation? {
    Backpropagation(network.merged(), composite, algorithm: .fastest)
  }
}
