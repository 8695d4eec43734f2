public import XAIAttribution
import XAIKernels
import XAINetworks
public import XAITensor

/// Reads what layers of a network make of images, a batch at a time.
///
/// Layers are nodes by name, or `input` for the images themselves. Results depend on neither the size of a
/// batch nor the number of threads.
public struct LayerOutputs {
  /// What the images themselves are called.
  public static let input = "input"

  /// The layers, by name.
  public let layers: [String]
  /// The shape of each layer's output, without the batch.
  public let shapes: [String: [Int]]
  private let form: NetworkForm
  private let batch: Int
  private let nodes: Range<Int>

  /// Prepares to read.
  /// - Parameters:
  ///   - layers: Names of nodes, or `input`.
  ///   - network: The network.
  ///   - batch: The most images at once.
  /// - Throws: `RepresentationFailure` where a layer does not exist.
  public init(
    _ layers: [String], of network: ExplainedNetwork, batch: Int = 64
  ) throws(RepresentationFailure) {
    self.layers = layers
    self.batch = batch
    form = network.form(showing: layers)
    var (shapes, last) = ([Self.input: network.network.architecture.input], 0)
    for layer in layers where layer != Self.input {
      let index = try form.place(of: layer)
      shapes[layer] = form.nodes[index].outputShape
      last = max(last, index + 1)
    }
    self.shapes = shapes
    nodes = 0..<last
  }

  /// Hands over the outputs of images, batch after batch.
  /// - Parameters:
  ///   - images: `[N, C, H, W]`, normalized.
  ///   - body: Receives the images' indices and `[n, ...]` for each layer by name.
  /// - Throws: What the body or a kernel throws.
  public func forEachBatch(
    of images: Tensor, _ body: (Range<Int>, [String: Tensor]) throws -> Void
  ) throws {
    let names = Set(layers)
    for start in stride(from: 0, to: images.rows, by: batch) {
      let range = start..<min(start + batch, images.rows)
      let part = images.rows(range)
      var outputs = [Self.input: part]
      if !nodes.isEmpty {
        let recording = try form.record(
          try form.backend.upload(part), keeping: .logits, and: names, nodes: nodes,
          algorithm: .direct)
        for layer in layers where layer != Self.input {
          guard let output = recording.output(of: try form.place(of: layer)) else { continue }
          outputs[layer] = form.backend.download(output)
        }
      }
      for layer in layers where outputs[layer]?.isFinite == false {
        throw RepresentationFailure(.notFinite("the output of \(layer)"))
      }
      try body(range, outputs)
    }
  }

  /// The outputs of all images: for layers that are small, or for few images.
  /// - Parameter images: `[N, C, H, W]`, normalized.
  /// - Returns: `[N, ...]` for each layer by name.
  /// - Throws: Where a kernel fails or an output is not finite.
  public func all(of images: Tensor) throws -> [String: Tensor] {
    var parts: [String: [Tensor]] = [:]
    try forEachBatch(of: images) { _, outputs in
      for layer in layers { outputs[layer].map { parts[layer, default: []].append($0) } }
    }
    return parts.mapValues { Tensor(stacking: $0) }
  }
}

extension ExplainedNetwork {
  /// The fastest form in which layers have outputs of their own.
  /// - Parameter layers: Names of nodes; what is no node is passed over.
  /// - Returns: Batch norm merged, but where a layer is a linear node or the batch norm behind it.
  package func form(showing layers: [String]) -> NetworkForm {
    let kept = Set(
      network.blocks.filter { $0.batchNorm != nil }.flatMap { block in
        [block.linear.name, block.batchNorm?.name].compactMap(\.self).filter(layers.contains)
      })
    guard let first = kept.first else { return merged() }
    return kept.count == 1 ? merged(keeping: first) : trained
  }
}

extension NetworkForm {
  /// Where a node of a name stands in the order of the forward pass.
  /// - Parameter name: The node's name.
  /// - Returns: Its index, for recordings and walks.
  /// - Throws: `RepresentationFailure` where no node has the name.
  package func place(of name: String) throws(RepresentationFailure) -> Int {
    guard let index = index(of: name) else {
      throw RepresentationFailure(.unknownLayer(name, known: nodes.map(\.name)))
    }
    return index
  }
}
