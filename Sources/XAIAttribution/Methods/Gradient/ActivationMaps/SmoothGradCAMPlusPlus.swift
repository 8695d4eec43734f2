import XAIKernels
public import XAINetworks
import XAITensor

/// Grad-CAM++ with derivatives that are means over noisy copies of the image.
///
/// Source: Omeiza et al. 2019, Smooth Grad-CAM++: An Enhanced Inference Level Visualization Technique.
/// `D_p = mean of g^p`, `alpha = D_2 / (2 D_2 + D_3 sum_ab A + 1e-6)`, 0 where D_2 is 0,
/// `w_k = sum_ab alpha max(D_1, 0)`; the map is `sum_k w_k A_k` with A of the image without noise.
///
/// - Note: Deviation: the paper prints D_1 above the fraction, which its dimensions forbid. torch-cam takes gradient
///   and activations of the last noisy copy alone.
public struct SmoothGradCAMPlusPlus: AttributionMethod {
  /// The node whose output is weighted; `last-rectifier` stands for that behind the last convolution.
  public var layer: String
  /// The number of noisy copies; that of the request's noise where it brings its own.
  public var samples: Int
  /// Of the noise, in units of the normalized image.
  public var standardDeviation: Double
  /// Whether negative values of the map become 0.
  public var rectified: Bool
  /// How the map gets the image's extent.
  public var upsampling: Upsampling

  /// Describes the method.
  /// - Parameters:
  ///   - layer: The node whose output is weighted.
  ///   - samples: The number of noisy copies.
  ///   - standardDeviation: Of the noise, in units of the normalized image.
  ///   - rectified: Whether negative values become 0.
  ///   - upsampling: How the map gets the image's extent.
  public init(
    layer: String = "last-rectifier", samples: Int = 50, standardDeviation: Double = 0.3,
    rectified: Bool = false, upsampling: Upsampling = .nearest
  ) {
    (self.layer, self.samples, self.standardDeviation) = (layer, samples, standardDeviation)
    (self.rectified, self.upsampling) = (rectified, upsampling)
  }

  /// Squares as large as a position of the layer.
  public var isEnlarged: Bool { upsampling == .nearest }
  /// It draws noise.
  public var isStochastic: Bool { true }
  /// It adds noise.
  public var takesNoise: Bool { true }
  /// Why the method cannot explain a network.
  public func obstacle(on network: Network) -> String? { ActivationLayer.obstacle(on: network) }

  /// The layer must have maps; as many samples as the request has noise.
  public func prepared(for request: AttributionRequest, on network: Network) throws -> Self {
    try request.validate(for: network)
    if let obstacle = obstacle(on: network) { throw AttributionFailure(.usage, obstacle) }
    _ = try ActivationLayer.resolve(layer, in: network)
    var prepared = self
    prepared.samples =
      try NoisyCopies(of: request, samples: samples, deviation: standardDeviation).samples
    return prepared
  }

  /// A forward and a backward pass for each copy, and one for the image.
  public func cost(of request: AttributionRequest, on network: Network) -> AttributionCost {
    let copies = Double(request.noise?.rows ?? samples)
    return AttributionCost(walks: Double(request.count) * (2 * copies + 1))
  }

  /// Computes maps.
  public func attribute(
    _ request: AttributionRequest, on network: ExplainedNetwork, in context: AttributionContext
  ) throws -> Attribution {
    let maps = try channels(request, on: network, in: context).map {
      $0.picture(rectified: rectified, upsampling, to: Array(request.images.shape.dropFirst(2)))
    }
    return Attribution(maps: Tensor(stacking: maps))
  }

  /// The channels of each image.
  package func channels(
    _ request: AttributionRequest, on network: ExplainedNetwork, in context: AttributionContext
  ) throws -> [WeightedChannels] {
    try request.validate(for: network)
    _ = try prepared(for: request, on: network.network)
    let name = try ActivationLayer.resolve(layer, in: network.network)
    let form = network.merged(keeping: name)
    let index = form.index(of: name) ?? 0
    let copies = try NoisyCopies(of: request, samples: samples, deviation: standardDeviation)
    let algorithm = context.algorithm ?? .fastest
    let size = form.nodes[index].outputShape.reduce(1, *)
    var moments = (0..<request.count).map { _ in GradientMoments(size) }
    try context.forEachPart(
      of: copies.count, bytesEach: form.bytesPerImage(keeping: .gates), walksEach: 2
    ) { range in
      let part = copies.request(range)
      let gradients = try LayerPasses(
        images: part.images, targets: part.targets, form, layer: index, algorithm: algorithm
      ).gradient()
      for (row, pair) in range.enumerated() {
        moments[copies.image(of: pair)].add(gradients.doubles(ofRow: row))
      }
    }
    return try (0..<request.count).map { image in
      if context.isStopped() { throw AttributionStopped() }
      let activation = try network.activation(of: request.images.row(image), at: name, algorithm)
      context.advance(1)
      return WeightedChannels(activation, weights: moments[image].weights(activation))
    }
  }
}

/// Sums of powers of the gradients of an image's copies.
private struct GradientMoments {
  private var first: [Double]
  private var second: [Double]
  private var third: [Double]
  private var count = 0.0

  init(_ size: Int) {
    first = Array(repeating: 0, count: size)
    (second, third) = (first, first)
  }

  mutating func add(_ gradient: [Double]) {
    count += 1
    for index in gradient.indices {
      let value = gradient[index]
      first[index] += value
      second[index] += value * value
      third[index] += value * value * value
    }
  }

  /// One for each channel of the activation `[1, K, h, w]`.
  func weights(_ activation: Tensor) -> [Double] {
    let plane = activation.shape[2] * activation.shape[3]
    let values = activation.elements
    return (0..<activation.shape[1]).map { channel in
      let range = channel * plane..<(channel + 1) * plane
      let sum = values[range].reduce(0.0) { $0 + Double($1) }
      return range.reduce(0.0) { total, index in
        let (d1, d2, d3) = (first[index] / count, second[index] / count, third[index] / count)
        let denominator = 2 * d2 + d3 * sum + 1e-6
        guard d1 > 0, d2 != 0, denominator != 0 else { return total }
        return total + d2 / denominator * d1
      }
    }
  }
}
