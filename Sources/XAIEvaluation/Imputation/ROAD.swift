/// Remove and debias: pixels are imputed from their neighbors, so that the shape of what is gone tells the
/// network nothing.
///
/// Source: Rong et al. 2022.
///
/// The score is the mean over shares of `(lerf - morf) / 2`: in [-1/2, 1/2] for the probability, higher is
/// better, 0 is the expectation of a random order. It is pytorch-grad-cam's ROADCombined, but by rank.
/// - Note: Deviation: pytorch-grad-cam removes all pixels above a percentile, so that ties go as a block and a
///   constant map loses everything; Quantus compares predictions with given labels, and fails on images of
///   three channels.
public struct ROAD: Sendable, Equatable {
  /// The shares of the pixels that go.
  public var shares: [Double]

  /// Chooses shares.
  /// - Parameter shares: In [0, 1]; 0.1, 0.2, ..., 0.9 by default.
  public init(shares: [Double] = (1...9).map { Double($0) / 10 }) { self.shares = shares }

  /// The pixels that go at each share: `floor(share P)` of them.
  /// - Parameter order: Pixels, the first one goes first.
  /// - Returns: One set for each share.
  public func masks(_ order: PixelOrder) -> [PixelMask] {
    shares.map {
      PixelMask(order.pixels.prefix($0, of: order.pixels.count), count: order.pixels.count)
    }
  }

  /// The removals of both directions.
  /// - Parameter order: Pixels, most relevant first.
  /// - Returns: One set for each share, most relevant first; then least relevant first.
  public func removals(_ order: PixelOrder) -> [PixelMask] { masks(order) + masks(order.reversed) }

  /// What the network says at each share.
  /// - Parameters:
  ///   - order: Pixels, most relevant first.
  ///   - removal: The image, filled by `ImputationFill` with noise.
  /// - Returns: The curves.
  /// - Throws: What the network throws, or `AttributionStopped`.
  public func curves(_ order: PixelOrder, _ removal: RemovalEvaluator) throws -> ROADCurves {
    let masks = removals(order)
    let (values, predictions) = (
      try removal.values(without: masks), try removal.predictions(without: masks)
    )
    let count = shares.count
    return ROADCurves(
      morf: Array(values[..<count]), lerf: Array(values[count...]),
      morfPredictions: Array(predictions[..<count]), lerfPredictions: Array(predictions[count...]))
  }
}

/// What a network says while pixels are imputed.
public struct ROADCurves: Sendable, Equatable {
  /// At each share, most relevant first.
  public var morf: [TargetValue]
  /// At each share, least relevant first.
  public var lerf: [TargetValue]
  /// The class that the network names, most relevant first.
  public var morfPredictions: [Int]
  /// The class that the network names, least relevant first.
  public var lerfPredictions: [Int]

  /// Half the mean of `lerf - morf`; higher is better.
  /// - Parameter quantity: Logit or probability.
  /// - Returns: The score; `nil` where there is no share.
  public func score(_ quantity: TargetQuantity) -> Double? {
    guard !morf.isEmpty else { return nil }
    let sum = zip(lerf, morf).reduce(0) { $0 + ($1.0[quantity] - $1.1[quantity]) }
    return sum / Double(morf.count) / 2
  }
}

extension Array where Element == Int {
  /// The first `floor(share count)` pixels.
  func prefix(_ share: Double, of count: Int) -> ArraySlice<Int> {
    prefix(Swift.min(count, Swift.max(0, Int((share * Double(count)).rounded(.down)))))
  }
}
