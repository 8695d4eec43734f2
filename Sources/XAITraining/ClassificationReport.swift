public import XAIDatasets
public import XAITensor

/// Everything `xai-eval` tells about a network on labelled images.
public struct ClassificationReport: Sendable {
  /// How a network did on one class.
  public struct ClassResult: Sendable, Equatable {
    /// The class.
    public let label: ClassLabel
    /// Its images.
    public let images: Int
    /// Its images that were predicted rightly.
    public let hits: Int
    /// Its images whose class was among the first five.
    public let hitsInFive: Int
    /// Images of any class that were predicted as this one.
    public let predictions: Int

    /// The fraction of its images that were predicted rightly; NaN without images.
    public var top1: Double { Double(hits) / Double(images) }
    /// The fraction of its images whose class was among the first five; NaN without images.
    public var top5: Double { Double(hitsInFive) / Double(images) }
    /// The fraction of its predictions that were right; NaN without predictions.
    public var precision: Double { Double(hits) / Double(predictions) }
  }

  /// What the network said of one image.
  public struct Prediction: Sendable, Equatable {
    /// The image's name.
    public let name: String
    /// The true class.
    public let label: Int
    /// The five likeliest classes and the loss.
    public let ranking: ClassRanking
  }

  /// The classes; labels are indices into them.
  public let classes: [ClassLabel]
  /// Counts and loss over all images.
  public private(set) var tally = ClassificationTally()
  /// How often images of one class were taken for another.
  ///
  /// Images whose logits hold a NaN are in no column.
  public private(set) var confusion: ConfusionMatrix
  /// Whether the network is right as often as it claims.
  public private(set) var calibration: Calibration
  /// One entry per image, in the order of recording.
  public private(set) var predictions: [Prediction] = []
  private var perClass: [ClassificationTally]

  /// A report on no images.
  /// - Parameters:
  ///   - classes: The classes; labels are indices into them.
  ///   - calibrationBins: Bins of the reliability table.
  public init(classes: [ClassLabel], calibrationBins: Int = 15) {
    self.classes = classes
    confusion = ConfusionMatrix(classes: classes.count)
    calibration = Calibration(bins: calibrationBins)
    perClass = classes.map { _ in ClassificationTally() }
  }

  /// Adds a batch.
  /// - Parameters:
  ///   - logits: `[N, classes]`, before softmax. Rows beyond the labels are ignored.
  ///   - labels: The true classes, at most N.
  ///   - names: The images' names, one for each label.
  public mutating func record(logits: Tensor, labels: [Int], names: [String]) {
    precondition(names.count == labels.count, "\(names.count) names, \(labels.count) labels")
    precondition(
      logits.shape.last == classes.count, "logits \(logits.shape), \(classes.count) classes")
    eachRanking(logits: logits, labels: labels) { row, ranking in
      record(Prediction(name: names[row], label: labels[row], ranking: ranking))
    }
  }

  private mutating func record(_ prediction: Prediction) {
    let (label, ranking) = (prediction.label, prediction.ranking)
    predictions.append(prediction)
    tally.record(ranking, label: label)
    perClass[label].record(ranking, label: label)
    if let predicted = ranking.predicted {
      confusion[label, predicted] += 1
      calibration.record(confidence: ranking.confidence, isHit: predicted == label)
    }
  }

  /// How the network did on each class, in the classes' order.
  public var classResults: [ClassResult] {
    classes.indices.map { index in
      ClassResult(
        label: classes[index], images: perClass[index].images, hits: perClass[index].hits,
        hitsInFive: perClass[index].hitsInFive, predictions: confusion.predictions(of: index))
    }
  }
}
