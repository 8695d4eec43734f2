public import XAIAttribution
import XAIKernels
import XAINetworks
public import XAITensor

/// Gradients of what a network says by the output of one of its layers.
public struct LayerGradients {
  /// What is differentiated.
  public enum Score: String, Sendable, Codable, CaseIterable {
    /// The logit of the target.
    case logit
    /// The logarithm of the target's probability: another question, since it falls when other logits rise.
    case logProbability = "log-probability"
  }

  private let form: NetworkForm
  private let index: Int
  private let batch: Int

  /// Prepares to differentiate.
  /// - Parameters:
  ///   - layer: The name of a node.
  ///   - network: The network.
  ///   - batch: The most images at once.
  /// - Throws: `RepresentationFailure` where the layer does not exist.
  public init(
    by layer: String, of network: ExplainedNetwork, batch: Int = 64
  ) throws(RepresentationFailure) {
    form = network.form(showing: [layer])
    index = try form.place(of: layer)
    self.batch = batch
  }

  /// Differentiates a score by the layer's output.
  /// - Parameters:
  ///   - score: Which score.
  ///   - target: The class.
  ///   - images: `[N, C, H, W]`, normalized.
  /// - Returns: `[N, ...]` in the shape of the layer.
  /// - Throws: `RepresentationFailure` where there is no such class, or what a kernel throws.
  public func gradients(of score: Score, target: Int, at images: Tensor) throws -> Tensor {
    try gradients(at: images) { logits in try score.start(target, logits) }
  }

  /// Sends any signal at the logits back to the layer.
  /// - Parameters:
  ///   - images: `[N, C, H, W]`, normalized.
  ///   - start: Receives logits `[n, classes]` of a batch; returns what starts there, of the same shape.
  /// - Returns: `[N, ...]` in the shape of the layer.
  /// - Throws: What the closure or a kernel throws.
  public func gradients(
    at images: Tensor, from start: (Tensor) throws -> Tensor
  ) throws -> Tensor {
    var parts: [Tensor] = []
    for first in stride(from: 0, to: images.rows, by: batch) {
      let part = images.rows(first..<min(first + batch, images.rows))
      let recording = try form.record(
        try form.backend.upload(part), keeping: .gates, and: [form.nodes[index].name],
        algorithm: .direct)
      let seed = try start(form.backend.download(recording.output))
      let signal = try BackwardWalk(Composite(), algorithm: .direct).signal(
        from: try form.backend.uploadActivation(seed), of: recording, at: index)
      parts.append(form.backend.download(signal))
    }
    let gradients = Tensor(stacking: parts)
    guard gradients.isFinite else { throw RepresentationFailure(.notFinite("the gradient")) }
    return gradients
  }
}

extension LayerGradients.Score {
  /// The gradient of the score by the logits.
  func start(_ target: Int, _ logits: Tensor) throws(RepresentationFailure) -> Tensor {
    let classes = logits.rowCount
    guard 0..<classes ~= target else {
      throw RepresentationFailure(.unknownClass(target, count: classes))
    }
    var start = Tensor(shape: logits.shape)
    for row in 0..<logits.rows {
      if self == .logProbability {
        for (index, share) in logits.softmax(ofRow: row).enumerated() {
          start[row, index] = Float(-share)
        }
      }
      start[row, target] += 1
    }
    return start
  }
}
