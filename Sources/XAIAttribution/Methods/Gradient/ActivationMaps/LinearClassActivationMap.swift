import XAIKernels
public import XAINetworks
import XAITensor

/// CAM: a layer's maps, weighted by the dense layer behind their averages.
///
/// Source: Zhou et al. 2016, eq. 2.
/// `sum_k W[t, k] A_k`, for networks that end in global average pooling and one dense layer; A is what is
/// averaged. Grad-CAM of the same layer is this map divided by its number of positions.
public struct LinearClassActivationMap: AttributionMethod {
  /// How the map gets the image's extent.
  public var upsampling: Upsampling

  /// Describes the method.
  /// - Parameter upsampling: How the map gets the image's extent.
  public init(upsampling: Upsampling = .nearest) { self.upsampling = upsampling }

  /// Squares as large as a position of the layer.
  public var isEnlarged: Bool { upsampling == .nearest }

  /// Why the method cannot explain a network.
  public func obstacle(on network: Network) -> String? {
    if let obstacle = ActivationLayer.obstacle(on: network) { return obstacle }
    return network.nodes.dropLast().last?.operation == .globalAveragePool
      ? nil
      : "CAM needs a network that ends in global average pooling and one dense layer; use grad-cam, "
        + "which generalises it."
  }

  /// A forward walk for each image.
  public func cost(of request: AttributionRequest, on network: Network) -> AttributionCost {
    AttributionCost(walks: Double(request.count))
  }

  /// Computes maps.
  public func attribute(
    _ request: AttributionRequest, on network: ExplainedNetwork, in context: AttributionContext
  ) throws -> Attribution {
    try request.validate(for: network)
    if let obstacle = obstacle(on: network.network) { throw AttributionFailure(.usage, obstacle) }
    let form = network.merged()
    let layers = 0..<form.nodes.count - 2
    let weights = form.hostParameters(of: form.nodes[form.nodes.count - 1]).weight
    var maps: [Tensor] = []
    try context.forEachPart(
      of: request.count, bytesEach: form.bytesPerImage(keeping: .logits), walksEach: 1
    ) { range in
      let recording = try form.record(
        try form.backend.upload(request.images.rows(range)), keeping: .logits, nodes: layers,
        algorithm: context.algorithm ?? .fastest)
      let activation = form.backend.download(recording.output)
      for (image, target) in request.targets[range].enumerated() {
        maps.append(map(activation.row(image), weights.row(target)))
      }
    }
    let extent = Array(request.images.shape.dropFirst(2))
    return Attribution(maps: upsampling.enlarge(Tensor(stacking: maps), to: extent))
  }

  private func map(_ activation: Tensor, _ weights: Tensor) -> Tensor {
    let extent = Array(activation.shape.dropFirst(2))
    let plane = extent.reduce(1, *)
    var map = [Double](repeating: 0, count: plane)
    for (index, value) in activation.elements.enumerated() {
      map[index % plane] += Double(weights[0, index / plane]) * Double(value)
    }
    return Tensor(shape: [1, 1] + extent, map.map { Float($0) })
  }
}
