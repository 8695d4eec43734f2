import XAITensor

/// The layout of Tiny ImageNet (Stanford CS231n), with any number of classes and images.
///
/// | file | content |
/// |---|---|
/// | `wnids.txt` | one class per line, in the order of the labels; may be missing |
/// | `words.txt` | wnid, tab, names separated by commas; may be missing |
/// | `train/WNID/images/` | the training images of a class |
/// | `train/WNID/WNID_boxes.txt` | file name and x0 y0 x1 y1 of their objects; may be missing |
/// | `val/images/` | the labelled validation images, our test split |
/// | `val/val_annotations.txt` | file name, wnid and perhaps x0 y0 x1 y1 of their objects |
///
/// In place of the last two, `val/WNID/` may hold the images of each class. The images of `train` are
/// divided into the splits train and validation.
public enum TinyImageNet: DatasetFormat {
  /// What help texts say.
  public static let argument = "a folder in Tiny ImageNet's layout"
  /// What has to be there.
  public static let evidence = "wnids.txt or \(FolderListing.annotations) (Tiny ImageNet's layout)"

  /// `tiny-imagenet` and `val-folders`.
  public static var layouts: [ExportLayout] { [.tinyImageNet, .valFolders] }

  /// Whether a folder has one of the text files and is not laid out as plain class folders.
  /// - Parameter argument: A path.
  /// - Returns: Whether it does.
  public static func recognizes(_ argument: String) -> Bool {
    let root = RawName(argument)
    if root.appending(RawName(FolderListing.annotations)).isFile { return true }
    guard root.appending(RawName("wnids.txt")).isFile else { return false }
    let splits = SplitFolders(root, hasAnnotations: false)
    guard let train = splits.train, !splits.isUndivided else { return splits.test == nil }
    return train.classes.contains {
      root.appending(train.folder.appending($0)).appending(RawName("images")).isFolder
    }
  }

  /// The lists of classes and annotations.
  /// - Parameter argument: A path.
  /// - Returns: Their paths.
  public static func inputs(of argument: String) -> [String] {
    ["wnids.txt", "words.txt", FolderListing.annotations].map { "\(argument)/\($0)" }
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
  /// - Throws: `DatasetFailure` if a file is missing or cannot be understood, or if the cache
  ///   cannot be written.
  public static func open(
    _ argument: String, options: DatasetOptions,
    progress: (@Sendable (_ done: Int, _ total: Int) -> Void)? = nil
  ) throws(DatasetFailure) -> OpenedDataset {
    let data = try folder(argument, options: options, progress: progress)
    return OpenedDataset(data, report: data.report)
  }

  /// Opens a folder.
  package static func folder(
    _ path: String, options: DatasetOptions = DatasetOptions(),
    progress: (@Sendable (_ done: Int, _ total: Int) -> Void)? = nil
  ) throws(DatasetFailure) -> FolderDataset {
    let splits = SplitFolders(RawName(path), hasAnnotations: false)
    let sorted = splits.test ?? splits.validation
    let place = "\(path)/val/images"
    let isThere = RawName("\(path)/wnids.txt").isFile && splits.train != nil
    if isThere && sorted == nil {
      let contents: FolderContents
      do { contents = try FolderContents(RawName(place)) } catch {
        throw .unreadable(folder: place, error, expecting: "images")
      }
      // Says that they are missing.
      if !contents.files.isEmpty {
        _ = try AnnotationText.read("\(path)/\(FolderListing.annotations)")
      }
    }
    return try FolderDataset(path: path, options: options, progress: progress)
  }
}

extension DatasetFailure {
  /// A folder that cannot be listed.
  static func unreadable(
    folder: String, _ reason: SystemError, expecting content: String
  ) -> DatasetFailure {
    DatasetFailure(
      .missingInput,
      "cannot read the folder '\(folder)': \(reason); a folder of \(content) is expected there, "
        + "in the layout of Tiny ImageNet")
  }
}
