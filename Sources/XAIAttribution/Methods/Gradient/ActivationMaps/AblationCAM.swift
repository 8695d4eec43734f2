import XAIKernels
public import XAINetworks
package import XAITensor

/// A layer's maps, each weighted by how much the logit falls without it.
///
/// Source: Desai and Ramaswamy 2020, Ablation-CAM: Visual Explanations for Deep Convolutional Network via Gradient-free
/// Localization. `w_k = f(x) - f(x with A_k = 0)`; the map is `sum_k w_k A_k`. Only what lies behind the layer runs.
///
/// - Note: Deviation: the paper divides by f(x), which turns signs where the logit is negative and is infinite at 0;
///   a positive factor changes no map. pytorch-grad-cam sets channels to a number far below the layer's smallest
///   unless that is exactly 0.
public struct AblationCAM: AttributionMethod {
  /// The node whose output is weighted; `last-rectifier` stands for that behind the last convolution.
  public var layer: String
  /// Whether negative values of the map become 0.
  public var rectified: Bool
  /// How the map gets the image's extent.
  public var upsampling: Upsampling

  /// Describes the method.
  /// - Parameters:
  ///   - layer: The node whose output is weighted.
  ///   - rectified: Whether negative values become 0.
  ///   - upsampling: How the map gets the image's extent.
  public init(
    layer: String = "last-rectifier", rectified: Bool = false, upsampling: Upsampling = .nearest
  ) {
    (self.layer, self.rectified, self.upsampling) = (layer, rectified, upsampling)
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

  /// A forward pass, and what lies behind the layer for each channel.
  public func cost(of request: AttributionRequest, on network: Network) -> AttributionCost {
    let channels = Double(ActivationLayer.channels(of: layer, in: network))
    return AttributionCost(walks: Double(request.count) * (1 + channels * tail(of: network)))
  }

  /// What lies behind the layer, in units of a whole forward pass.
  private func tail(of network: Network) -> Double {
    guard let name = try? ActivationLayer.resolve(layer, in: network),
      let index = network.nodes.firstIndex(where: { $0.name == name })
    else { return 1 }
    let rest = network.nodes[(index + 1)...].reduce(0) { $0 + $1.multiplyAdds }
    return Double(rest) / Double(max(network.multiplyAdds, 1))
  }

  /// Computes maps.
  public func attribute(
    _ request: AttributionRequest, on network: ExplainedNetwork, in context: AttributionContext
  ) throws -> Attribution {
    try request.validate(for: network)
    _ = try prepared(for: request, on: network.network)
    let maps = try (0..<request.count).map { image in
      try channels(
        of: request.images.row(image), target: request.targets[image], on: network, in: context
      ).picture(rectified: rectified, upsampling, to: Array(request.images.shape.dropFirst(2)))
    }
    return Attribution(maps: Tensor(stacking: maps))
  }

  /// The channels of one image: how much the logit falls without each, and the map.
  package func channels(
    of image: Tensor, target: Int, on network: ExplainedNetwork, in context: AttributionContext
  ) throws -> WeightedChannels {
    let name = try ActivationLayer.resolve(layer, in: network.network)
    if context.isStopped() { throw AttributionStopped() }
    let algorithm = context.algorithm ?? .fastest
    let activation = try network.activation(of: image, at: name, algorithm)
    context.advance(1)
    let form = network.merged(keeping: name)
    let rest = (form.index(of: name) ?? 0) + 1..<form.nodes.count
    let plane = activation.shape[2] * activation.shape[3]
    // Without a channel that is 0 everywhere nothing changes.
    let elements = activation.elements
    let active = (0..<activation.shape[1]).filter { channel in
      elements[channel * plane..<(channel + 1) * plane].contains { $0 != 0 }
    }
    func logits(_ activations: Tensor) throws -> [Double] {
      let recording = try form.record(
        try form.backend.uploadActivation(activations), keeping: .logits, nodes: rest,
        algorithm: algorithm)
      return TargetScore.logit.values(of: form.backend.download(recording.output), target)
    }
    let whole = try logits(activation)[0]
    var weights = Array(repeating: 0.0, count: activation.shape[1])
    try context.forEachPart(
      of: active.count, bytesEach: form.bytesPerImage(keeping: .logits),
      walksEach: tail(of: network.network)
    ) { range in
      var copies = activation.rows(at: Array(repeating: 0, count: range.count))
      copies.withUnsafeMutableElements { copies in
        for (row, place) in range.enumerated() {
          let start = row * elements.count + active[place] * plane
          for index in start..<start + plane { copies[index] = 0 }
        }
      }
      for (place, logit) in zip(range, try logits(copies)) {
        weights[active[place]] = whole - logit
      }
    }
    return WeightedChannels(activation, weights: weights)
  }
}
