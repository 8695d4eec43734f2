public import XAIImages
import XAITensor

/// Image files that a command line names, one by one or by their folders.
public struct PictureFiles: Sendable {
  /// An image file.
  public struct File: Sendable, Equatable {
    /// What it is called: the file's name, after those of the folders below the one that was named.
    public let name: String
    /// Its path, in words.
    public let path: String
    fileprivate let raw: RawName
  }

  /// The files, folders in the order of the names in them.
  public private(set) var files: [File]
  /// What was left out, for people.
  public let warnings: [String]

  /// Finds the files; folders are descended.
  /// - Parameters:
  ///   - paths: Files and folders.
  ///   - skipsUnreachable: Whether links to nothing are left out instead of being a failure.
  /// - Throws: `DatasetFailure` where a folder cannot be read or holds no image.
  public init(_ paths: [String], skipsUnreachable: Bool = false) throws(DatasetFailure) {
    var files: [File] = []
    var warnings: [String] = []
    for path in paths {
      let folder = RawName(path)
      guard folder.isFolder else {
        files.append(File(name: folder.lastComponent.text, path: path, raw: folder))
        continue
      }
      var images = ImageTable()
      var tree = PictureTree(root: path, skipsUnreachable: skipsUnreachable)
      try tree.list(RawName(""), into: &images)
      if let sentence = tree.leftOut.sentence(for: path) { warnings.append(sentence) }
      guard images.count > 0 else {
        throw DatasetFailure(
          .missingInput,
          "'\(path)' holds no image: expected files .jpg, .jpeg or .png"
            + (warnings.last.map { "; \($0)" } ?? ""))
      }
      files += images.indices.map { index in
        let name = images.rawPath(index)
        let whole = folder.appending(name)
        return File(name: name.text, path: whole.text, raw: whole)
      }
    }
    (self.files, self.warnings) = (files, warnings)
  }

  /// Leaves out the files that are no whole image.
  /// - Parameters:
  ///   - fitting: What pictures are made into.
  ///   - tell: Receives why each of them is left out.
  /// - Throws: `DatasetFailure` where no file is left, or one fails for another reason.
  public mutating func leaveOutUnreadable(
    fitting: ImageFitting, tell: (String) -> Void
  ) throws(DatasetFailure) {
    var kept: [File] = []
    for file in files {
      let decoded = try Self.readUnlessCorrupt(file, fitting, tell)
      if decoded != nil { kept.append(file) }
    }
    files = kept
    guard !files.isEmpty else { throw Self.nothingLeft }
  }

  /// Reads a file; several threads may do so at once.
  /// - Parameters:
  ///   - file: One of the files.
  ///   - fitting: What the picture is made into.
  /// - Returns: The picture, and what was odd about the file.
  /// - Throws: `DatasetFailure` that names the file.
  public static func read(
    _ file: File, fitting: ImageFitting
  ) throws(DatasetFailure) -> DecodedImage {
    try file.raw.picture(fitting: fitting)
  }

  /// Reads all files.
  /// - Parameters:
  ///   - paths: Files and folders.
  ///   - fitting: What each picture is made into.
  ///   - skipCorrupt: Whether links to nothing and files that are no whole image are left out instead of
  ///     being a failure.
  ///   - tell: Receives what was left out, and which files are faulty without losing a pixel.
  /// - Returns: The files with their pictures.
  /// - Throws: `DatasetFailure` that names what cannot be read.
  public static func read(
    _ paths: [String], fitting: ImageFitting, skipCorrupt: Bool = false, tell: (String) -> Void
  ) throws(DatasetFailure) -> [(file: File, image: RGBImage)] {
    let found = try PictureFiles(paths, skipsUnreachable: skipCorrupt)
    found.warnings.forEach(tell)
    let notes = ReadingNotes(nil)
    var pictures: [(file: File, image: RGBImage)] = []
    for (index, file) in found.files.enumerated() {
      let picture: DecodedImage? =
        try skipCorrupt
        ? readUnlessCorrupt(file, fitting, tell) : read(file, fitting: fitting)
      guard let decoded = picture else { continue }
      notes.add(index, file.path, decoded.warnings)
      pictures.append((file: file, image: decoded.image))
    }
    notes.summary().map(tell)
    guard !pictures.isEmpty || !skipCorrupt else { throw nothingLeft }
    return pictures
  }

  /// A picture; nothing, which is told, where the file is no whole image.
  private static func readUnlessCorrupt(
    _ file: File, _ fitting: ImageFitting, _ tell: (String) -> Void
  ) throws(DatasetFailure) -> DecodedImage? {
    do {
      return try read(file, fitting: fitting)
    } catch {
      guard error.code == .unreadable else { throw error }
      tell("left out: \(error.description)")
      return nil
    }
  }

  private static var nothingLeft: DatasetFailure {
    DatasetFailure(.badData, "none of the pictures can be read; name others")
  }
}

extension PictureTree.LeftOut {
  private static let mostNamed = 10

  /// What was left out of a folder, for people; nothing where that is nothing.
  func sentence(for folder: String) -> String? {
    let parts = [
      (unsupported, "of a format that is not read (expected JPEG or PNG)"),
      (unreachable, "not to be reached"),
    ]
    let sentences = parts.compactMap { names, reason -> String? in
      guard !names.isEmpty else { return nil }
      return "\(Self.counted(names.count)) \(reason) and left out: \(Self.named(names))"
    }
    return sentences.isEmpty ? nil : "'\(folder)': \(sentences.joined(separator: "; "))"
  }

  /// `1 image is` or `3 images are`.
  static func counted(_ count: Int) -> String { count == 1 ? "1 image is" : "\(count) images are" }

  /// The first names, and how many more there are.
  static func named(_ names: [String]) -> String {
    let rest = names.count - mostNamed
    return names.prefix(mostNamed).map { quoted($0, longest: 200) }.joined(separator: ", ")
      + (rest > 0 ? " and \(rest) others" : "")
  }
}
