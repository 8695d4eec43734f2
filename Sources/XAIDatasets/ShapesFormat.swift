import XAIImages

/// The built-in data set, by its name.
public enum ShapesFormat: DatasetFormat {
  /// What help texts say.
  public static let argument = "shapes"
  /// What has to be there.
  public static let evidence = "the word shapes"

  /// Whether the argument is the word.
  /// - Parameter argument: An argument; `./shapes` is a folder.
  /// - Returns: Whether it is.
  public static func recognizes(_ argument: String) -> Bool { argument == "shapes" }

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
  ///   - argument: The word.
  ///   - options: The size.
  ///   - progress: Never called.
  /// - Returns: The data set.
  public static func open(
    _ argument: String, options: DatasetOptions,
    progress: (@Sendable (_ done: Int, _ total: Int) -> Void)? = nil
  ) -> OpenedDataset {
    let shapes = ShapesDataset()
    let fitting = options.fitting
    let isDrawnSo =
      fitting.shorterSide == nil && fitting.resized == nil
      && (shapes.height, shapes.width) == (fitting.height, fitting.width)
    return OpenedDataset(isDrawnSo ? shapes : FittedDataset(shapes, fitting))
  }
}
