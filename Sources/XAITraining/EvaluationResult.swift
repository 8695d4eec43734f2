import XAIFiles
public import XAIDatasets
import XAITensor

/// The numbers of an evaluation that matter most.
public struct EvaluationResult: Encodable, Sendable {
  package struct ConfusedPair: Encodable, Sendable {
    package let label: String
    package let labelID: String
    package let predicted: String
    package let predictedID: String
    package let images: Int
    package let fraction: Double

    enum CodingKeys: String, CodingKey {
      case label, predicted, images, fraction
      case labelID = "label_id"
      case predictedID = "predicted_id"
    }
  }

  package let checkpoint: String
  package let data: String
  package let split: String
  package let images: Int
  package let top1: Double
  package let top5: Double
  package let loss: Double
  package let calibrationError: Double
  package let mostConfused: [ConfusedPair]
  package let seconds: Double
  package let imagesPerSecond: Double

  enum CodingKeys: String, CodingKey {
    case checkpoint, data, split, images, top1, top5, loss
    case calibrationError = "calibration_error"
    case mostConfused = "most_confused"
    case seconds
    case imagesPerSecond = "images_per_second"
  }

  /// Takes the numbers of a report.
  /// - Parameters:
  ///   - checkpoint: The checkpoint's file.
  ///   - data: The name of the data.
  ///   - split: Which of their images.
  ///   - report: The report.
  ///   - seconds: What it took.
  public init(
    checkpoint: String, data: String, split: Split, report: ClassificationReport, seconds: Double
  ) {
    self.checkpoint = checkpoint
    self.data = data
    self.split = split.rawValue
    images = report.tally.images
    top1 = report.tally.top1
    top5 = report.tally.top5
    loss = report.tally.loss
    calibrationError = report.calibration.expectedError
    mostConfused = report.confusion.mostConfused(limit: 5).map {
      ConfusedPair(
        label: report.classes[$0.label].name, labelID: report.classes[$0.label].id,
        predicted: report.classes[$0.predicted].name,
        predictedID: report.classes[$0.predicted].id, images: $0.images, fraction: $0.fraction)
    }
    self.seconds = seconds
    imagesPerSecond = Double(images) / seconds
  }

  /// The record as one JSON object.
  /// - Throws: `FileFailure` where a number is not finite.
  public var json: String {
    get throws(FileFailure) { String(try JSONText.encode(self).dropLast()) }
  }
}
