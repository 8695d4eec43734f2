/// A folder for each class, as torchvision's `ImageFolder` reads them.
///
/// | folder | content |
/// |---|---|
/// | `train/CLASS/` | training images, in any folders below |
/// | `val/CLASS/`, `validation/CLASS/` or `valid/CLASS/` | the test split, or where `test/` is there what validates |
/// | `test/CLASS/` | the test split |
///
/// Classes are the folders' names, sorted by their bytes; `wnids.txt` decides their order and `words.txt`
/// names them where they are there. Without any such folder the class folders lie in the folder itself.
public enum ImageFolder: DatasetFormat {
  /// What help texts say.
  public static let argument = "a folder of class folders, perhaps in train/, val/ and test/"
  /// What has to be there.
  public static let evidence =
    "class folders in it or in train/, val/, validation/, valid/ or test/"

  /// `folders`.
  public static var layouts: [ExportLayout] { [.folders] }

  /// Whether a folder holds others.
  /// - Parameter argument: A path.
  /// - Returns: Whether it does.
  public static func recognizes(_ argument: String) -> Bool {
    let splits = SplitFolders(RawName(argument), hasAnnotations: false)
    return splits.train != nil || splits.test != nil
  }

  /// The lists of classes.
  /// - Parameter argument: A path.
  /// - Returns: Their paths.
  public static func inputs(of argument: String) -> [String] {
    ["wnids.txt", "words.txt"].map { "\(argument)/\($0)" }
  }

  /// The sizes of the images in a folder.
  /// - Parameters:
  ///   - argument: The folder.
  ///   - skipCorrupt: Whether links to nothing are left out instead of being a failure.
  /// - Returns: The sizes; nothing where no image says its own.
  /// - Throws: `DatasetFailure` where something is missing or cannot be understood.
  public static func storedSizes(
    of argument: String, skipCorrupt: Bool
  ) throws(DatasetFailure) -> StoredSizes? {
    try FolderDataset.storedSizes(argument, skipCorrupt: skipCorrupt)
  }

  /// Opens a folder.
  /// - Parameters:
  ///   - argument: The folder.
  ///   - options: How it is read.
  ///   - progress: Told on other threads how many of how many images are decoded.
  /// - Returns: The data set.
  /// - Throws: `DatasetFailure` if something cannot be read, or if the cache cannot be written.
  public static func open(
    _ argument: String, options: DatasetOptions,
    progress: (@Sendable (_ done: Int, _ total: Int) -> Void)? = nil
  ) throws(DatasetFailure) -> OpenedDataset {
    let data = try FolderDataset(path: argument, options: options, progress: progress)
    return OpenedDataset(data, report: data.report)
  }
}
