import XAIKernels
public import XAINetworks
import XAITensor

/// A layer's maps, weighted by what the gradient says about them: Grad-CAM and its relatives.
///
/// Guided maps are the product with guided backprop, channel by channel of the image (Selvaraju et al.
/// 2017, section 3.1). Convolutions sum as in guided backprop itself: directly for images with flat
/// areas, as fast as possible for others.
public struct ClassActivationMap: AttributionMethod {
  /// How channels are weighted.
  public var weighting: ActivationWeighting
  /// The node whose output is weighted, such as `conv10_relu`.
  ///
  /// `last-convolution` stands for the output of the last convolution before batch norm and rectifier,
  /// which Grad-CAM is given in the thesis; `last-rectifier` for that of the rectifier behind it, as in
  /// the papers. Weights that divide by a layer's sum (Grad-CAM++, XGrad-CAM) or take it for positive
  /// are ill-conditioned before the rectifier, so the relatives of Grad-CAM default to the latter.
  public var layer: String
  /// Whether negative values of the map become 0, before it is enlarged.
  ///
  /// - Note: Deviation: the papers rectify; Captum does by default in guided maps only, and so do we.
  public var rectified: Bool
  /// How the map gets the image's extent.
  public var upsampling: Upsampling
  /// Whether guided backprop is multiplied with the map.
  public var guided: Bool

  /// Describes the method.
  /// - Parameters:
  ///   - weighting: How channels are weighted.
  ///   - layer: The node whose output is weighted; default is `last-convolution` for Grad-CAM and
  ///     `last-rectifier` for its relatives.
  ///   - rectified: Whether negative values become 0; default is whether the map is guided.
  ///   - upsampling: How the map gets the image's extent.
  ///   - guided: Whether guided backprop is multiplied with the map.
  public init(
    _ weighting: ActivationWeighting, layer: String? = nil, rectified: Bool? = nil,
    upsampling: Upsampling = .nearest, guided: Bool = false
  ) {
    (self.weighting, self.upsampling) = (weighting, upsampling)
    self.layer =
      layer
      ?? (weighting == .gradCAM ? ActivationLayer.lastConvolution : ActivationLayer.lastRectifier)
    (self.rectified, self.guided) = (rectified ?? guided, guided)
  }

  /// Guided maps are slopes; a principal component has no sign of its own.
  public var meaning: MapMeaning {
    weighting == .eigenCAM ? .magnitude : guided ? .sensitivity : .relevance
  }
  /// Squares as large as a position of the layer.
  public var isEnlarged: Bool { !guided && upsampling == .nearest }

  /// Why the method cannot explain a network.
  public func obstacle(on network: Network) -> String? { ActivationLayer.obstacle(on: network) }

  /// The layer must have maps.
  public func prepared(for request: AttributionRequest, on network: Network) throws -> Self {
    try request.validate(for: network)
    if let obstacle = obstacle(on: network) { throw AttributionFailure(.usage, obstacle) }
    let name = try ActivationLayer.resolve(layer, in: network)
    let extent = network.nodes.first { $0.name == name }?.outputShape.dropFirst() ?? []
    if guided && upsampling == .none {
      try requireExtent(Array(extent), of: Array(request.images.shape.dropFirst(2)))
    }
    return self
  }

  private func requireExtent(_ extent: [Int], of image: [Int]) throws(AttributionFailure) {
    guard extent == image else {
      throw AttributionFailure(
        .usage,
        "A guided map needs the image's extent \(image), but without upsampling the layer's is "
          + "\(extent); choose nearest or bilinear")
    }
  }

  /// A forward walk, a backward one where the gradient is used, and one for guided backprop.
  public func cost(of request: AttributionRequest, on network: Network) -> AttributionCost {
    AttributionCost(walks: walks * Double(request.count))
  }

  private var walks: Double { 1 + (weighting.usesGradient ? 1 : 0) + (guided ? 1 : 0) }

  /// Computes maps.
  public func attribute(
    _ request: AttributionRequest, on network: ExplainedNetwork, in context: AttributionContext
  ) throws -> Attribution {
    try request.validate(for: network)
    _ = try prepared(for: request, on: network.network)
    let name = try ActivationLayer.resolve(layer, in: network.network)
    let form = network.merged(keeping: name)
    guard let index = form.index(of: name) else {
      throw AttributionFailure(.usage, "Layer \(name) is no node of the network.")
    }
    let groups = request.images.alikeImages(context.algorithm)
    var (maps, guides): ([Tensor], [Tensor]) = ([], [])
    for group in groups {
      try context.forEachPart(
        of: group.places.count, bytesEach: form.bytesPerImage(keeping: .gates), walksEach: walks
      ) { range in
        let places = group.places[range]
        let passes = try LayerPasses(
          images: request.images.rows(at: places), targets: places.map { request.targets[$0] },
          form, layer: index, algorithm: group.algorithm)
        maps.append(
          weighted(passes.activation, by: weighting.usesGradient ? try passes.gradient() : nil))
        if guided { guides.append(try passes.guidedSignal()) }
      }
    }
    let map = upsampling.enlarge(
      Tensor(stacking: maps).inOriginalOrder(groups),
      to: Array(request.images.shape.dropFirst(2)))
    let result =
      guided
      ? product(of: Tensor(stacking: guides).inOriginalOrder(groups), with: map) : map
    return Attribution(maps: result)
  }

  /// The maps of some images.
  private func weighted(_ activation: Tensor, by gradient: Tensor?) -> Tensor {
    let extent = Array(activation.shape.dropFirst(2))
    let plane = extent.reduce(1, *)
    let parts = (0..<activation.rows).map { image in
      let map = weighting.map(
        activation: activation.row(image).elements.map(Double.init),
        gradient: gradient?.row(image).elements.map(Double.init) ?? [], plane: plane)
      return Tensor(shape: [1, 1] + extent, map.map { Float(rectified ? max($0, 0) : $0) })
    }
    return Tensor(stacking: parts)
  }

  /// Multiplies every channel with the map.
  private func product(of signal: Tensor, with map: Tensor) -> Tensor {
    let (channels, plane) = (signal.shape[1], map.rowCount)
    return map.withUnsafeElements { factors in
      Tensor(shape: signal.shape) { target in
        signal.withUnsafeElements { source in
          for index in source.indices {
            let image = index / (channels * plane)
            target[index] = source[index] * factors[image * plane + index % plane]
          }
        }
      }
    }
  }
}

extension ClassActivationMap: BackpropagatingMethod {
  /// That of guided backprop where maps are guided; others end at their layer.
  public func backpropagation(on network: ExplainedNetwork) -> Backpropagation? {
    guided ? GuidedBackprop().backpropagation(on: network) : nil
  }
}
