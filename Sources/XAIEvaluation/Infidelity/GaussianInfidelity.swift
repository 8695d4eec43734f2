public import XAITensor

/// Infidelity of normal noise: the network sees `x - I`, and `I.R` is a sum over pixels and channels, so R
/// must be per unit of input, as gradients are.
/// - Note: Deviation: Captum's example feeds signed noise and the absolute gradient; its decorator divides I by
///   x, and by 1 where x is 0; the authors' noise makes the network see noise around the zero image.
public struct GaussianInfidelity {
  /// What is subtracted from the image, `[C, H, W]` each.
  public let noise: [Tensor]
  /// What each costs.
  private let drops: [TargetValue]

  /// Evaluates the disturbed images.
  /// - Parameters:
  ///   - noise: What is subtracted from the image, `[C, H, W]` each; at least one.
  ///   - image: The image.
  ///   - target: The class.
  ///   - network: The network.
  /// - Throws: `EvaluationFailure` where shapes differ; what the network throws, or `AttributionStopped`.
  public init(_ noise: [Tensor], image: Tensor, target: Int, _ network: JudgedNetwork) throws {
    for noise in noise where noise.shape != image.shape {
      throw EvaluationFailure(.shape(noise.shape, expected: "\(image.shape)"), of: "a perturbation")
    }
    self.noise = noise
    let disturbed = noise.map { image.combined(with: $0, -) }
    let values = try network.logits(of: [image] + disturbed).map { TargetValue($0, of: target) }
    drops = values.dropFirst().map { values[0] - $0 }
  }

  /// The infidelity of a map with channels.
  /// - Parameters:
  ///   - map: `[C, H, W]`, per unit of input.
  ///   - quantity: Logit or probability.
  /// - Returns: The infidelity.
  /// - Throws: `EvaluationFailure` where the map has another shape.
  public func callAsFunction(
    _ map: Tensor, _ quantity: TargetQuantity = .logit
  ) throws(EvaluationFailure) -> Infidelity {
    guard map.shape == noise.first?.shape, map.isFinite else {
      throw EvaluationFailure(
        .shape(map.shape, expected: "\(noise.first?.shape ?? []), finite"),
        of: "a map with channels")
    }
    let attributed = noise.map { noise in
      noise.withUnsafeElements { noise in
        map.withUnsafeElements { map in
          zip(noise, map).reduce(0) { $0 + Double($1.0) * Double($1.1) }
        }
      }
    }
    return Infidelity(attributed: attributed, drops: drops.map { $0[quantity] })
  }

  /// Contributions per unit of input: divided by `x - b` where that is above a threshold, 0 elsewhere.
  /// - Parameters:
  ///   - map: Contributions `[C, H, W]`.
  ///   - image: The image.
  ///   - baseline: The baseline they compare with.
  ///   - threshold: 1e-6 by default.
  /// - Returns: `[C, H, W]`.
  public static func perUnit(
    _ map: Tensor, image: Tensor, baseline: Tensor, threshold: Float = 1e-6
  ) -> Tensor {
    map.combined(with: image.combined(with: baseline, -)) { relevance, difference in
      abs(difference) > threshold ? relevance / difference : 0
    }
  }
}
