import XAITensor

/// Which folder of a data set is trained on, which validates and which tests.
struct SplitFolders {
  /// A folder and the folders of classes in it.
  struct Source {
    /// The folder's path, relative to the data set's; empty where classes lie in the data set's folder.
    var folder: RawName
    /// The folders of classes, sorted by the bytes of their names.
    var classes: [RawName]

    /// What it is called in sentences: `val/`.
    var title: String { folder.bytes.isEmpty ? "the folder itself" : "\(folder.text)/" }
  }

  private(set) var train: Source?
  /// A folder of its own for validation; nothing where a part of the training images validates.
  private(set) var validation: Source?
  private(set) var test: Source?
  /// Whether the same images are trained on and tested on.
  private(set) var isUndivided = false
  /// Folders that might be splits and are not used.
  private(set) var unused: [RawName] = []

  /// Names of the folders, the first that is there counts.
  private static let names = (
    train: ["train", "training"], validation: ["val", "validation", "valid"], test: ["test"]
  )

  /// Looks at a folder.
  /// - Parameters:
  ///   - root: The data set's folder.
  ///   - hasAnnotations: Whether `val/val_annotations.txt` says which class an image of `val` has.
  init(_ root: RawName, hasAnnotations: Bool) {
    let folders = (try? FolderContents(root))?.folders ?? []
    func source(_ names: [String]) -> Source? {
      let sources = names.flatMap { name in folders.filter { $0.text.lowercased() == name } }
        .compactMap { folder -> Source? in
          let classes = (try? FolderContents(root.appending(folder)))?.folders ?? []
          return classes.isEmpty ? nil : Source(folder: folder, classes: classes)
        }
      unused += sources.dropFirst().map(\.folder)
      return sources.first
    }
    let found = (
      train: source(Self.names.train), validation: source(Self.names.validation),
      test: source(Self.names.test)
    )
    train = found.train
    // Tiny ImageNet's test images lie in a folder `images` and have no labels.
    let isLabelled = { (source: Source) in
      source.classes != [RawName("images")]
        || found.train?.classes.contains(RawName("images")) == true
    }
    let tested = found.test.flatMap { isLabelled($0) ? $0 : nil }
    let validating = found.validation.flatMap { isLabelled($0) || hasAnnotations ? $0 : nil }
    (validation, test) = tested == nil ? (nil, validating) : (validating, tested)
    guard train == nil, test == nil, found.validation == nil, found.test == nil,
      !folders.isEmpty
    else { return }
    let whole = Source(folder: RawName(""), classes: folders)
    (train, test, isUndivided) = (whole, whole, true)
  }

  /// What is taken for what, in words; nothing where there is only one way to see it.
  func explanation(of root: String) -> String? {
    if isUndivided {
      return "'\(root)' holds class folders and no train/ or val/: all of its images are the test "
        + "split, and a training divides the same images into train and validation, so that the "
        + "accuracy on the test split then says little"
    }
    guard let train else {
      return test.map { "'\(root)' has no train/: \($0.title) is the test split" }
    }
    if let validation, let test {
      return "\(train.title) is trained on, \(validation.title) validates (no part of "
        + "\(train.title) is held back, the validation fraction is ignored), \(test.title) is the "
        + "test split"
    }
    let tested =
      test.map { "\($0.title) is the test split" } ?? "there is no val/ or test/ to test on"
    return "\(train.title) is trained on, a part of it validates, \(tested)"
  }
}
