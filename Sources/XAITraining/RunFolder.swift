import XAIFiles
import XAINetworks
import XAITensor

#if canImport(Glibc)
  import Glibc
#endif

/// The folder of one training and the files in it; locked while the training runs.
public final class RunFolder: Sendable {
  /// Its path.
  public let path: String
  private let lock: Int32

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
  public init(path: String) throws {
    self.path = path
    try Folder.create(path)
    let file = "\(path)/.lock"
    let descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw TrainingFailure(
        .cannotCreate,
        "\(path): no file can be made in this folder: \(String(cString: strerror(errno)))")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let owner = (try? WholeFile.read(file, limit: 64)).map { String(decoding: $0, as: UTF8.self) }
      close(descriptor)
      throw TrainingFailure(
        .cannotCreate,
        "\(path): process \(owner ?? "?") is training into this folder; wait for it or choose "
          + "another folder")
    }
    // Only now: an object that fails with all its properties set is deinitialised, and a second
    // `close` could hit what another thread has opened since.
    lock = descriptor
    // What a killed session was writing; no other session is at work.
    for name in (try? Folder.entries(of: path)) ?? []
    where name.hasPrefix(".") && name.hasSuffix(".part") {
      unlink("\(path)/\(name)")
    }
    ftruncate(lock, 0)
    let owner = Array("\(getpid())".utf8)
    _ = owner.withUnsafeBytes { Glibc.write(lock, $0.baseAddress, $0.count) }
  }

  deinit { close(lock) }

  /// Whether a training's state is in the folder.
  public var holdsState: Bool { access(last, F_OK) == 0 }

  /// Whether a checkpoint is in the folder, with or without the state of its training.
  public var holdsModel: Bool { access(bestModel, F_OK) == 0 }
}
