/// A form in which labelled images are kept, and how they are opened.
///
/// A new one is a type of its own that is added to ``DataSource/formats``; nothing else knows which there
/// are.
public protocol DatasetFormat: Sendable {
  /// What the argument `--data` is for it, as help texts say it: `a folder of class folders`.
  static var argument: String { get }

  /// What has to be there, for the failure that names what was looked for: `wnids.txt`.
  static var evidence: String { get }

  /// The layouts of files that a data set of any format can be written in, and that this one reads.
  static var layouts: [ExportLayout] { get }

  /// Whether an argument names data of this format.
  /// - Parameter argument: A word or a path.
  /// - Returns: Whether it does, by what is there.
  static func recognizes(_ argument: String) -> Bool

  /// The files that are read beside the images, and must not be written over.
  /// - Parameter argument: A word or a path that is recognized.
  /// - Returns: Their paths, whether they are there or not.
  static func inputs(of argument: String) -> [String]

  /// The sizes that images have where they are kept.
  /// - Parameters:
  ///   - argument: A word or a path that is recognized.
  ///   - skipCorrupt: Whether what cannot be reached is left out instead of being a failure.
  /// - Returns: The sizes; nothing where they are not known.
  /// - Throws: `DatasetFailure` where something is missing or wrong.
  static func storedSizes(
    of argument: String, skipCorrupt: Bool
  ) throws(DatasetFailure) -> StoredSizes?

  /// Opens data.
  /// - Parameters:
  ///   - argument: A word or a path that is recognized.
  ///   - options: Size, split, cache and so on.
  ///   - progress: Told on other threads how many of how many images are decoded.
  /// - Returns: The data set, and what there is to say about opening it.
  /// - Throws: `DatasetFailure` where something is missing or wrong.
  static func open(
    _ argument: String, options: DatasetOptions,
    progress: (@Sendable (_ done: Int, _ total: Int) -> Void)?
  ) throws(DatasetFailure) -> OpenedDataset
}

extension DatasetFormat {
  /// None.
  public static var layouts: [ExportLayout] { [] }

  /// None.
  /// - Parameter argument: A word or a path.
  /// - Returns: No files.
  public static func inputs(of argument: String) -> [String] { [] }

  /// Not known.
  /// - Parameters:
  ///   - argument: A word or a path.
  ///   - skipCorrupt: Of no effect.
  /// - Returns: Nothing.
  /// - Throws: Nothing.
  public static func storedSizes(
    of argument: String, skipCorrupt: Bool
  ) throws(DatasetFailure) -> StoredSizes? { nil }
}

/// A data set, and what there is to say about opening it.
public struct OpenedDataset: Sendable {
  /// The data set.
  public let dataset: any ImageDataset
  /// What happened.
  public let report: OpeningReport

  /// Keeps both together.
  /// - Parameters:
  ///   - dataset: The data set.
  ///   - report: What happened.
  public init(_ dataset: any ImageDataset, report: OpeningReport = OpeningReport()) {
    (self.dataset, self.report) = (dataset, report)
  }
}

/// What people should know about how a data set was opened.
public struct OpeningReport: Sendable, Equatable {
  /// What was done about the cache.
  public var cache = CacheReport()
  /// The files that were left out because they cannot be read, relative to the folder.
  public var skipped: [String] = []
  /// What was taken for what.
  public var notes: [String] = []
  /// What may not be as it was meant.
  public var warnings: [String] = []

  /// Nothing to say.
  public init() {}
}
