import XAIClassifiers
public import XAIDatasets
import XAIKernels
public import XAINetworks
public import XAITensor

/// Tells how well a checkpoint classifies labelled images, or what it takes pictures for.
public struct CheckpointEvaluation {
  let checkpoint: Checkpoint
  let path: String
  let evaluator: Evaluator

  /// Prepares an evaluation.
  /// - Parameters:
  ///   - checkpoint: The network, its classes as far as they are known.
  ///   - path: Its file, for messages.
  ///   - batchSize: Images at a time; the result does not depend on it beyond rounding.
  /// - Throws: `DatasetFailure` or `ClassifierFailure` where its normalization is not for pictures;
  ///   `KernelFailure`.
  public init(_ checkpoint: Checkpoint, path: String, batchSize: Int = 64) throws {
    (self.checkpoint, self.path) = (checkpoint, path)
    evaluator = try Evaluator(
      network: checkpoint.network, parameters: checkpoint.parameters,
      preprocessing: try Preprocessing(of: checkpoint), batchSize: batchSize,
      backend: try CPUBackend())
  }

  /// Opens data as the training of a checkpoint divided and labelled them.
  ///
  /// Which images were trained on, and with which labels, the training decided; of the test images it saw none,
  /// so that any checkpoint will do for them.
  /// - Parameters:
  ///   - data: The data.
  ///   - split: Which images matter.
  ///   - checkpoint: The network.
  ///   - path: Its file, for messages.
  ///   - observer: Who is told.
  /// - Returns: The data set.
  /// - Throws: `TrainingFailure` where the checkpoint does not say how it divided its data; what opening throws.
  public static func open(
    _ data: DataOpening, _ split: Split, for checkpoint: Checkpoint, path: String,
    observer: any WorkObserver
  ) throws -> any ImageDataset {
    var configuration = Recipe.thesis.configuration(data: "", architecture: .vgg16Tiny)
    if split != .test {
      guard let stored = try TrainingConfiguration.stored(in: checkpoint, path: path) else {
        throw TrainingFailure(.splitUnknown(path: path, split))
      }
      configuration = stored
    }
    var data = data
    (data.validationFraction, data.splitSeed) = (
      configuration.validationFraction, configuration.seed
    )
    let dataset = try data.open(
      input: checkpoint.network.architecture.input, fitting: try checkpoint.fitting,
      observer: observer)
    guard split != .test, let seed = configuration.randomLabels else { return dataset }
    return RelabelledDataset(dataset, seed: seed)
  }

  /// Evaluates labelled images.
  /// - Parameters:
  ///   - dataset: The data.
  ///   - split: Which of their images.
  ///   - limit: So many of them at most; nil for all.
  ///   - observer: Who watches.
  /// - Returns: The report, and what it took.
  /// - Throws: `WorkStopped` where the observer asked to stop; `NetworkFailure` where the network does not know
  ///   the class of an image, or overflows; `DatasetFailure`; `KernelFailure`.
  public func report(
    on dataset: any ImageDataset, _ split: Split, limit: Int? = nil,
    observer: any WorkObserver = NoObserver()
  ) throws -> (report: ClassificationReport, seconds: Double) {
    observer.becomesStoppable()
    let labels = LabelMapping(checkpoint, dataset)
    let total = min(dataset.count(of: split), limit ?? .max)
    guard total > 0 else {
      throw DatasetFailure(.badData, "\(dataset.name): the \(split.rawValue) split has no images")
    }
    let logits = try labels.complete(
      for: dataset, split, file: path, count: checkpoint.network.architecture.classes)
    var report = ClassificationReport(classes: labels.classes)
    let start = ContinuousClock.now
    observer.begin("evaluating", total: total, unit: "images")
    defer { observer.end() }
    try evaluator.forEachBatch(of: dataset, split: split) { batch, output in
      if observer.isStopped { throw WorkStopped() }
      let count = min(batch.labels.count, total - report.tally.images)
      report.record(
        logits: output, labels: batch.labels.prefix(count).map { logits[$0] ?? 0 },
        names: batch.indices.prefix(count).map { dataset.name(at: $0, of: split) })
      if report.tally.undefined > 0 {
        throw overflow(on: report.predictions.first { $0.ranking.predicted == nil }?.name ?? "")
      }
      observer.advance(to: report.tally.images, "")
      return report.tally.images < total
    }
    return (report, (.now - start) / .seconds(1))
  }

  /// Nothing can be said about a network that overflows but that.
  func overflow(on image: String) -> NetworkFailure {
    .mismatch(
      "\(path): its logits for '\(image)' are NaN or infinite, so it overflows; its parameters are damaged "
        + "or do not belong to images like these")
  }
}
