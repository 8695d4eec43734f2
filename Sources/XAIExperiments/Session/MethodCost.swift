package import XAIAttribution
package import XAIKernels

extension AttributionMethod {
  /// How many times longer its passes take than those by the fastest convolutions.
  /// - Parameters:
  ///   - network: The network.
  ///   - algorithm: How convolutions are asked to sum; relevance propagation keeps to direct ones.
  /// - Returns: A factor of at least 1.
  package func slowness(
    on network: ExplainedNetwork, algorithm: ConvolutionAlgorithm? = nil
  ) -> Double {
    let backpropagating = self as? any BackpropagatingMethod
    guard let own = backpropagating?.backpropagation(on: network)?.algorithm else { return 1 }
    // Measured on a VGG-16 of 64x64 images.
    return own == .direct || algorithm == .direct ? 3.5 : 1
  }
}
