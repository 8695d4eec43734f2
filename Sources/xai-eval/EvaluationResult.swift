import XAIFiles
import XAICommandLine
import XAIDatasets
import XAITensor
import XAITraining

/// What `xai-eval` prints.
struct EvaluationResult: Encodable {
  struct ConfusedPair: Encodable {
    let label: String
    let labelID: String
    let predicted: String
    let predictedID: String
    let images: Int
    let fraction: Double

    enum CodingKeys: String, CodingKey {
      case label, predicted, images, fraction
      case labelID = "label_id"
      case predictedID = "predicted_id"
    }
  }

  let checkpoint: String
  let data: String
  let split: String
  let images: Int
  let top1: Double
  let top5: Double
  let loss: Double
  let calibrationError: Double
  let mostConfused: [ConfusedPair]
  let seconds: Double
  let imagesPerSecond: Double

  enum CodingKeys: String, CodingKey {
    case checkpoint, data, split, images, top1, top5, loss
    case calibrationError = "calibration_error"
    case mostConfused = "most_confused"
    case seconds
    case imagesPerSecond = "images_per_second"
  }

  init(
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

  var json: String {
    get throws { String(try JSONText.encode(self).dropLast()) }
  }

  var lines: [String] {
    var lines = [
      "\(checkpoint) on \(data), \(split): \(Format.count(images)) images",
      "top-1 \(Format.percent(top1, digits: 2)), top-5 \(Format.percent(top5, digits: 2)), loss "
        + "\(Format.fixed(loss, digits: 4)), calibration error (ECE) "
        + Format.percent(calibrationError, digits: 2),
    ]
    if !mostConfused.isEmpty {
      lines.append("most confused:")
      lines += mostConfused.map {
        "  \($0.label) taken for \($0.predicted): \($0.images) times, "
          + Format.percent($0.fraction)
      }
    }
    lines.append(
      "\(Format.fixed(imagesPerSecond, digits: 1)) images/s, \(Format.duration(seconds))")
    return lines
  }
}
