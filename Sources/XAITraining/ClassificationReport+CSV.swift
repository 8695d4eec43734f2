import XAIDatasets
import XAIFiles
import XAITensor

extension ClassificationReport {
  /// Writes one row per class: images, hits, accuracy and precision.
  /// - Parameter path: The file, which is replaced.
  /// - Throws: `TrainingFailure` when it cannot be written.
  public func writePerClass(to path: String) throws(TrainingFailure) {
    try Self.write(perClassCSV, to: path)
  }

  /// Writes the confusion matrix: a row per true class, a column per predicted class.
  /// - Parameter path: The file, which is replaced.
  /// - Throws: `TrainingFailure` when it cannot be written.
  public func writeConfusion(to path: String) throws(TrainingFailure) {
    try Self.write(confusionCSV, to: path)
  }

  /// Writes one row per image: true and predicted class, confidence, loss, the first five.
  /// - Parameter path: The file, which is replaced.
  /// - Throws: `TrainingFailure` when it cannot be written.
  public func writePredictions(to path: String) throws(TrainingFailure) {
    try Self.write(predictionsCSV, to: path)
  }

  /// The text that `writePerClass` writes; fractions without images are empty.
  package var perClassCSV: String {
    var text = CSV.row([
      "class", "name", "images", "correct", "top1", "top5", "predictions", "precision",
    ])
    for result in classResults {
      text += CSV.row([
        CSV.field(result.label.id), CSV.field(result.label.name), "\(result.images)",
        "\(result.hits)", Self.field(result.top1), Self.field(result.top5),
        "\(result.predictions)", Self.field(result.precision),
      ])
    }
    return text
  }

  /// The text that `writeConfusion` writes.
  package var confusionCSV: String {
    var text = CSV.row(["true\\predicted"] + classes.map { CSV.field($0.id) })
    for (index, label) in classes.enumerated() {
      text += CSV.row([CSV.field(label.id)] + confusion.row(index).map { "\($0)" })
    }
    return text
  }

  /// The text that `writePredictions` writes.
  ///
  /// `top5` and `top5_probabilities` hold as many
  /// entries, separated by spaces and best first.
  package var predictionsCSV: String {
    var text = CSV.row([
      "image", "true", "true_name", "predicted", "predicted_name", "correct", "confidence", "loss",
      "top5", "top5_probabilities",
    ])
    for prediction in predictions {
      let ranking = prediction.ranking
      let predicted = ranking.predicted.map { classes[$0] }
      text += CSV.row([
        CSV.field(prediction.name), CSV.field(classes[prediction.label].id),
        CSV.field(classes[prediction.label].name), CSV.field(predicted?.id ?? ""),
        CSV.field(predicted?.name ?? ""), ranking.predicted == prediction.label ? "1" : "0",
        Self.field(ranking.confidence), Self.field(ranking.loss),
        CSV.field(ranking.classes.map { classes[$0].id }.joined(separator: " ")),
        ranking.probabilities.map { fixedPoint($0, digits: 6) }.joined(separator: " "),
      ])
    }
    return text
  }

  /// A number with six digits, which is more than Float32 logits carry; empty where it is NaN.
  private static func field(_ number: Double) -> String {
    number.isNaN ? "" : fixedPoint(number, digits: 6)
  }

  private static func write(_ text: String, to path: String) throws(TrainingFailure) {
    do { try AtomicFile.write(text, to: path) } catch { throw TrainingFailure(error) }
  }
}
