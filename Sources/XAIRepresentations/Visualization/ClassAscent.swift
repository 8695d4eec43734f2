public import XAIAttribution
import XAIKernels
import XAINetworks
public import XAITensor

/// The image that a class score likes best: `argmax S_c(I) - decay |I|^2` over normalized images,
/// by plain ascent, never clipped on the way.
///
/// Simonyan et al. 2013.
public struct ClassAscent: Sendable {
  /// lambda.
  public var decay = 0.01
  /// What a gradient is multiplied by.
  public var rate = 1.0
  /// The number of steps.
  public var steps = 200

  /// The defaults.
  public init() {}

  /// An ascent in progress.
  public struct Result: Sendable {
    /// The image, `[C, H, W]`, normalized.
    public let image: Tensor
    /// S_c(I) - decay |I|^2 before each step.
    public let objective: [Double]
  }

  /// Ascends.
  /// - Parameters:
  ///   - target: The class.
  ///   - start: `[C, H, W]`, normalized; zeros are the mean image.
  ///   - network: The network.
  ///   - observe: Receives the number of steps done and the image after them.
  /// - Returns: The last image and the objective on the way.
  /// - Throws: `RepresentationFailure` where there is no such class or a number overflows, or what a kernel throws.
  public func run(
    target: Int, from start: Tensor, on network: ExplainedNetwork,
    observe: (Int, Tensor) throws -> Void = { _, _ in }
  ) throws -> Result {
    let objective = FeatureObjective.logit(target)
    let evaluator = try FeatureEvaluator(objective, of: network)
    var image = start.elements.map(Double.init)
    var values: [Double] = []
    func tensor() -> Tensor { Tensor(shape: start.shape, image.map { Float($0) }) }
    for step in 0..<steps {
      let (value, gradient) = try evaluator.valueAndGradient(
        at: tensor().reshaped(to: [1] + start.shape))
      values.append(value - decay * image.reduce(0) { $0 + $1 * $1 })
      gradient.withUnsafeElements { gradient in
        for index in image.indices {
          image[index] += rate * (Double(gradient[index]) - 2 * decay * image[index])
        }
      }
      try observe(step + 1, tensor())
    }
    return Result(image: tensor(), objective: values)
  }
}
