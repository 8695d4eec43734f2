public import XAIImages
import XAITensor

/// How a data set is opened; each format takes of it what concerns it.
public struct DatasetOptions: Sendable {
  /// The size of every image, and how images of another size get it.
  public var fitting = ImageFitting(height: 64, width: 64)
  /// The part of each class's training images that is held back for validation, in [0, 1).
  public var validationFraction = 0.2
  /// Names the draw of the images that are held back.
  public var splitSeed: UInt64 = 0
  /// Whether images that cannot be read are left out instead of being a failure.
  public var skipCorrupt = false
  /// Where decoded pixels are kept.
  public var cache = CachePlace.automatic
  /// The number of threads that decode images when the cache is made.
  public var threads = BackgroundThread.processors

  /// Told, on any thread, what is odd about images that are read all the same, after opening.
  public var tell: (@Sendable (String) -> Void)?

  /// The data as the thesis uses them.
  public init() {}
}
