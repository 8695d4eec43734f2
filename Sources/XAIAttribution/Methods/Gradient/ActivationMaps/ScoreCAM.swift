package import XAIKernels
public import XAINetworks
package import XAITensor
#if canImport(Glibc)
  import Glibc
#endif

/// A layer's maps, weighted by the score of the image under each of them.
///
/// Source: Wang et al. 2020, Score-CAM: Score-Weighted Visual Explanations for Convolutional Neural Networks.
/// `M_k = (u - min) / (max - min)`, u the channel enlarged bilinearly; `s_k` the logit of `x M_k`, w the softmax of
/// s over channels; the map is `sum_k w_k A_k`. Where the mask is 0 the image has the mean color: 0 of the normalized
/// space. Channels that do not vary have no mask and no weight.
///
/// - Note: Deviation: the paper subtracts the score of a baseline, which cancels in the softmax. The authors' program
///   weighs by the probability of the class: `probability`. pytorch-grad-cam enlarges masks with aligned corners,
///   and gives channels that do not vary a weight.
public struct ScoreCAM: AttributionMethod {
  /// What a channel weighs.
  public enum Weight: String, Sendable, Codable, CaseIterable {
    /// The softmax of its logit over channels, as in the paper.
    case logit
    /// Its probability of the class, as in the authors' program.
    case probability
  }

  /// The node whose output is weighted; `last-rectifier` stands for that behind the last convolution.
  public var layer: String
  /// What a channel weighs.
  public var weight: Weight
  /// Whether negative values of the map become 0.
  public var rectified: Bool
  /// How the map gets the image's extent.
  public var upsampling: Upsampling

  /// Describes the method.
  /// - Parameters:
  ///   - layer: The node whose output is weighted.
  ///   - weight: What a channel weighs.
  ///   - rectified: Whether negative values become 0.
  ///   - upsampling: How the map gets the image's extent.
  public init(
    layer: String = "last-rectifier", weight: Weight = .logit, rectified: Bool = false,
    upsampling: Upsampling = .nearest
  ) {
    (self.layer, self.weight) = (layer, weight)
    (self.rectified, self.upsampling) = (rectified, upsampling)
  }

  /// Squares as large as a position of the layer.
  public var isEnlarged: Bool { upsampling == .nearest }
  /// Why the method cannot explain a network.
  public func obstacle(on network: Network) -> String? { ActivationLayer.obstacle(on: network) }

  /// The layer must have maps.
  public func prepared(for request: AttributionRequest, on network: Network) throws -> Self {
    try request.validate(for: network)
    if let obstacle = obstacle(on: network) { throw AttributionFailure(.usage, obstacle) }
    _ = try ActivationLayer.resolve(layer, in: network)
    return self
  }

  /// A forward pass for each channel, and one for the image.
  public func cost(of request: AttributionRequest, on network: Network) -> AttributionCost {
    let channels = ActivationLayer.channels(of: layer, in: network)
    return AttributionCost(walks: Double(request.count) * Double(channels + 1))
  }

  /// Computes maps.
  public func attribute(
    _ request: AttributionRequest, on network: ExplainedNetwork, in context: AttributionContext
  ) throws -> Attribution {
    try request.validate(for: network)
    _ = try prepared(for: request, on: network.network)
    var (maps, notes) = ([Tensor](), [Attribution.Note]())
    for image in 0..<request.count {
      let channels = try channels(
        of: request.images.row(image), target: request.targets[image], on: network, in: context)
      maps.append(
        channels.picture(
          rectified: rectified, upsampling, to: Array(request.images.shape.dropFirst(2))))
      if weight == .logit, channels.weights.count > 1,
        let left = channels.effectiveCount, left < 2
      {
        notes.append(
          Attribution.Note(
            "the softmax leaves one of \(channels.weights.count) channels: the weights are those of "
              + "\(Float(left)) equal ones", image: image))
      }
    }
    return Attribution(maps: Tensor(stacking: maps), notes: notes)
  }

  /// The channels of one image: logits under their masks, 0 for those that do not vary, weights and map.
  package func channels(
    of image: Tensor, target: Int, on network: ExplainedNetwork, in context: AttributionContext
  ) throws -> WeightedChannels {
    let name = try ActivationLayer.resolve(layer, in: network.network)
    if context.isStopped() { throw AttributionStopped() }
    let activation = try network.activation(of: image, at: name, context.algorithm ?? .fastest)
    context.advance(1)
    let masks = ChannelMasks(activation, extent: Array(image.shape.dropFirst(2)))
    let plane = masks.plane
    let scores = try image.withUnsafeElements { source in
      try network.merged().scores(
        weight == .logit ? .logit : .probability, of: target, count: masks.varying.count,
        in: context
      ) { index, pixels in
        masks.write(index)
        masks.values.withUnsafeBufferPointer { mask in
          for element in pixels.indices {
            pixels[element] = source[element] * mask[element % plane]
          }
        }
      }
    }
    context.advance(Double(masks.count - masks.varying.count))
    var all = Array(repeating: 0.0, count: masks.count)
    var weights = all
    for (place, channel) in masks.varying.enumerated() { all[channel] = scores[place] }
    for (place, share) in (weight == .logit ? scores.softmax : scores).enumerated() {
      weights[masks.varying[place]] = share
    }
    return WeightedChannels(activation, weights: weights, scores: all)
  }
}

extension WeightedChannels {
  /// exp of the entropy of weights that sum to 1: how many channels count; nil where none does.
  fileprivate var effectiveCount: Double? {
    guard weights.contains(where: { $0 > 0 }) else { return nil }
    return exp(-weights.reduce(0.0) { $1 > 0 ? $0 + $1 * log($1) : $0 })
  }
}

extension ActivationLayer {
  /// The number of channels of what a parameter means; 0 where there is no such layer.
  static func channels(of name: String, in network: Network) -> Int {
    guard let name = try? resolve(name, in: network) else { return 0 }
    return network.nodes.first { $0.name == name }?.outputShape[0] ?? 0
  }
}

extension ExplainedNetwork {
  /// The output of a layer.
  /// - Parameters:
  ///   - images: `[N, C, H, W]`.
  ///   - name: A node.
  ///   - algorithm: How convolutions sum.
  /// - Returns: `[N, K, h, w]`.
  /// - Throws: Where there is no such node, or a kernel fails.
  package func activation(
    of images: Tensor, at name: String, _ algorithm: ConvolutionAlgorithm
  ) throws -> Tensor {
    let form = merged(keeping: name)
    guard let index = form.index(of: name) else {
      throw AttributionFailure(.usage, "Layer \(name) is no node of the network.")
    }
    let recording = try form.record(
      try form.backend.upload(images), keeping: .logits, nodes: 0..<index + 1,
      algorithm: algorithm)
    return form.backend.download(recording.output)
  }
}
