import FoundationEssentials
import XAIDatasets
import XAIFiles
import XAINetworks
import XAITensor

extension Trainer {
  /// Writes `config.json`.
  func writeConfiguration() throws {
    try AtomicFile.write(try JSONText.encode(configuration), to: folder.configuration)
  }

  /// Writes `bestmodel.safetensors`; the same training gives the same bytes.
  func writeBestModel(_ parameters: Parameters, _ metrics: EpochMetrics?) throws {
    var checkpoint = try checkpoint(parameters)
    checkpoint.metadata["epoch"] = "\(metrics?.epoch ?? 0)"
    if let metrics {
      checkpoint.metadata["metrics"] =
        "{\"train_loss\":\(metrics.trainLoss),\"train_top1\":\(metrics.trainTop1),"
        + "\"validation_loss\":\(metrics.validationLoss),"
        + "\"validation_top1\":\(metrics.validationTop1),"
        + "\"validation_top5\":\(metrics.validationTop5)}"
    }
    try checkpoint.write(to: folder.bestModel)
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
    try CurvesPlot(
      title: "\(configuration.architecture.name ?? "network") on \(configuration.data)",
      epochs: state.metrics, bestEpoch: state.stopping.bestEpoch
    ).write(to: folder.curves)
  }

  /// Saves, writes `summary.json`, and makes sure that there is a `bestmodel.safetensors`.
  func finish(_ end: RunSummary.End) throws -> RunSummary {
    try save()
    // Also here: an earlier session may have been killed between its state and its curves.
    try writeCurves()
    if state.metrics.isEmpty, state.step > 0 {
      // Stopped before the first validation: what there is, for a look. The first epoch replaces it.
      try writeBestModel((average ?? parameters).download(from: backend), nil)
    }
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
    return Checkpoint(
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
  }
}

/// The state of a training that was saved.
public struct SavedTraining {
  static let velocityPrefix = "velocity"
  static let averagePrefix = "average"

  /// The configuration it was started with.
  public let configuration: TrainingConfiguration
  /// Where it stands.
  public let state: TrainingState
  /// The identifiers of its classes, in the order of the logits.
  public let classIDs: [String]
  let parameters: Parameters
  let velocities: Parameters
  let average: Parameters?
  let preprocessing: Preprocessing

  /// Reads `last.safetensors`.
  /// - Parameter path: The file.
  /// - Throws: What is missing or damaged.
  public init(path: String) throws {
    let file = try SafetensorsFile(path: path)
    let checkpoint = try Checkpoint(file: file, path: path)
    guard let configuration = file.metadata["configuration"],
      let state = file.metadata["training_state"]
    else {
      throw TrainingFailure(
        .badData, "\(path): holds a network but no state of a training, so it cannot be resumed")
    }
    self.configuration = try JSONText.decode(
      TrainingConfiguration.self, from: configuration, name: "\(path), metadata configuration")
    self.state = try JSONText.decode(
      TrainingState.self, from: state, name: "\(path), metadata training_state")
    do {
      try self.configuration.validate()
    } catch {
      throw TrainingFailure(.badData, "\(path), metadata configuration: \(error)")
    }
    guard self.configuration.architecture == checkpoint.network.architecture,
      self.state.isPossible(for: self.configuration)
    else {
      throw TrainingFailure(
        .badData,
        "\(path): its configuration, its state and its network contradict each other; the file was "
          + "changed, so it cannot be resumed")
    }
    parameters = checkpoint.parameters
    classIDs = checkpoint.classes.map(\.id)
    func tensors(_ prefix: String) throws -> Parameters {
      var tensors = Parameters()
      for (name, shape) in checkpoint.network.parameterShapes
      where prefix == Self.averagePrefix || !Parameters.isRunningStatistic(name) {
        let tensor = try file.tensor("\(prefix).\(name)")
        guard tensor.shape == shape, tensor.isFinite else {
          throw TrainingFailure(
            .badData,
            "\(path): tensor \(prefix).\(name) has shape \(tensor.shape), expected \(shape) of "
              + "finite numbers")
        }
        tensors[name] = tensor
      }
      return tensors
    }
    velocities = try tensors(Self.velocityPrefix)
    average = self.configuration.averaging > 0 ? try tensors(Self.averagePrefix) : nil
    let input = checkpoint.network.architecture.input
    preprocessing = try Preprocessing(
      mean: checkpoint.mean, standardDeviation: checkpoint.standardDeviation, height: input[1],
      width: input[2])
  }
}

/// The toolkit as a whole.
public enum Toolkit {
  /// Its version.
  public static let version = "0.1.0"
}
