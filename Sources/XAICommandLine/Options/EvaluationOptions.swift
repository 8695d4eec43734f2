public import ArgumentParser
package import XAIDatasets

extension Split: ExpressibleByArgument {}

/// What `xai-eval` evaluates, and what it writes.
package struct EvaluationOptions: ParsableArguments {
  @Option(help: "A run's bestmodel.safetensors, or a file of PyTorch (.pt, .safetensors).")
  package var checkpoint: String
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "JPEG or PNG files, or folders of them, without labels, in place of --data: tell the five "
        + "likeliest classes of each.", valueName: "file|folder"))
  package var image: [String] = []
  @Option(help: "Which images.")
  package var split: Split = .test
  @Flag(help: "Print one JSON object.")
  package var json = false
  @Option(help: "Write accuracy and precision of each class to this CSV file.")
  package var perClass: String?
  @Option(
    help: "Write the confusion matrix: a picture to FILE.png, or CSV with the picture beside it.")
  package var confusion: String?
  @Option(help: "Write each image's prediction to this CSV file.")
  package var predictions: String?
  @Option(help: "Images at a time.", transform: Parse.positiveInteger)
  package var batchSize = 64
  @Option(help: "Evaluate so many images at most.", transform: Parse.positiveInteger)
  package var limit: Int?

  package init() {}

  /// Refuses options that contradict each other.
  /// - Parameter data: What names the data.
  /// - Throws: `ValidationError`.
  package func validate(data: String?) throws {
    if !image.isEmpty && data != nil {
      throw ValidationError("expected --data or --image, not both")
    }
    if !image.isEmpty,
      let option = perClass.map({ _ in "--per-class" })
        ?? confusion.map({ _ in "--confusion" })
    {
      throw ValidationError("\(option) needs labelled images (--data), --image has no labels")
    }
    for (option, path) in outputs where path.hasSuffix(".safetensors") {
      throw ValidationError(
        "\(option) \(path): a table is written, expected a name such as FILE.csv")
    }
  }

  /// What is written, with the options that say so.
  package var outputs: [(option: String, path: String)] {
    let named = [
      ("--per-class", perClass), ("--predictions", predictions), ("--confusion", confusion),
      ("--confusion", confusionPicture),
    ]
    return named.compactMap { option, path in path.map { (option, $0) } }
  }

  /// The picture that is written beside the confusion matrix.
  package var confusionPicture: String? {
    guard let confusion, !confusion.hasSuffix(".png") else { return nil }
    return (confusion.hasSuffix(".csv") ? String(confusion.dropLast(4)) : confusion) + ".png"
  }
}
