import XAIAttribution
import XAIConsole
import XAIKernels
import XAINetworks
import XAITensor

/// How the memory that the program may take is divided between weights and activations.
struct MemoryPlan {
  /// Bytes that activations may take at a time.
  let activations: Int
  /// What the kernels may keep, activations included.
  let kernels: MemoryLimits
  /// What the program takes at most, whatever the work is.
  let limit: Int
  /// What it takes besides the kernels.
  private let fixed: Int
  private let allWeights: Int

  /// Divides memory.
  /// - Parameters:
  ///   - limit: What the program may take; by default what lets it work without packing weights twice.
  ///   - count: Networks whose parameters are in memory together.
  ///   - network: Their architecture.
  /// - Throws: Where it is too little.
  init(_ limit: Int?, for count: Int, of network: Network) throws(AttributionFailure) {
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
      throw AttributionFailure(
        .usage,
        "--memory \(Format.bytes(self.limit)) is too little: the weights and the program take "
          + "\(Format.bytes(fixed)); give at least \(Format.bytes(fixed + least))")
    }
    activations = min(Self.mostActivations, max(Self.leastActivations, rest / 3))
    kernels = MemoryLimits(packedWeights: rest - activations, total: rest)
  }

  /// What the program takes for work.
  /// - Parameter activations: What all activations of the work would take at a time.
  /// - Returns: Bytes.
  func need(activations: Int) -> Int {
    min(limit, fixed + min(self.activations, activations) + allWeights)
  }

  /// Measured, images and results included.
  private static let program = 96_000_000
  /// Larger parts gain no speed.
  private static let mostActivations = 256_000_000
  private static let leastActivations = 32_000_000
}
