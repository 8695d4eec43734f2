/// What was measured in one epoch: a row of `metrics.csv`.
public struct EpochMetrics: Codable, Sendable, Equatable {
  /// The epoch's number, from 1 as people count.
  public var epoch: Int
  /// The learning rate of the epoch's last step.
  public var learningRate: Double
  /// Mean cross-entropy over the training images, as they were seen in training.
  public var trainLoss: Double
  /// Fraction of the training images whose class came first.
  public var trainTop1: Double
  /// Mean cross-entropy over the validation split after the epoch; nil where not all of its images were looked at,
  /// or not in the network's own size.
  public var validationLoss: Double?
  /// Fraction of the validation images that were looked at whose class came first.
  public var validationTop1: Double
  /// Fraction of these images whose class was among the first five.
  public var validationTop5: Double
  /// Training images per second, validation not counted.
  public var imagesPerSecond: Double
  /// Seconds of the whole epoch, validation included.
  public var seconds: Double
  /// Rows of the images that were trained and validated on; nil in logs from before images could be resized.
  public var imageSize: Int?
  /// Validation images that were looked at; nil in logs from before it could be a part.
  public var validationImages: Int?

  /// The metrics of an epoch.
  /// - Parameters:
  ///   - epoch: The epoch's number, from 1.
  ///   - learningRate: The learning rate of its last step.
  ///   - trainLoss: Mean cross-entropy in training.
  ///   - trainTop1: Top-1 fraction in training.
  ///   - validationLoss: Mean cross-entropy in validation.
  ///   - validationTop1: Top-1 fraction in validation.
  ///   - validationTop5: Top-5 fraction in validation.
  ///   - imagesPerSecond: Training images per second.
  ///   - seconds: Seconds of the whole epoch.
  ///   - imageSize: Rows of the images.
  ///   - validationImages: Validation images that were looked at.
  public init(
    epoch: Int, learningRate: Double, trainLoss: Double, trainTop1: Double,
    validationLoss: Double?, validationTop1: Double, validationTop5: Double,
    imagesPerSecond: Double, seconds: Double, imageSize: Int? = nil, validationImages: Int? = nil
  ) {
    self.epoch = epoch
    self.learningRate = learningRate
    self.trainLoss = trainLoss
    self.trainTop1 = trainTop1
    self.validationLoss = validationLoss
    self.validationTop1 = validationTop1
    self.validationTop5 = validationTop5
    self.imagesPerSecond = imagesPerSecond
    self.seconds = seconds
    self.imageSize = imageSize
    self.validationImages = validationImages
  }

  /// The names of the columns, which are also the keys in JSON.
  enum CodingKeys: String, CodingKey, CaseIterable {
    case epoch
    case learningRate = "learning_rate"
    case trainLoss = "train_loss"
    case trainTop1 = "train_top1"
    case validationLoss = "validation_loss"
    case validationTop1 = "validation_top1"
    case validationTop5 = "validation_top5"
    case imagesPerSecond = "images_per_second"
    case seconds
    case imageSize = "image_size"
    case validationImages = "validation_images"
  }

  /// A column of `metrics.csv` behind the epoch's number.
  struct Column: Sendable {
    let key: CodingKeys
    /// The column's number; nil where the cell is empty.
    let read: @Sendable (EpochMetrics) -> Double?
    /// Sets it, or empties the cell with nil, and says whether the column can hold that.
    let write: @Sendable (inout EpochMetrics, Double?) -> Bool

    init(
      _ key: CodingKeys, _ path: any WritableKeyPath<EpochMetrics, Double> & Sendable
    ) {
      self.key = key
      read = { $0[keyPath: path] }
      write = { metrics, number in
        if let number { metrics[keyPath: path] = number }
        return number != nil
      }
    }

    init(_ key: CodingKeys, _ path: any WritableKeyPath<EpochMetrics, Double?> & Sendable) {
      self.key = key
      read = { $0[keyPath: path] }
      write = { metrics, number in
        metrics[keyPath: path] = number
        return true
      }
    }

    init(_ key: CodingKeys, count path: any WritableKeyPath<EpochMetrics, Int?> & Sendable) {
      self.key = key
      read = { $0[keyPath: path].map(Double.init) }
      write = { metrics, number in
        let count = number.flatMap(Int.init(exactly:))
        metrics[keyPath: path] = count
        return number == nil || count != nil
      }
    }

    /// The cell's text, with the shortest number that reads back to the same.
    func text(_ metrics: EpochMetrics) -> String {
      guard let number = read(metrics) else { return "" }
      return Self.counts.contains(key) ? "\(Int(number))" : "\(number)"
    }

    private static let counts: Set<CodingKeys> = [.imageSize, .validationImages]
  }

  /// The columns behind the epoch's number, in order.
  static let columns: [Column] = [
    Column(.learningRate, \.learningRate), Column(.trainLoss, \.trainLoss),
    Column(.trainTop1, \.trainTop1), Column(.validationLoss, \.validationLoss),
    Column(.validationTop1, \.validationTop1), Column(.validationTop5, \.validationTop5),
    Column(.imagesPerSecond, \.imagesPerSecond), Column(.seconds, \.seconds),
    Column(.imageSize, count: \.imageSize), Column(.validationImages, count: \.validationImages),
  ]
}
