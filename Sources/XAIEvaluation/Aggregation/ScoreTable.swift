/// Scores of methods on images by measures, some of them undefined.
public struct ScoreTable: Sendable, Equatable {
  /// The number of methods.
  public let methods: Int
  /// The number of images.
  public let images: Int
  /// Whether higher is better, for each measure.
  public let higherIsBetter: [Bool]
  /// How scores of images become one, for each measure.
  public let statistics: [ScoreStatistic]
  private let scores: [Double?]

  /// Takes scores.
  /// - Parameters:
  ///   - scores: `[methods, images, measures]`, row-major; `nil` where undefined.
  ///   - methods: The number of methods.
  ///   - images: The number of images.
  ///   - higherIsBetter: One for each measure.
  ///   - statistics: One for each measure; `nil` is the mean for all.
  public init(
    _ scores: [Double?], methods: Int, images: Int, higherIsBetter: [Bool],
    statistics: [ScoreStatistic]? = nil
  ) {
    precondition(
      scores.count == methods * images * higherIsBetter.count,
      "\(scores.count) scores of \(methods) methods, \(images) images, \(higherIsBetter.count) measures"
    )
    self.scores = scores
    self.statistics = statistics ?? higherIsBetter.map { _ in .mean }
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

  /// The mean or median over the images on which a score is defined, with its 95 % interval.
  /// - Parameters:
  ///   - method: The method.
  ///   - measure: The measure.
  /// - Returns: The center; `nil` where no image has a score.
  public func center(_ method: Int, _ measure: Int) -> CentralScore? {
    CentralScore(defined(method, measure), by: statistics[measure])
  }

  /// The **paired** gain over a control, with its 95 % interval: the number that says whether a method does
  /// anything.
  /// - Parameters:
  ///   - method: The method.
  ///   - control: The control, such as random maps.
  ///   - measure: The measure.
  /// - Returns: The mean or median of the differences, positive is better; `nil` where no image has both scores.
  public func gain(_ method: Int, over control: Int, _ measure: Int) -> CentralScore? {
    CentralScore(
      defined(method, measure).compactMap { image, score in
        self[control, image, measure].map { (image, turned(score - $0, measure)) }
      }, by: statistics[measure])
  }

  /// The same without scores that stand on too few images: a method whose score is defined on fewer than half as many
  /// images as that of the method with most is left out of the measure.
  ///
  /// A mean over few of the images is about other images than those of its neighbors.
  public var settled: ScoreTable {
    let counts = (0..<measures).map { measure in (0..<methods).map { count($0, measure) } }
    var kept = scores
    for (measure, counts) in counts.enumerated() {
      let most = counts.max() ?? 0
      for method in 0..<methods where 2 * counts[method] < most {
        for image in 0..<images { kept[(method * images + image) * measures + measure] = nil }
      }
    }
    return ScoreTable(
      kept, methods: methods, images: images, higherIsBetter: higherIsBetter,
      statistics: statistics)
  }

  /// Some of the methods.
  /// - Parameter rows: The positions of methods, in the order that is wanted.
  /// - Returns: The table of these.
  public func methods(at rows: [Int]) -> ScoreTable {
    let size = images * measures
    return ScoreTable(
      rows.flatMap { scores[$0 * size..<($0 + 1) * size] }, methods: rows.count, images: images,
      higherIsBetter: higherIsBetter, statistics: statistics)
  }
}
