import Glibc
import XAITensor

/// What the text files and folders of a data set say, before any image is decoded.
///
/// Tiny ImageNet's layout and plain class folders differ in little: who annotates what.
struct FolderListing {
  let root: String
  var classes: [ClassLabel] = []
  /// The class of each folder's or identifier's name.
  var indices: [RawName: Int] = [:]
  /// Every image: those that are trained on class by class, then those that validate, then the test.
  var images = ImageTable()
  /// The class of every image.
  var labels: [Int32] = []
  /// The images of each class that are trained on.
  private(set) var training: [Range<Int>] = []
  /// The images of a folder of its own that validate.
  private(set) var validation = 0..<0
  /// The images that test.
  private(set) var test = 0..<0
  /// Every annotated object, sorted by image.
  var boxes: [AnnotatedBox] = []
  /// Which folder is taken for what.
  let splits: SplitFolders
  /// Images beside the folders of classes, which belong to none.
  private(set) var loose: [String] = []
  /// How much of an image's path leads to its split, for each split: what is left is its name.
  private var nameStarts: [(images: Range<Int>, prefix: Int)] = []
  private var tree: PictureTree

  /// A rectangle in an image file, as annotated.
  struct AnnotatedBox {
    var image: Int32
    var label: Int32
    var box: BoundingBox
  }

  /// What is in the folder beside images that are read.
  var leftOut: PictureTree.LeftOut { tree.leftOut }

  /// Lists a data set.
  /// - Parameters:
  ///   - root: Its folder.
  ///   - skipsUnreachable: Whether links to nothing are left out instead of being a failure.
  /// - Throws: `DatasetFailure` where a file is missing or says something impossible.
  init(root: String, skipsUnreachable: Bool) throws(DatasetFailure) {
    self.root = root
    tree = PictureTree(root: root, skipsUnreachable: skipsUnreachable)
    let isAnnotated = RawName("\(root)/\(Self.annotations)").isFile
    splits = SplitFolders(RawName(root), hasAnnotations: isAnnotated)
    try readClasses()
    let folders = splits.train.map { byLabel($0) } ?? []
    for label in classes.indices {
      try listTraining(label, folders.isEmpty ? nil : folders[label])
    }
    if let source = splits.validation {
      validation = try listSplit(source, isAnnotated: isAnnotated)
    }
    if splits.isUndivided {
      test = images.indices
    } else if let source = splits.test {
      test = try listSplit(source, isAnnotated: isAnnotated && splits.validation == nil)
    }
    // Stable: an image's objects stay in the order of their lines.
    boxes = boxes.enumerated()
      .sorted { ($0.element.image, $0.offset) < ($1.element.image, $1.offset) }.map(\.element)
    nameImages()
    findLooseImages()
  }

  /// The annotated objects of an image, in the order of their lines.
  func boxes(of image: Int) -> ArraySlice<AnnotatedBox> {
    var low = boxes.startIndex
    var high = boxes.endIndex
    while low < high {
      let middle = (low + high) / 2
      if boxes[middle].image < image { low = middle + 1 } else { high = middle }
    }
    return boxes[low...].prefix { $0.image == image }
  }

  /// The name of an image: its file's, and where files of its split share names, with the folders.
  func name(_ image: Int) -> String {
    let start = nameStarts.first { $0.images ~= image }
    return start.map { RawName(images.rawPath(image).bytes.dropFirst($0.prefix)).text }
      ?? images.name(image)
  }

  /// The folder of each class within its split; nothing where there is none.
  private func byLabel(_ source: SplitFolders.Source) -> [RawName?] {
    var folders = [RawName?](repeating: nil, count: classes.count)
    for name in source.classes {
      if let label = indices[name] { folders[label] = source.folder.appending(name) }
    }
    return folders
  }

  private mutating func listTraining(_ label: Int, _ folder: RawName?) throws(DatasetFailure) {
    let first = images.count
    if let folder {
      try tree.list(folder, into: &images)
      let range = first..<images.count
      labels.append(contentsOf: repeatElement(Int32(label), count: range.count))
      try readTrainingBoxes(folder, label, range)
    }
    training.append(first..<images.count)
  }

  private mutating func listSplit(
    _ source: SplitFolders.Source, isAnnotated: Bool
  ) throws(DatasetFailure) -> Range<Int> {
    let first = images.count
    if isAnnotated {
      try tree.list(
        source.folder.appending(RawName("images")), into: &images, descends: false)
      labels.append(contentsOf: repeatElement(-1, count: images.count - first))
      if images.count > first {
        try readAnnotations(first..<images.count)
        return first..<images.count
      }
    }
    for (label, folder) in byLabel(source).enumerated() {
      guard let folder else { continue }
      try tree.list(folder, into: &images)
      let count = images.count - labels.count
      labels.append(contentsOf: repeatElement(Int32(label), count: count))
    }
    return first..<images.count
  }

  /// Finds out in which splits the names of files are not enough.
  private mutating func nameImages() {
    let trained = 0..<(training.last?.upperBound ?? 0)
    for (range, source) in [
      (trained, splits.train), (validation, splits.validation), (test, splits.test),
    ] {
      guard let source, !range.isEmpty, !images.haveDistinctNames(range) else { continue }
      let prefix = source.folder.bytes.isEmpty ? 0 : source.folder.bytes.count + 1
      nameStarts.append((range, prefix))
    }
  }

  private mutating func findLooseImages() {
    let sources = [splits.train, splits.validation, splits.isUndivided ? nil : splits.test]
    for source in sources.compactMap(\.self) {
      let place = RawName(root).appending(source.folder)
      let files = (try? FolderContents(place))?.files ?? []
      for file in files {
        guard case .readable = PictureKind(file.name, in: place) else { continue }
        loose.append(source.folder.appending(file.name).text)
      }
    }
  }
}
