public import XAIKernels
public import XAINetworks
import XAITensor

/// What becomes of the signal that arrives at the input.
public enum SignalOutput: String, Sendable, Codable {
  /// The signal.
  case signal
  /// Its absolute value, before any sum over channels.
  case absolute
  /// The signal times the normalized image.
  case timesInput = "times-input"
}

/// A method of one backward pass from the target's logit: the gradient, or what another rule for rectifiers
/// makes of it.
public protocol SignalMethod: FamilyMethod, BackpropagatingMethod {
  /// What rectifiers let pass.
  var rectifier: RectifierGate { get }
  /// What becomes of the signal.
  var output: SignalOutput { get }
}

extension SignalMethod {
  /// A signal is a slope, its magnitude an amount; times the image it is a contribution where rectifiers pass
  /// the gradient.
  public var meaning: MapMeaning {
    switch output {
    case .signal: .sensitivity
    case .absolute: .magnitude
    case .timesInput: rectifier == .gradient ? .relevance : .sensitivity
    }
  }

  /// A forward and a backward pass for each image.
  public func cost(of request: AttributionRequest, on network: Network) -> AttributionCost {
    AttributionCost(walks: 2 * Double(request.count))
  }

  /// Computes the maps of all members.
  public func attributions(
    _ request: AttributionRequest, on family: NetworkFamily, in context: AttributionContext
  ) throws -> [Attribution] {
    try family.inputSignals(
      images: request.images, composite: .rectifying(by: rectifier), algorithm: context.algorithm,
      in: context
    ).map { signals, _ in
      switch output {
      case .signal: Attribution(maps: signals)
      case .absolute: Attribution(maps: signals.map { abs($0) })
      case .timesInput: Attribution(maps: signals.combined(with: request.images, *))
      }
    }
  }

  /// The gradient, or what another rule for rectifiers makes of it.
  public func backpropagation(on network: ExplainedNetwork) -> Backpropagation? {
    Backpropagation(network.merged(), .rectifying(by: rectifier), algorithm: .fastest)
  }
}

extension Composite {
  /// The gradient with another rule for rectifiers.
  /// - Parameter gate: What rectifiers let pass.
  /// - Returns: The composite.
  public static func rectifying(by gate: RectifierGate) -> Composite {
    gate == .gradient ? Composite() : Composite().with(GatedRectifier(gate), for: .activation)
  }

  /// Rectifiers pass the positive signal.
  ///
  /// Zeiler and Fergus 2014, Visualizing and Understanding Convolutional Networks.
  public static let deconvNet = rectifying(by: .deconvolution)
  /// Rectifiers pass the positive signal where they were active.
  ///
  /// Springenberg et al. 2015, Striving for Simplicity.
  public static let guidedBackprop = rectifying(by: .guided)
}
