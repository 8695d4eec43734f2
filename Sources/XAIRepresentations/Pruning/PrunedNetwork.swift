import XAIAttribution
public import XAINetworks
import XAITensor

/// A network without some of its filters: an architecture and parameters like any other.
///
/// Rows of the convolution and of its batch norm go, and the columns of what reads them; of the first dense layer the
/// block of positions of each channel. The logits are those of the original with the removed channels' *rectifier
/// outputs* multiplied by 0. Masking the convolution's weights instead is no removal: batch norm makes a constant
/// of the empty map.
public struct PrunedNetwork: Sendable {
  /// The smaller network.
  public let network: Network
  /// Its parameters.
  public let parameters: Parameters

  /// Removes filters.
  /// - Parameters:
  ///   - plan: Which filters stay.
  ///   - network: The network.
  ///   - parameters: Its parameters.
  /// - Throws: `RepresentationFailure` where a layer would lose all filters.
  public init(
    _ plan: PruningPlan, of network: Network, _ parameters: Parameters
  ) throws(RepresentationFailure) {
    var pruned = parameters
    var widths: [String: Int] = [:]
    for (layer, kept) in zip(plan.layers, plan.kept) {
      let indices = kept.indices.filter { kept[$0] }
      guard !indices.isEmpty else { throw RepresentationFailure(.emptyLayer(layer.convolution)) }
      widths[layer.convolution] = indices.count
      let own = network.nodes.filter {
        $0.name == layer.convolution || $0.name == layer.batchNorm
      }
      for (name, _) in own.flatMap(\.parameterShapes) {
        pruned[name] = pruned[name]?.rows(at: indices)
      }
      let reader = "\(layer.reader).weight"
      pruned[reader] = pruned[reader]?.columns(at: indices, each: layer.inputsPerFilter)
    }
    var architecture = network.architecture
    var convolutions = network.nodes.filter(\.isConvolution).makeIterator()
    architecture.stacks = architecture.stacks.map { stack in
      stack.map { channels in
        convolutions.next().flatMap { widths[$0.name] } ?? channels
      }
    }
    self.network = Network(architecture)
    self.parameters = pruned
    guard self.network.parameterShapes.allSatisfy({ pruned[$0.name]?.shape == $0.shape }) else {
      throw RepresentationFailure(
        .value(
          of: "the pruned network", found: "parameters of other shapes",
          expected: "those of its architecture"))
    }
  }

  /// What a checkpoint of a pruned network says of itself.
  /// - Parameters:
  ///   - digest: Of the original checkpoint.
  ///   - filters: The original indices of the filters that are left, by convolution.
  ///   - criterion: What decided.
  ///   - step: The step of pruning.
  /// - Returns: Metadata by key.
  public static func metadata(
    digest: String, filters: [String: [Int]], criterion: FilterCriterion, step: Int
  ) -> [String: String] {
    let lists = filters.sorted { $0.key < $1.key }.map { name, indices in
      "\"\(name)\":[\(indices.map(String.init).joined(separator: ","))]"
    }
    return [
      "pruned_from": digest, "pruned_filters": "{\(lists.joined(separator: ","))}",
      "pruned_by": criterion.rawValue, "pruned_step": "\(step)",
    ]
  }
}

extension Tensor {
  /// Blocks of the second axis, all further axes whole.
  /// - Parameters:
  ///   - indices: Which blocks, in the order of the result.
  ///   - size: How many indices of the axis a block has.
  /// - Returns: `[K, indices * size, ...]`.
  func columns(at indices: [Int], each size: Int) -> Tensor {
    let tail = shape.dropFirst(2).reduce(1, *)
    let block = size * tail
    return Tensor(shape: [shape[0], indices.count * size] + shape.dropFirst(2)) { target in
      withUnsafeElements { source in
        for row in 0..<shape[0] {
          for (position, index) in indices.enumerated() {
            let (from, to) = (
              row * rowCount + index * block, (row * indices.count + position) * block
            )
            for offset in 0..<block { target[to + offset] = source[from + offset] }
          }
        }
      }
    }
  }
}
