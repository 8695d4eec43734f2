import XAIAttribution
import XAINetworks
import XAITensor

/// The image itself as a map, with a law that it keeps to one half.
struct HalfLawful: AttributionMethod {
  func cost(of request: AttributionRequest, on network: Network) -> AttributionCost {
    AttributionCost(walks: Double(request.count))
  }

  func attribute(
    _ request: AttributionRequest, on network: ExplainedNetwork, in context: AttributionContext
  ) throws -> Attribution {
    Attribution(
      maps: request.images,
      laws: request.images.rowSums.map {
        LawCheck(.completeness, expected: $0, found: 0.5 * $0, tolerance: 1e-3)
      })
  }
}
