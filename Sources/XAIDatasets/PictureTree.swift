import XAITensor

/// The images in a folder and all folders below it, and what was left out.
package struct PictureTree {
  /// What is beside images that are read; paths are relative to where the walk began.
  package struct LeftOut: Sendable, Equatable {
    /// Images of formats that are not read.
    package var unsupported: [String] = []
    /// Links to nothing, and what else cannot be looked at.
    package var unreachable: [String] = []
  }

  /// So deep no folders of images lie; links that lead back up would go on for ever.
  private static let deepest = 32

  /// The folder that paths are relative to.
  let root: RawName
  /// Whether what cannot be looked at is left out instead of being a failure.
  let skipsUnreachable: Bool
  /// What was left out so far.
  package private(set) var leftOut = LeftOut()

  /// Prepares a walk.
  /// - Parameters:
  ///   - root: The folder that paths are relative to.
  ///   - skipsUnreachable: Whether links to nothing are left out instead of being a failure.
  package init(root: String, skipsUnreachable: Bool) {
    self.root = RawName(root)
    self.skipsUnreachable = skipsUnreachable
  }

  /// Adds the images of a folder, then those of its folders, each sorted by the bytes of the name.
  /// - Parameters:
  ///   - folder: The folder, relative to the root.
  ///   - images: Receives them.
  ///   - descends: Whether folders in it are looked into.
  ///   - depth: How deep the folder lies.
  /// - Throws: `DatasetFailure` where something cannot be listed or looked at.
  package mutating func list(
    _ folder: RawName, into images: inout ImageTable, descends: Bool = true, depth: Int = 0
  ) throws(DatasetFailure) {
    let place = root.appending(folder)
    let contents: FolderContents
    do { contents = try FolderContents(place) } catch {
      throw DatasetFailure(
        .missingInput,
        "cannot read the folder \(quoted(place.text)): \(error); a folder of images is expected "
          + "there")
    }
    for (name, reason) in contents.unreachable where PictureKind.mayBeImage(name) {
      let path = folder.appending(name)
      guard skipsUnreachable else {
        throw DatasetFailure(
          .missingInput,
          "cannot read \(quoted(root.appending(path).text)): \(reason); put the image there or remove its "
            + "name",
          code: .unreadable)
      }
      leftOut.unreachable.append(path.text)
    }
    for file in contents.files {
      switch PictureKind(file.name, in: place) {
      case .readable: images.append(file, in: folder)
      case .unsupported: leftOut.unsupported.append(folder.appending(file.name).text)
      case .other: break
      }
    }
    guard descends else { return }
    guard depth < Self.deepest else {
      throw DatasetFailure(
        .badData,
        "\(quoted(place.text)) lies \(Self.deepest) folders deep: a link may lead back up; remove it"
      )
    }
    for name in contents.folders {
      try list(folder.appending(name), into: &images, depth: depth + 1)
    }
  }
}
