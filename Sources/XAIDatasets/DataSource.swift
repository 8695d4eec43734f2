import XAIImages
import XAITensor

/// What `--data` names: the built-in shapes or a folder in Tiny ImageNet's layout.
public enum DataSource: Sendable, Equatable {
  /// The data set that is rendered on the fly.
  case shapes
  /// A folder.
  case folder(String)

  /// Reads an argument.
  /// - Parameter argument: `shapes` or a path; `./shapes` is a folder.
  public init(_ argument: String) { self = argument == "shapes" ? .shapes : .folder(argument) }

  /// Opens the data.
  /// - Parameters:
  ///   - options: Size, split, cache. The shapes are always the same, divided as they are made.
  ///   - progress: Told how many of how many images are decoded.
  /// - Returns: The data set.
  /// - Throws: What is missing or wrong.
  public func open(
    _ options: TinyImageNet.Options,
    progress: (@Sendable (_ done: Int, _ total: Int) -> Void)? = nil
  ) throws(DatasetFailure) -> any ImageDataset {
    switch self {
    case .folder(let path):
      return try TinyImageNet(path: path, options: options, progress: progress)
    case .shapes:
      let shapes = ShapesDataset()
      let fitting = options.fitting
      let isDrawnSo =
        fitting.shorterSide == nil
        && (shapes.height, shapes.width) == (fitting.height, fitting.width)
      return isDrawnSo ? shapes : FittedDataset(shapes, fitting)
    }
  }
}
