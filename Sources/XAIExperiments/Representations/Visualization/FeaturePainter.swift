import XAIAttribution
import XAIDatasets
import XAIImages
import XAIRepresentations
import XAITensor

/// A picture and what became of its objective.
struct PaintedFeature {
  let picture: RGBImage
  let objective: VisualizedObjective
  /// What the network reads of it, `[1, C, H, W]`.
  let input: Tensor
}

/// Draws pictures that excite a feature of any network of one architecture.
struct FeaturePainter {
  private let configuration: VisualizationExperiment.Configuration
  private let preprocessing: Preprocessing
  private let normalization: PixelNormalization
  private let fourier: FourierPicture
  private let seed: UInt64
  private let shape: [Int]

  init(
    _ configuration: VisualizationExperiment.Configuration, _ preprocessing: Preprocessing,
    colors: ColorStatistics, seed: UInt64
  ) throws {
    (self.configuration, self.preprocessing, self.seed) = (configuration, preprocessing, seed)
    shape = [3, preprocessing.height, preprocessing.width]
    normalization = PixelNormalization(
      mean: preprocessing.mean.elements.map(Double.init),
      deviation: preprocessing.standardDeviation.elements.map(Double.init))
    fourier = FourierPicture(shape: shape, colors: colors)
  }

  /// A picture of nothing.
  var blank: RGBImage {
    RGBImage(height: shape[1], width: shape[2], repeating: (255, 255, 255))
  }

  /// Draws.
  /// - Parameters:
  ///   - feature: What is excited.
  ///   - objective: The same in this network.
  ///   - number: Which of several pictures: it names starts and transformations.
  ///   - network: The network.
  ///   - step: Takes note of a step; throws where the work is to stop.
  /// - Returns: The picture; nil where nothing changes the feature.
  /// - Throws: What `step` and kernels throw.
  func paint(
    _ feature: VisualizationExperiment.Feature, _ objective: FeatureObjective, _ number: Int,
    on network: ExplainedNetwork,
    step: () throws -> Void
  ) throws -> PaintedFeature? {
    let evaluator = try FeatureEvaluator(objective, of: network)
    switch (configuration.style, feature) {
    case (.simonyan, .target(let index)):
      return try ascended(index, on: network, evaluator, step)
    default: return try drawn(number, evaluator, step)
    }
  }

  private func drawn(
    _ number: Int, _ evaluator: FeatureEvaluator, _ step: () throws -> Void
  ) throws -> PaintedFeature? {
    var method = FeatureVisualization()
    method.steps = configuration.steps
    let start = method.start(of: fourier, number: number, seed: seed)
    let first = FeatureVisualization.input(
      fourier.colors(of: start), shape: shape, normalization)
    let (before, gradient) = try evaluator.valueAndGradient(at: first)
    guard gradient.elements.contains(where: { $0 != 0 }) else { return nil }
    let result = try method.run(
      from: start, fourier, evaluator, normalization,
      transformations: method.transformations(.init(), number: number, seed: seed)
    ) { _, _ in try step() }
    return try painted(result.colors, before: before, number, evaluator)
  }

  private func ascended(
    _ target: Int, on network: ExplainedNetwork, _ evaluator: FeatureEvaluator,
    _ step: () throws -> Void
  ) throws -> PaintedFeature? {
    var method = ClassAscent()
    method.steps = configuration.steps
    let start = Tensor(shape: shape)
    let (before, gradient) = try evaluator.valueAndGradient(at: start.reshaped(to: [1] + shape))
    guard gradient.elements.contains(where: { $0 != 0 }) else { return nil }
    let result = try method.run(target: target, from: start, on: network) { _, _ in try step() }
    let area = shape[1] * shape[2]
    let means = normalization.mean
    let colors = result.image.elements.enumerated().map { index, value in
      let mean = means.count == 3 ? means[index / area] : means[index]
      return Double(value) * normalization.deviation[index / area] + mean
    }
    return try painted(colors, before: before, 0, evaluator)
  }

  private func painted(
    _ colors: [Double], before: Double, _ number: Int, _ evaluator: FeatureEvaluator
  ) throws -> PaintedFeature {
    let input = FeatureVisualization.input(colors, shape: shape, normalization)
    var stream = RandomStream(seed: seed, purpose: "visualization/fresh", number)
    let fresh = (0..<Self.freshCount).map { _ in PictureTransformation.Range().draw(&stream) }
    let values = try FeatureVisualization.values(
      of: colors, shape: shape, evaluator, normalization, under: fresh)
    let shown = picture(colors)
    return PaintedFeature(
      picture: shown,
      objective: VisualizedObjective(
        start: before, end: try evaluator.values(at: input)[0],
        fresh: values.reduce(0, +) / Double(values.count), grain: grain(of: shown)),
      input: input)
  }

  private static let freshCount = 32

  /// Colors as a picture, clipped.
  private func picture(_ colors: [Double]) -> RGBImage {
    let area = shape[1] * shape[2]
    let pixels = (0..<3 * area).map { index in
      UInt8(min(max(colors[index % 3 * area + index / 3] * 255, 0), 255).rounded())
    }
    let picture = RGBImage(height: shape[1], width: shape[2], pixels: pixels)
    return preprocessing.reversesChannels ? picture.reversingChannels : picture
  }

  /// The share of a picture's energy in fine grain.
  func grain(of picture: RGBImage) -> Double? {
    let area = picture.height * picture.width
    let planes = (0..<3 * area).map { Double(picture.pixels[3 * ($0 % area) + $0 / area]) / 255 }
    return SpectralEnergy.share(of: planes, shape: [3, picture.height, picture.width])
  }
}

extension RGBImage {
  /// Red and blue exchanged.
  var reversingChannels: RGBImage {
    var other = self
    for start in stride(from: 0, to: pixels.count, by: 3) { other.pixels.swapAt(start, start + 2) }
    return other
  }
}
