/// Whether a network is right as often as it claims.
///
/// Expected calibration error over bins of equal width (Guo et al. 2017, equation 3; Naeini et
/// al. 2015).
public struct Calibration: Sendable, Equatable {
  /// The images whose confidence lies in (lower, upper]; the first bin also has 0.
  public struct Bin: Sendable, Equatable {
    /// Where the bin starts.
    public let lower: Double
    /// Where the bin ends.
    public let upper: Double
    /// Images in it.
    public fileprivate(set) var images = 0
    /// Images in it that were predicted rightly.
    public fileprivate(set) var hits = 0
    fileprivate var confidenceSum = 0.0

    /// The fraction of its images that were predicted rightly; NaN without images.
    public var accuracy: Double { Double(hits) / Double(images) }
    /// The mean probability of the predicted class; NaN without images.
    public var confidence: Double { confidenceSum / Double(images) }
  }

  /// The reliability table, lowest confidence first.
  public private(set) var bins: [Bin]

  /// A table without images.
  /// - Parameter bins: How many bins, 15 as in Guo et al.
  public init(bins: Int = 15) {
    precondition(bins > 0, "\(bins) bins")
    self.bins = (0..<bins).map {
      Bin(lower: Double($0) / Double(bins), upper: Double($0 + 1) / Double(bins))
    }
  }

  /// Adds an image.
  /// - Parameters:
  ///   - confidence: The probability of the predicted class, in [0, 1].
  ///   - isHit: Whether that class is the true one.
  public mutating func record(confidence: Double, isHit: Bool) {
    precondition(confidence >= 0 && confidence <= 1 + 1e-9, "confidence \(confidence)")
    let bin = Int((confidence * Double(bins.count)).rounded(.up)) - 1
    let index = min(max(bin, 0), bins.count - 1)
    bins[index].images += 1
    bins[index].confidenceSum += confidence
    if isHit { bins[index].hits += 1 }
  }

  /// The mean distance between accuracy and confidence, bins weighted by their images; NaN
  /// without images.
  public var expectedError: Double {
    let images = bins.reduce(0) { $0 + $1.images }
    return bins.reduce(0) { $0 + (Double($1.hits) - $1.confidenceSum).magnitude }
      / Double(images)
  }

  /// The greatest such distance over the bins with images; NaN without images.
  public var maximumError: Double {
    bins.lazy.filter { $0.images > 0 }.map { ($0.accuracy - $0.confidence).magnitude }.max()
      ?? .nan
  }
}
