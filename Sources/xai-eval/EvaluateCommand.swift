public import ArgumentParser
import XAIClassifiers
import XAICommandLine
public import XAIDatasets
import XAIFiles
import XAIImages
import XAIKernels
import XAINetworks
import XAITensor
import XAITraining

extension Split: ExpressibleByArgument {}

/// Evaluates a checkpoint on labelled images.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "xai-eval",
    abstract:
      "Tell how well a checkpoint classifies labelled images, or what it takes pictures for.",
    version: Toolkit.version)

  @Option(help: "A run's bestmodel.safetensors, or a file of PyTorch (.pt, .safetensors).")
  var checkpoint: String
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "JPEG or PNG files, or folders of them, without labels, in place of --data: tell the five "
        + "likeliest classes of each.", valueName: "file|folder"))
  var image: [String] = []
  @Option(help: "Which images.")
  var split: Split = .test
  @Flag(help: "Print one JSON object.")
  var json = false
  @Option(help: "Write accuracy and precision of each class to this CSV file.")
  var perClass: String?
  @Option(
    help: "Write the confusion matrix: a picture to FILE.png, or CSV with the picture beside it.")
  var confusion: String?
  @Option(help: "Write each image's prediction to this CSV file.")
  var predictions: String?
  @Option(help: "Images at a time.", transform: Parse.positiveInteger)
  var batchSize = 64
  @Option(help: "Evaluate so many images at most.", transform: Parse.positiveInteger)
  var limit: Int?
  @OptionGroup(title: "Network") var network: CheckpointOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if image.isEmpty { try common.requireData() }
    if !image.isEmpty && common.data != nil {
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
  private var outputs: [(option: String, path: String)] {
    let named = [
      ("--per-class", perClass), ("--predictions", predictions), ("--confusion", confusion),
      ("--confusion", confusionPicture),
    ]
    return named.compactMap { option, path in path.map { (option, $0) } }
  }

  /// The picture that is written beside the confusion matrix.
  private var confusionPicture: String? {
    guard let confusion, !confusion.hasSuffix(".png") else { return nil }
    return (confusion.hasSuffix(".csv") ? String(confusion.dropLast(4)) : confusion) + ".png"
  }

  /// What is read, but for the images.
  private var inputs: [String] {
    [checkpoint] + network.files + (common.data.map { DataSource($0).inputs } ?? []) + image
  }

  func run() throws {
    try Console(program: "xai-eval", quiet: common.quiet).reportingFailures { console in
      ThreadTeam.setCount(common.threadCount)
      console.warn(ofThreads: ThreadTeam.count, insteadOf: common.threads)
      try OutputFiles.requireDistinct(outputs, from: inputs)
      var checkpoint = try network.open(checkpoint, console)
      guard image.isEmpty else { return try evaluatePictures(checkpoint, console) }
      let dataset = try open(for: checkpoint, console)
      checkpoint = try network.complete(checkpoint, self.checkpoint, by: dataset, console)
      Interruption.install()
      let labels = LabelMapping(checkpoint, dataset)
      let (report, seconds) = try evaluate(checkpoint, dataset, labels, console)
      if labels.assumesOrder {
        AssumedOrder(report, dataset.classes).sentence.map {
          console.warn("\(self.checkpoint): \($0)")
        }
      }
      let result = EvaluationResult(
        checkpoint: self.checkpoint, data: dataset.name, split: split, report: report,
        seconds: seconds)
      // Before the files: what was computed is not lost where one of them cannot be written.
      if json { console.printLines(try result.json) } else { result.lines.forEach(console.print) }
      try writeFiles(report)
    }
  }

  private func open(
    for checkpoint: Checkpoint, _ console: Console
  ) throws -> any ImageDataset {
    // Which images were trained on, and with which labels, the training decided; of the test images it
    // saw none, so any checkpoint will do for them.
    var configuration = Recipe.thesis.configuration(data: "", architecture: .vgg16Tiny)
    if split != .test {
      guard let text = checkpoint.metadata["configuration"] else {
        throw NetworkFailure.mismatch(
          "\(self.checkpoint): its metadata names no configuration, so it is unknown which images are "
            + "its \(split.rawValue) split; use --split test")
      }
      configuration = try JSONText.decode(
        TrainingConfiguration.self, from: text, name: "\(self.checkpoint), metadata configuration")
    }
    let dataset = try common.open(
      input: checkpoint.network.architecture.input, fitting: try checkpoint.fitting,
      validationFraction: configuration.validationFraction, seed: configuration.seed, console)
    guard split != .test, let seed = configuration.randomLabels else { return dataset }
    return RelabelledDataset(dataset, seed: seed)
  }

  private func evaluatePictures(_ checkpoint: Checkpoint, _ console: Console) throws {
    _ = try network.complete(checkpoint, self.checkpoint, by: nil, console)
    console.offer("--skip-corrupt", as: .leaveOutUnreadable)
    Interruption.install()
    let input = checkpoint.network.architecture.input
    guard input.first == 3 else {
      throw DatasetFailure(.usage, "the architecture takes images of \(input[0]) channels, not 3")
    }
    let result = try PictureEvaluation(
      image, fitting: try checkpoint.fitting, skipCorrupt: common.skipCorrupt,
      by: try evaluator(checkpoint), checkpoint,
      file: self.checkpoint, console)
    if json { console.printLines(try result.json) } else { result.lines.forEach(console.print) }
    if let predictions { try AtomicFile.write(result.csv, to: predictions) }
  }

  private func evaluator(_ checkpoint: Checkpoint) throws -> Evaluator {
    try Evaluator(
      network: checkpoint.network, parameters: checkpoint.parameters,
      preprocessing: try Preprocessing(of: checkpoint), batchSize: batchSize,
      backend: try CPUBackend())
  }

  private func evaluate(
    _ checkpoint: Checkpoint, _ dataset: any ImageDataset, _ labels: LabelMapping,
    _ console: Console
  ) throws -> (ClassificationReport, seconds: Double) {
    let total = min(dataset.count(of: split), limit ?? .max)
    guard total > 0 else {
      throw DatasetFailure(.badData, "\(dataset.name): the \(split.rawValue) split has no images")
    }
    let logits = try labels.complete(
      for: dataset, split, file: self.checkpoint, count: checkpoint.network.architecture.classes)
    let evaluator = try evaluator(checkpoint)
    var report = ClassificationReport(classes: labels.classes)
    let start = ContinuousClock.now
    let bar = console.progress("evaluating", total: total)
    try evaluator.forEachBatch(of: dataset, split: split) { batch, output in
      if Interruption.requested { throw Interrupted("interrupted; nothing was written") }
      let count = min(batch.labels.count, total - report.tally.images)
      report.record(
        logits: output, labels: batch.labels.prefix(count).map { logits[$0] ?? 0 },
        names: batch.indices.prefix(count).map { dataset.name(at: $0, of: split) })
      try requireNumbers(report)
      bar.update(report.tally.images)
      return report.tally.images < total
    }
    bar.finish()
    return (report, (.now - start) / .seconds(1))
  }

  /// Nothing can be said about a network that overflows but that.
  private func requireNumbers(_ report: ClassificationReport) throws {
    guard report.tally.undefined > 0 else { return }
    let image = report.predictions.first { $0.ranking.predicted == nil }
    throw NetworkFailure.mismatch(
      "\(checkpoint): its logits for '\(image?.name ?? "")' are NaN or infinite, so it overflows; its "
        + "parameters are damaged or do not belong to images like these")
  }

  private func writeFiles(_ report: ClassificationReport) throws {
    if let perClass { try report.writePerClass(to: perClass) }
    if let predictions { try report.writePredictions(to: predictions) }
    guard let confusion else { return }
    if let confusionPicture {
      try report.writeConfusion(to: confusion)
      try report.writeConfusionImage(to: confusionPicture)
    } else {
      try report.writeConfusionImage(to: confusion)
    }
  }
}
