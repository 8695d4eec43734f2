import XAITensor

/// What `--data` names: built-in data, or a folder in one of several layouts.
public struct DataSource: Sendable {
  /// Every format of data there is; the first that recognizes an argument opens it.
  public static let formats: [any DatasetFormat.Type] = [
    ShapesFormat.self, TinyImageNet.self, ImageFolder.self,
  ]

  /// What `--data` may be, for help texts: `shapes, a folder in Tiny ImageNet's layout or ...`.
  public static var arguments: String {
    let words = formats.map { $0.argument }
    return words.dropLast().joined(separator: ", ") + " or " + (words.last ?? "")
  }

  /// The layouts in which data can be written.
  public static var layouts: [ExportLayout] { formats.flatMap { $0.layouts } }

  /// A word or a path.
  public let argument: String

  /// Reads an argument.
  /// - Parameter argument: `shapes` or a path; `./shapes` is a folder.
  public init(_ argument: String) { self.argument = argument }

  private var format: (any DatasetFormat.Type)? {
    Self.formats.first { $0.recognizes(argument) }
  }

  /// The files that are read beside the images, and must not be written over.
  public var inputs: [String] { format?.inputs(of: argument) ?? [] }

  /// Opens the data.
  /// - Parameters:
  ///   - options: Size, split, cache.
  ///   - progress: Told on other threads how many of how many images are decoded.
  /// - Returns: The data set, and what there is to say about opening it.
  /// - Throws: What is missing or wrong.
  public func open(
    _ options: DatasetOptions,
    progress: (@Sendable (_ done: Int, _ total: Int) -> Void)? = nil
  ) throws(DatasetFailure) -> OpenedDataset {
    guard let format else { throw unrecognized }
    return try format.open(argument, options: options, progress: progress)
  }

  /// The sizes that the images have where they are kept.
  /// - Parameter skipCorrupt: Whether what cannot be reached is left out instead of being a failure.
  /// - Returns: The sizes; nothing where they are not known.
  /// - Throws: What is missing or wrong.
  public func storedSizes(skipCorrupt: Bool) throws(DatasetFailure) -> StoredSizes? {
    guard let format else { throw unrecognized }
    return try format.storedSizes(of: argument, skipCorrupt: skipCorrupt)
  }

  private var unrecognized: DatasetFailure {
    let wanted = Self.formats.map { $0.evidence }.joined(separator: ", ")
    return DatasetFailure(
      .missingInput, "\(obstacle); looked for \(wanted); expected \(Self.arguments)")
  }

  /// Why no format recognizes the argument.
  private var obstacle: String {
    let place = RawName(argument)
    do {
      _ = try FolderContents(place)
      return "\(quoted(argument)) holds no data of a known form"
    } catch {
      return place.isFile
        ? "\(quoted(argument)) is a file, not a folder"
        : "cannot read the folder \(quoted(argument)): \(error)"
    }
  }
}
