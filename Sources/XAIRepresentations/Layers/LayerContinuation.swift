public import XAIAttribution
import XAIKernels
import XAINetworks
public import XAITensor

/// Runs the rest of a network from replaced outputs of a layer.
public struct LayerContinuation {
  private let form: NetworkForm
  private let rest: Range<Int>
  private let shape: [Int]
  private let batch: Int

  /// Prepares the rest of a network.
  /// - Parameters:
  ///   - layer: The node whose output is replaced.
  ///   - network: The network.
  ///   - batch: The most rows at once.
  /// - Throws: `RepresentationFailure` where the layer does not exist.
  public init(
    after layer: String, of network: ExplainedNetwork, batch: Int = 64
  ) throws(RepresentationFailure) {
    form = network.form(showing: [layer])
    let index = try form.place(of: layer)
    rest = index + 1..<form.nodes.count
    shape = form.nodes[index].outputShape
    self.batch = batch
  }

  /// The logits that follow.
  /// - Parameter outputs: `[N, ...]` in the shape of the layer, or flattened.
  /// - Returns: `[N, classes]`.
  /// - Throws: Where a kernel fails.
  public func logits(from outputs: Tensor) throws -> Tensor {
    let outputs = outputs.reshaped(to: [outputs.rows] + shape)
    guard !rest.isEmpty else { return outputs }
    return Tensor(
      stacking: try stride(from: 0, to: outputs.rows, by: batch).map { first in
        let part = outputs.rows(first..<min(first + batch, outputs.rows))
        let recording = try form.record(
          try form.backend.uploadActivation(part), keeping: .logits, nodes: rest,
          algorithm: .direct)
        return form.backend.download(recording.output)
      })
  }
}
