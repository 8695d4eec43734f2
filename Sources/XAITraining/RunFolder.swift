import XAIFiles

#if canImport(Glibc)
  import Glibc
#endif

/// The folder of one training and the files in it; locked while the training runs.
public final class RunFolder: Sendable {
  /// Its path.
  public let path: String
  private let lock: FolderLock

  /// The best checkpoint so far.
  public var bestModel: String { "\(path)/bestmodel.safetensors" }
  /// All state of the training.
  public var last: String { "\(path)/last.safetensors" }
  /// The resolved configuration.
  public var configuration: String { "\(path)/config.json" }
  /// One row for each epoch.
  public var metrics: String { "\(path)/metrics.csv" }
  /// The picture of the epochs.
  public var curves: String { "\(path)/curves.svg" }
  /// How the training ended.
  public var summary: String { "\(path)/summary.json" }

  /// Opens a folder for a training, making it where it does not exist.
  /// - Parameter path: The folder.
  /// - Throws: `.cannotCreate` where it cannot be made, written or is in use.
  public init(path: String) throws(TrainingFailure) {
    self.path = path
    do { lock = try FolderLock(path, work: "training into") } catch { throw TrainingFailure(error) }
  }

  /// Whether a training's state is in the folder.
  public var holdsState: Bool { access(last, F_OK) == 0 }

  /// The epoch whose model is the best checkpoint; nothing where there is none that can be read.
  public var bestModelEpoch: Int? {
    (try? SafetensorsFile(path: bestModel).metadata["epoch"]).flatMap { Int($0) }
  }

  /// Checks that every file can be written, before there is anything to write.
  func requireWritable() throws {
    for file in [bestModel, last, configuration, metrics, curves, summary] {
      try AtomicFile.check(file)
    }
  }

  /// Whether a checkpoint is in the folder, with or without the state of its training.
  public var holdsModel: Bool { access(bestModel, F_OK) == 0 }
}
