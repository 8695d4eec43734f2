import FoundationEssentials
import XAIClassifiers
import XAIDatasets
import XAIFiles
import XAINetworks
import XAITensor

extension Trainer {
  /// Writes `config.json`.
  func writeConfiguration() throws {
    try AtomicFile.write(
      try JSONText.encode(WrittenConfiguration(configuration)), to: folder.configuration)
  }

  /// Writes `bestmodel.safetensors`; the same training gives the same bytes.
  func writeBestModel(_ parameters: Parameters, _ metrics: EpochMetrics?) throws {
    var checkpoint = try checkpoint(parameters)
    checkpoint.metadata["epoch"] = "\(metrics?.epoch ?? 0)"
    if let metrics {
      checkpoint.metadata["metrics"] =
        "{\"train_loss\":\(metrics.trainLoss),\"train_top1\":\(metrics.trainTop1),"
        + (metrics.validationLoss.map { "\"validation_loss\":\($0)," } ?? "")
        + "\"validation_top1\":\(metrics.validationTop1),"
        + "\"validation_top5\":\(metrics.validationTop5)}"
    }
    try checkpoint.write(to: folder.bestModel)
  }

  /// Writes the best model where an earlier session was ended between its state and that: a state
  /// without its best model can be completed, a best model without its state cannot.
  func completeBestModel() throws {
    guard state.isBest, folder.bestModelEpoch != state.epoch else { return }
    try writeBestModel((average ?? parameters).download(from: backend), state.best)
  }

  /// Lets the best model name the configuration under which training went on, as that of a training
  /// that had it from the start does.
  private func renewBestModel() throws {
    guard let best = state.best, folder.bestModelEpoch == best.epoch,
      let file = try? SafetensorsFile(path: folder.bestModel),
      try file.metadata["configuration"] != JSONText.encode(configuration),
      let model = try? Checkpoint(path: folder.bestModel)
    else { return }
    try writeBestModel(model.parameters, best)
  }

  /// Writes `last.safetensors`: all that `SavedTraining` reads.
  func save() throws {
    var checkpoint = try checkpoint(parameters.download(from: backend))
    checkpoint.metadata["training_state"] = try JSONText.encode(state)
    var others: [(name: String, data: TensorData)] = []
    func add(_ prefix: String, _ tensors: Parameters) throws {
      try requireFinite(tensors, "the \(prefix) of ")
      for name in tensors.names {
        if let tensor = tensors[name] { others.append(("\(prefix).\(name)", .float32(tensor))) }
      }
    }
    try add(SavedTraining.velocityPrefix, descent.velocities.download(from: backend))
    if let average { try add(SavedTraining.averagePrefix, average.download(from: backend)) }
    try checkpoint.write(to: folder.last, adding: others)
  }

  /// Writes `metrics.csv` and `curves.svg`.
  func writeCurves() throws {
    try MetricsLog.write(state.metrics, to: folder.metrics)
    try (state.steps ?? StepsLog()).write(to: folder.steps)
    try CurvesPlot(
      title: "\(configuration.architecture.name ?? "network") on \(configuration.data)",
      epochs: state.metrics, bestEpoch: state.stopping.bestEpoch, steps: state.steps?.rows ?? []
    ).write(to: folder.curves)
  }

  /// Saves and writes `summary.json`; before the first validation also a `bestmodel.safetensors`.
  func finish(_ end: RunSummary.End) throws -> RunSummary {
    try save()
    // Also here: an earlier session may have been killed between its state and its curves.
    try writeCurves()
    if state.best == nil, state.step > 0 {
      // Stopped before the first validation that decides: what there is, for a look. That epoch replaces it.
      try writeBestModel((average ?? parameters).download(from: backend), nil)
    }
    try renewBestModel()
    let summary = RunSummary(
      best: state.best, stoppedBy: end, epochs: state.epoch, steps: state.step,
      seconds: state.seconds,
      imagesPerSecond: state.stepSeconds > 0 ? Double(state.imagesInAll) / state.stepSeconds : 0)
    try summary.write(to: folder.summary)
    return summary
  }

  /// Refuses to save what could not be read again: batch norm may hide infinities from the loss.
  func requireFinite(_ tensors: Parameters, _ prefix: String = "") throws {
    for name in tensors.names where tensors[name]?.isFinite == false {
      throw divergence("step \(state.stepInEpoch): \(prefix)\(name) holds NaN or infinity")
    }
  }

  private func checkpoint(_ parameters: Parameters) throws -> Checkpoint {
    try requireFinite(parameters)
    var checkpoint = Checkpoint(
      network: network, parameters: parameters, mean: preprocessing.mean,
      standardDeviation: preprocessing.standardDeviation,
      classes: dataset.classes.map { .init(id: $0.id, name: $0.name) },
      metadata: [
        "version": Toolkit.version,
        "preprocessing":
          "(pixel/255 - normalization.mean) / normalization.std, \(preprocessing.kind.rawValue), "
          + "std per channel",
        "configuration": try JSONText.encode(configuration),
      ])
    checkpoint.metadata["data_digest"] = state.dataDigest
    checkpoint.metadata[Checkpoint.preprocessingKey] = preprocessing.pictureOptions
    return checkpoint
  }
}

/// What `config.json` holds: every value, and for readers what was changed in the recipe.
private struct WrittenConfiguration: Encodable {
  private let configuration: TrainingConfiguration

  init(_ configuration: TrainingConfiguration) { self.configuration = configuration }

  private enum CodingKeys: String, CodingKey {
    case changesOfRecipe = "changes_of_recipe"
  }

  func encode(to encoder: any Encoder) throws {
    try configuration.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(configuration.changesOfRecipe, forKey: .changesOfRecipe)
  }
}
