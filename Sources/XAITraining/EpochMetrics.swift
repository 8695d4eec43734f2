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
  /// Mean cross-entropy over the validation split after the epoch.
  public var validationLoss: Double
  /// Fraction of the validation images whose class came first.
  public var validationTop1: Double
  /// Fraction of the validation images whose class was among the first five.
  public var validationTop5: Double
  /// Training images per second, validation not counted.
  public var imagesPerSecond: Double
  /// Seconds of the whole epoch, validation included.
  public var seconds: Double

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
  public init(
    epoch: Int, learningRate: Double, trainLoss: Double, trainTop1: Double,
    validationLoss: Double, validationTop1: Double, validationTop5: Double,
    imagesPerSecond: Double, seconds: Double
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
  }

  /// Where the number of each column lies, in the columns' order, the epoch left out.
  static let numbers:
    [(key: CodingKeys, path: any WritableKeyPath<EpochMetrics, Double> & Sendable)] =
      [
        (.learningRate, \.learningRate), (.trainLoss, \.trainLoss), (.trainTop1, \.trainTop1),
        (.validationLoss, \.validationLoss), (.validationTop1, \.validationTop1),
        (.validationTop5, \.validationTop5), (.imagesPerSecond, \.imagesPerSecond),
        (.seconds, \.seconds),
      ]
}
