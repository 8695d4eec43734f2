import XAIAttribution
import XAIFiles
import XAIKernels
import XAINetworks
import XAIRepresentations

/// A network after some steps of pruning.
struct PrunedState {
  let network: Network
  let parameters: Parameters
  /// The original indices of the filters that are left, by convolution.
  let filters: [String: [Int]]

  /// The network before the first step.
  init(of network: ExplainedNetwork) {
    (self.network, parameters) = (network.network, network.parameters)
    filters = Dictionary(
      uniqueKeysWithValues: FilterLayer.all(of: network.network).map {
        ($0.convolution, Array(0..<$0.filters))
      })
  }

  init(_ network: Network, _ parameters: Parameters, filters: [String: [Int]]) {
    (self.network, self.parameters, self.filters) = (network, parameters, filters)
  }

  /// Reads what a step left; nil where the file is of another one, or not whole.
  init?(path: String, steps: String) {
    guard let checkpoint = try? Checkpoint(path: path),
      checkpoint.metadata[Self.stepsKey] == steps,
      let text = checkpoint.metadata["pruned_filters"],
      let filters = try? JSONText.decode([String: [Int]].self, from: text, name: path)
    else { return nil }
    self.init(checkpoint.network, checkpoint.parameters, filters: filters)
  }

  /// The key of the metadata that names the numbers of filters that were gone after each step.
  static let stepsKey = "pruned_steps"

  /// The network without what a plan removes.
  func without(_ plan: PruningPlan) throws(RepresentationFailure) -> PrunedState {
    let pruned = try PrunedNetwork(plan, of: network, parameters)
    let kept = plan.indices
    return PrunedState(
      pruned.network, pruned.parameters,
      filters: Dictionary(
        uniqueKeysWithValues: filters.map { name, original in
          (name, kept[name].map { $0.map { original[$0] } } ?? original)
        }))
  }

  /// The same network with other parameters.
  func with(_ parameters: Parameters) -> PrunedState {
    PrunedState(network, parameters, filters: filters)
  }

  func explained(on backend: any Backend) -> ExplainedNetwork {
    ExplainedNetwork(network, parameters: parameters, backend: backend)
  }
}
