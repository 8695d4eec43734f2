public import XAITensor

/// An image and others close to it, and what a network says of them: shared by all methods and measures.
///
/// The page's default are 10 neighbors, uniform in five of 255 levels (`EvaluationDraws.neighbor`); the class
/// that is explained is fixed. Sampling gives a **lower bound** of a maximum; more draws raise it.
public struct Neighborhood: Sendable {
  /// The disturbances, `x_d - x`.
  public let disturbances: [[Double]]
  /// The image.
  let image: [Double]
  /// The distance of the logits of each neighbor from those of the image.
  let outputDistances: [Double]
  /// Whether the network names the same class.
  public let keepsClass: [Bool]

  /// Evaluates neighbors.
  /// - Parameters:
  ///   - disturbances: `[C, H, W]` each, what is added to the image; at least one.
  ///   - image: `[C, H, W]`.
  ///   - network: The network.
  /// - Throws: `EvaluationFailure` where shapes differ; what the network throws, or `AttributionStopped`.
  public init(_ disturbances: [Tensor], of image: Tensor, _ network: JudgedNetwork) throws {
    for disturbance in disturbances where disturbance.shape != image.shape {
      throw EvaluationFailure(
        .shape(disturbance.shape, expected: "\(image.shape)"), of: "a disturbance")
    }
    let logits = try network.logits(
      of: [image] + disturbances.map { image.combined(with: $0, +) })
    let classes = logits.map(JudgedNetwork.prediction)
    self.image = image.elements.map(Double.init)
    self.disturbances = disturbances.map { $0.elements.map(Double.init) }
    let first = logits[0].map(Double.init)
    outputDistances = logits.dropFirst().map {
      Norm.of(Norm.difference($0.map(Double.init), first))
    }
    keepsClass = classes.dropFirst().map { $0 == classes[0] }
  }

  /// The share of neighbors that keep the predicted class.
  public var keptShare: Double {
    Double(keepsClass.count { $0 }) / Double(max(keepsClass.count, 1))
  }
}

/// Lengths of vectors.
enum Norm {
  /// The Euclidean norm.
  static func of(_ values: some Sequence<Double>) -> Double {
    values.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }

  /// Element by element.
  static func difference(_ left: [Double], _ right: [Double]) -> [Double] {
    zip(left, right).map(-)
  }
}
