import XAIAttribution
import XAINetworks
#if canImport(Glibc)
  import Glibc
#endif

/// Networks with other parameters.
enum ExplainedNetworkMaker {
  static func network(
    like fixture: FixtureNetwork, _ parameters: Parameters
  ) -> ExplainedNetwork {
    ExplainedNetwork(
      fixture.explained.network, parameters: parameters, backend: fixture.explained.backend)
  }
}

extension [Double] {
  /// -ln of the softmax at a class, written down again.
  func crossEntropy(of label: Int) -> Double { -self[label] + log(reduce(0) { $0 + exp($1) }) }
}
