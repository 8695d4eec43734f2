public import XAIAttribution
import XAIKernels
import XAINetworks
import XAITensor

/// What methods would cost, from their own counts and the time that one image takes here and now.
public struct CostEstimate: Sendable {
  /// Walks through the network, forward or backward, of one image each.
  public let walks: Double
  /// What they would take.
  public let seconds: Double

  /// Estimates what walks would take; times one only where there is enough work for the time to matter.
  /// - Parameters:
  ///   - walks: Their number.
  ///   - network: The network.
  /// - Throws: Where a kernel fails.
  public init(walks: Double, on network: ExplainedNetwork) throws {
    self.walks = walks
    guard walks > 0 else {
      seconds = 0
      return
    }
    // Much work is done many images at a time.
    let count = walks > 2000 ? 8 : 1
    let images = Tensor(shape: [count] + network.network.architecture.input)
    func measure() throws -> Double {
      let start = ContinuousClock.now
      _ = try network.merged().inputSignals(
        images: images, targets: Array(repeating: 0, count: count), composite: Composite(),
        algorithm: .fastest,
        in: AttributionContext())
      return (.now - start) / .seconds(1)
    }
    // The first time weights are laid out for the kernels; a few walks are over before two are timed.
    let first = try measure()
    seconds = walks / Double(2 * count) * (walks > 8 ? min(first, try measure()) : first)
  }
}
