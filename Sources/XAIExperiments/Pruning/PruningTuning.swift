import XAIClassifiers
import XAIDatasets
import XAIFiles
import XAIKernels
import XAINetworks
import XAITensor
import XAITraining

/// Trains a pruned network a little, as the original one was trained.
struct PruningTuning {
  /// The original network's training.
  let configuration: TrainingConfiguration
  let dataset: any ImageDataset
  let epochs: Int
  let rate: Double
  let observer: any WorkObserver

  /// Fine-tunes; one that was stopped goes on where it was.
  /// - Parameters:
  ///   - checkpoint: The pruned network.
  ///   - path: A folder for the training, which is removed at its end.
  /// - Returns: The parameters of the epoch with the lowest validation loss.
  /// - Throws: `WorkStopped` where the observer asked to stop; what training throws.
  func tuned(_ checkpoint: Checkpoint, in path: String) throws -> Parameters {
    var wanted = configuration
    wanted.architecture = checkpoint.network.architecture
    (wanted.epochs, wanted.patience) = (epochs, epochs + 1)
    (wanted.learningRate, wanted.schedule) = (rate, .constant)
    // The images' own size throughout, each epoch validated whole, every layer trained.
    (wanted.sizes, wanted.partialValidation, wanted.frozen) = (nil, nil, nil)
    (wanted.from, wanted.randomLabels) = (nil, nil)
    let folder = try RunFolder(path: path)
    let saved = folder.holdsState ? try? folder.savedTraining() : nil
    let start = try StartingPoint(
      checkpoint, for: checkpoint.network, dataset: dataset, seed: wanted.seed,
      keepsPreprocessing: true)
    let trainer = try Trainer(
      wanted, dataset: dataset, folder: folder, backend: try CPUBackend(),
      resuming: saved?.configuration == wanted ? saved : nil, startingFrom: start,
      events: TuningEvents(observer: observer))
    let summary = try trainer.run()
    if summary.stoppedBy == .interrupted { throw WorkStopped() }
    let tuned = try Checkpoint(path: folder.bestModel).parameters
    try Folder.remove(path)
    return tuned
  }
}

/// Lets an observer stop a training.
private struct TuningEvents: TrainingEvents {
  let observer: any WorkObserver

  var isInterrupted: Bool { observer.isStopped }
  func willTrain(epoch: Int, of total: Int, steps: Int, _ state: TrainingState) {}
  func didTrain(_ state: TrainingState) {}
  func willValidate(images: Int) {}
  func didValidate(images: Int) {}
  func didFinish(_ metrics: EpochMetrics, isBest: Bool) {}
}
