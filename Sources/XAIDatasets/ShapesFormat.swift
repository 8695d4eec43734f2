import XAIImages

/// The built-in data set, by its name.
public enum ShapesFormat: DatasetFormat {
  /// What help texts say.
  public static let argument = "shapes"
  /// What stands before a planted shortcut.
  private static let shortcut = "shapes:shortcut="
  /// What has to be there.
  public static let evidence = "the word shapes"

  /// Whether the argument is the word, or `shapes:shortcut=KIND/PATTERN/SHARE`, or with `FACTOR=VALUE` in the middle.
  /// - Parameter argument: An argument; `./shapes` is a folder.
  /// - Returns: Whether it is.
  public static func recognizes(_ argument: String) -> Bool {
    argument == "shapes" || argument.hasPrefix(shortcut)
  }

  /// The size in which the images are drawn.
  /// - Parameters:
  ///   - argument: The word.
  ///   - skipCorrupt: Of no effect.
  /// - Returns: 64 x 64.
  public static func storedSizes(of argument: String, skipCorrupt: Bool) -> StoredSizes? {
    let shapes = ShapesDataset()
    return StoredSizes(height: shapes.height, width: shapes.width)
  }

  /// Opens the data: always the same, divided as they are made, in any size.
  /// - Parameters:
  ///   - argument: The word, perhaps with a shortcut.
  ///   - options: The size.
  ///   - progress: Never called.
  /// - Returns: The data set.
  /// - Throws: `DatasetFailure` where the shortcut is none.
  public static func open(
    _ argument: String, options: DatasetOptions,
    progress: (@Sendable (_ done: Int, _ total: Int) -> Void)? = nil
  ) throws(DatasetFailure) -> OpenedDataset {
    let planted =
      argument.hasPrefix(shortcut)
      ? try ShapesShortcut(String(argument.dropFirst(shortcut.count))) : nil
    let shapes = ShapesDataset(shortcut: planted)
    let fitting = options.fitting
    let isDrawnSo =
      fitting.shorterSide == nil && fitting.resized == nil
      && (shapes.height, shapes.width) == (fitting.height, fitting.width)
    return OpenedDataset(isDrawnSo ? shapes : FittedDataset(shapes, fitting))
  }
}
