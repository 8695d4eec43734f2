import XAIAttribution
public import XAITensor

/// A picture that excites a feature: a spectrum with decorrelated colors, ascended by Adam under
/// random transformations.
///
/// Olah et al. 2017.
///
/// How sure a network is of such a picture is no evidence that a person recognizes anything in it.
public struct FeatureVisualization: Sendable {
  /// The number of steps.
  public var steps = 256
  /// Adam's step size.
  public var rate = 0.05
  /// What the total variation is multiplied by and subtracted.
  public var smoothness = 250.0
  /// The power of the spectrum's fall.
  public var decay = 1.0
  /// The standard deviation of the start.
  public var startDeviation = 0.01

  /// The defaults.
  public init() {}

  /// A picture, and what was objective on the way.
  public struct Result: Sendable {
    /// z, in the shape of the picture's parameters.
    public let parameters: [Double]
    /// Colors `[C, H, W]`, 0 to 1.
    public let colors: [Double]
    /// The objective before each step, under its transformation, without the total variation.
    public let objective: [Double]
  }

  /// A random start.
  /// - Parameters:
  ///   - picture: What is started.
  ///   - number: Which of several pictures.
  ///   - seed: The run's seed.
  /// - Returns: z.
  public func start(of picture: FourierPicture, number: Int, seed: UInt64) -> [Double] {
    var stream = RandomStream(seed: seed, purpose: "visualization/start", number)
    return (0..<picture.parameterCount).map { _ in startDeviation * stream.normal() }
  }

  /// The transformations of a picture's steps.
  /// - Parameters:
  ///   - range: How far they go.
  ///   - number: Which of several pictures.
  ///   - seed: The run's seed.
  /// - Returns: One for each step.
  public func transformations(
    _ range: PictureTransformation.Range, number: Int, seed: UInt64
  ) -> [PictureTransformation] {
    var stream = RandomStream(seed: seed, purpose: "visualization/transformations", number)
    return (0..<steps).map { _ in range.draw(&stream) }
  }

  /// Ascends.
  /// - Parameters:
  ///   - start: z.
  ///   - picture: What z means.
  ///   - evaluator: The objective.
  ///   - normalization: Of the network.
  ///   - transformations: One for each step; the number of steps is theirs.
  ///   - observe: Receives the number of steps done, and the colors after them.
  /// - Returns: The picture.
  /// - Throws: Where numbers overflow, or what a kernel throws.
  public func run(
    from start: [Double], _ picture: FourierPicture, _ evaluator: FeatureEvaluator,
    _ normalization: PixelNormalization, transformations: [PictureTransformation],
    observe: (Int, [Double]) throws -> Void = { _, _ in }
  ) throws -> Result {
    var (parameters, values) = (start, [Double]())
    var adam = Adam(count: start.count, rate: rate)
    for (step, transformation) in transformations.enumerated() {
      let (value, gradient) = try self.gradient(
        at: parameters, picture, evaluator, normalization, transformation)
      values.append(value)
      adam.ascend(&parameters, gradient)
      try observe(step + 1, picture.colors(of: parameters))
    }
    return Result(
      parameters: parameters, colors: picture.colors(of: parameters), objective: values)
  }

  /// The objective under a transformation, and its gradient by z less that of the total variation.
  /// - Parameters:
  ///   - parameters: z.
  ///   - picture: What z means.
  ///   - evaluator: The objective.
  ///   - normalization: Of the network.
  ///   - transformation: What the picture undergoes.
  /// - Returns: The objective, without the total variation; the gradient in the shape of z.
  /// - Throws: Where numbers overflow, or what a kernel throws.
  public func gradient(
    at parameters: [Double], _ picture: FourierPicture, _ evaluator: FeatureEvaluator,
    _ normalization: PixelNormalization, _ transformation: PictureTransformation
  ) throws -> (value: Double, gradient: [Double]) {
    let colors = picture.colors(of: parameters)
    let extent = Array(picture.shape.dropFirst())
    let input = Self.input(
      transformation.apply(colors, extent: extent), shape: picture.shape, normalization)
    let (value, signal) = try evaluator.valueAndGradient(at: input)
    let area = extent[0] * extent[1]
    let scaled = signal.elements.enumerated().map { index, element in
      Double(element) / normalization.deviation[index / area]
    }
    var byColor = transformation.transposed(scaled, extent: extent)
    if smoothness > 0 {
      let variation = TotalVariation.valueAndGradient(colors, shape: picture.shape).gradient
      for index in byColor.indices { byColor[index] -= smoothness * variation[index] }
    }
    return (value, picture.gradient(byColor, colors: colors))
  }

  /// The objective of a picture under transformations that it was not made for: a picture that only works untransformed
  /// is an adversarial pattern.
  ///
  /// - Parameters:
  ///   - colors: `[C, H, W]`, 0 to 1.
  ///   - shape: C, H and W.
  ///   - evaluator: The objective.
  ///   - normalization: Of the network.
  ///   - transformations: Fresh ones.
  /// - Returns: One value for each transformation.
  /// - Throws: Where numbers overflow, or what a kernel throws.
  public static func values(
    of colors: [Double], shape: [Int], _ evaluator: FeatureEvaluator,
    _ normalization: PixelNormalization, under transformations: [PictureTransformation]
  ) throws -> [Double] {
    guard !transformations.isEmpty else { return [] }
    let extent = Array(shape.dropFirst())
    return try evaluator.values(
      at: Tensor(
        stacking: transformations.map {
          input($0.apply(colors, extent: extent), shape: shape, normalization)
        }))
  }

  /// What a network reads of colors.
  /// - Parameters:
  ///   - colors: `[C, H, W]`, 0 to 1.
  ///   - shape: C, H and W.
  ///   - normalization: Of the network.
  /// - Returns: `[1, C, H, W]`.
  public static func input(
    _ colors: [Double], shape: [Int], _ normalization: PixelNormalization
  ) -> Tensor {
    let area = shape[1] * shape[2]
    return Tensor(
      shape: [1] + shape,
      colors.indices.map { index in
        let channel = index / area
        return Float(
          (colors[index] - normalization.mean(channel, index % area, area))
            / normalization.deviation[channel])
      })
  }
}
