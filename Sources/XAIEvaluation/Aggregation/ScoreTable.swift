import XAIMetrics

/// Scores of methods on images by measures, some of them undefined.
public struct ScoreTable: Sendable, Equatable {
  /// The number of methods.
  public let methods: Int
  /// The number of images.
  public let images: Int
  /// Whether higher is better, for each measure.
  public let higherIsBetter: [Bool]
  private let scores: [Double?]

  /// Takes scores.
  /// - Parameters:
  ///   - scores: `[methods, images, measures]`, row-major; `nil` where undefined.
  ///   - methods: The number of methods.
  ///   - images: The number of images.
  ///   - higherIsBetter: One for each measure.
  public init(_ scores: [Double?], methods: Int, images: Int, higherIsBetter: [Bool]) {
    precondition(
      scores.count == methods * images * higherIsBetter.count,
      "\(scores.count) scores of \(methods) methods, \(images) images, \(higherIsBetter.count) measures"
    )
    self.scores = scores
    (self.methods, self.images, self.higherIsBetter) = (methods, images, higherIsBetter)
  }

  /// The number of measures.
  public var measures: Int { higherIsBetter.count }

  /// One score.
  /// - Parameters:
  ///   - method: The method.
  ///   - image: The image.
  ///   - measure: The measure.
  public subscript(method: Int, image: Int, measure: Int) -> Double? {
    scores[(method * images + image) * measures + measure]
  }

  /// A number turned so that higher is better.
  func turned(_ value: Double, _ measure: Int) -> Double {
    higherIsBetter[measure] ? value : -value
  }

  /// The scores of a method that are defined.
  func defined(_ method: Int, _ measure: Int) -> [(image: Int, score: Double)] {
    (0..<images).compactMap { image in
      self[method, image, measure].map { (image: image, score: $0) }
    }
  }

  /// On how many images a score is defined.
  /// - Parameters:
  ///   - method: The method.
  ///   - measure: The measure.
  /// - Returns: The number.
  public func count(_ method: Int, _ measure: Int) -> Int {
    (0..<images).count { self[method, $0, measure] != nil }
  }

  /// The mean over the images on which a score is defined, with its 95 % interval.
  /// - Parameters:
  ///   - method: The method.
  ///   - measure: The measure.
  /// - Returns: The mean; `nil` where no image has a score.
  public func mean(_ method: Int, _ measure: Int) -> MeanScore? {
    MeanScore(defined(method, measure))
  }

  /// The mean **paired** gain over a control, with its 95 % interval: the number that says whether a method
  /// does anything.
  /// - Parameters:
  ///   - method: The method.
  ///   - control: The control, such as random maps.
  ///   - measure: The measure.
  /// - Returns: The gain, positive is better; `nil` where no image has both scores.
  public func gain(_ method: Int, over control: Int, _ measure: Int) -> MeanScore? {
    MeanScore(
      defined(method, measure).compactMap { image, score in
        self[control, image, measure].map { (image, turned(score - $0, measure)) }
      })
  }
}

/// A mean over images, with the interval that other images would give.
public struct MeanScore: Sendable, Equatable {
  /// On how many images it stands.
  public let count: Int
  /// The mean.
  public let mean: Double
  /// The ends of the 95 % interval by Student's t; `nil` where there is one image alone.
  public let interval: ClosedRange<Double>?

  /// Summarizes scores of images.
  init?(_ scores: [(image: Int, score: Double)], confidence: Double = 0.95) {
    guard !scores.isEmpty else { return nil }
    let mean = CrossedMean(
      scores.map { CrossedMean.Value(image: $0.image, draw: 0, value: $0.score) },
      confidence: confidence, scale: -.infinity...(.infinity))
    (count, self.mean) = (mean.count, mean.mean)
    interval = scores.count > 1 ? mean.lower...mean.upper : nil
  }

  /// Whether the interval holds 0: a gain that may be none.
  public var mayBeZero: Bool { interval?.contains(0) ?? true }
}
