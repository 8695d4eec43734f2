public import XAINetworks
import XAITensor

/// The gradient, integrated along the line from a baseline to the image, times their difference.
///
/// Sundararajan et al. 2017, Axiomatic Attribution for Deep Networks, equation 1:
/// `(x - x') sum_k w_k grad f(x' + a_k (x - x'))`. The map sums to f(x) - f(x') as far as the sum
/// approximates the integral. A gradient of rectifiers and poolings has jumps, at which no rule
/// converges fast; the law's tolerance of 5 %, of the difference or of a tenth of the map's mass, is
/// for that, not for rounding.
///
/// - Note: Deviation from Captum 0.9, which takes 50 steps by default and rounds the weights to
///   Float32: 200 steps as in the thesis, and weights and sum are kept in Double.
public struct IntegratedGradients: FamilyMethod {
  /// Points on the line.
  public var steps: Int
  /// Where they lie and what they weigh.
  public var rule: QuadratureRule

  /// Describes the method.
  /// - Parameters:
  ///   - steps: Points on the line.
  ///   - rule: Where they lie and what they weigh.
  public init(steps: Int = 200, rule: QuadratureRule = .gaussLegendre) {
    (self.steps, self.rule) = (steps, rule)
  }

  /// One baseline for each image.
  public var baselineNeed: BaselineNeed { .one }

  /// A forward and a backward walk for each step, and the logits of both ends.
  public func cost(of request: AttributionRequest, on network: Network) -> AttributionCost {
    AttributionCost(walks: Double(request.count) * (2 * Double(steps) + 2))
  }

  /// The quadrature must have a rule of so many points.
  public func prepared(for request: AttributionRequest, on network: Network) throws -> Self {
    try request.validate(for: network)
    _ = try request.fittingBaselines(for: "integrated gradients", .one)
    _ = try rule.nodes(steps)
    return self
  }

  /// Computes the maps of all members.
  public func attributions(
    _ request: AttributionRequest, on family: NetworkFamily, in context: AttributionContext
  ) throws -> [Attribution] {
    let baselines = try request.fittingBaselines(for: "integrated gradients", .one)
    let nodes = try rule.nodes(steps)
    let points = (0..<request.count).flatMap { image in
      nodes.map {
        PathPoint(image: image, baseline: 0, position: $0.point, weight: $0.weight)
      }
    }
    return try PathSum(
      request: request, baselines: baselines, points: points, tolerance: 0.05
    ).attributions(on: family, in: context)
  }
}

extension IntegratedGradients: BackpropagatingMethod {
  /// The gradient, which is taken at many points.
  public func backpropagation(on network: ExplainedNetwork) -> Backpropagation? {
    .gradient(on: network)
  }
}
