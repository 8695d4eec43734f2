public import XAIKernels
public import XAINetworks

/// How the memory that an experiment may take is divided between weights and activations.
public struct MemoryPlan: Sendable {
  /// Bytes that activations may take at a time.
  public let activations: Int
  /// What the kernels may keep, activations included.
  public let kernels: MemoryLimits
  /// What the process takes at most, in bytes, whatever the work is.
  public let limit: Int
  /// What it takes besides the kernels.
  private let fixed: Int
  private let allWeights: Int

  /// Divides memory.
  /// - Parameters:
  ///   - limit: Bytes that the process may take; by default what lets it work without packing weights
  ///     twice.
  ///   - count: Networks whose parameters are in memory together.
  ///   - network: Their architecture.
  /// - Throws: `ExperimentFailure` of the code `memoryTooLittle`.
  public init(
    _ limit: Int? = nil, for count: Int, of network: Network
  ) throws(ExperimentFailure) {
    let parameters = MemoryLayout<Float>.stride * network.parameterCount
    // Of the largest node two copies are under way while its weights are packed.
    let largest = MemoryLayout<Float>.stride * (network.nodes.map(\.parameterCount).max() ?? 0)
    fixed = Self.program + count * parameters + 2 * largest
    // Winograd's transforms are four times the weights, for either direction; relevance propagation has
    // up to five kinds.
    allWeights = count * 5 * parameters
    self.limit =
      limit ?? fixed + Self.mostActivations + max(allWeights, Self.mostActivations)
    let rest = self.limit - fixed
    let least = Self.leastActivations + min(largest * 4, parameters)
    guard rest >= least else {
      throw ExperimentFailure(
        .memoryTooLittle(limit: self.limit, fixed: fixed, least: fixed + least))
    }
    activations = min(Self.mostActivations, max(Self.leastActivations, rest / 3))
    kernels = MemoryLimits(packedWeights: rest - activations, total: rest)
  }

  /// What the process takes for work.
  /// - Parameter activations: What all activations of the work would take at a time, in bytes.
  /// - Returns: Bytes.
  public func need(activations: Int) -> Int {
    min(limit, fixed + min(self.activations, activations) + allWeights)
  }

  /// Measured, images and results included.
  private static let program = 96_000_000
  /// Larger parts gain no speed.
  private static let mostActivations = 256_000_000
  private static let leastActivations = 32_000_000
}
