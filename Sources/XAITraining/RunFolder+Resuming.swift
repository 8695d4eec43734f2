import XAIFiles
public import XAITensor

extension RunFolder {
  /// Opens the folder of a training that is to be resumed.
  /// - Parameter path: The folder.
  /// - Throws: `TrainingFailure` where there is none, or it is in use.
  public convenience init(resuming path: String) throws(TrainingFailure) {
    guard Folder.exists(path) else { throw TrainingFailure(.noRunFolder(path: path)) }
    try self.init(path: path)
  }

  /// Refuses a new training where it would replace the results of another.
  /// - Throws: `TrainingFailure`.
  public func requireUnused() throws(TrainingFailure) {
    if holdsState { throw TrainingFailure(.holdsTraining(path: path)) }
    if holdsModel { throw TrainingFailure(.holdsModel(path: bestModel)) }
  }

  /// Reads the training that was begun here.
  /// - Returns: The training.
  /// - Throws: What is missing or damaged.
  public func savedTraining() throws -> SavedTraining {
    guard holdsState else { throw TrainingFailure(.noState(path: last)) }
    return try SavedTraining(path: last)
  }

  /// Warns where the best model of earlier sessions is gone; that of the last epoch can be written again.
  /// - Parameters:
  ///   - saved: The training that is resumed.
  ///   - observer: Who is told.
  public func warnOfLostModel(of saved: SavedTraining, observer: any WorkObserver) {
    let state = saved.state
    guard let best = state.stopping.bestEpoch, !state.isBest, bestModelEpoch != best else { return }
    observer.warn(
      "\(bestModel): is missing, damaged or not the model of epoch \(best), the best so far; that "
        + "model is lost, and the next better one takes its place")
  }
}
