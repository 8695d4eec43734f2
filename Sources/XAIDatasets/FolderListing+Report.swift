import XAITensor

extension FolderListing {
  /// What is taken for what, and which classes some split has no image of.
  var notes: [String] {
    var notes: [String] = []
    if hasClassFolders, !splits.isUndivided, let text = splits.explanation(of: root) {
      notes.append(text)
    }
    let empty = Set(emptyClasses)
    for (source, range) in parts where !range.isEmpty {
      let held = Set(labels[range])
      let missing = classes.indices.filter { !held.contains(Int32($0)) && !empty.contains($0) }
      guard !missing.isEmpty else { continue }
      notes.append(
        "\(source.title) has no image of \(missing.count) of the \(classes.count) classes: "
          + names(missing))
    }
    return notes
  }

  /// Images that are trained on and tested, what was left out, and classes that nothing can be learnt
  /// about.
  var warnings: [String] {
    var warnings: [String] = []
    if splits.isUndivided, let text = splits.explanation(of: root) { warnings.append(text) }
    let empty = emptyClasses
    if !empty.isEmpty {
      warnings.append(
        "'\(root)': \(empty.count) of the \(classes.count) classes have no image at all: \(names(empty))"
      )
    }
    var unsupported = leftOut
    // Those that cannot be reached are among the skipped.
    unsupported.unreachable = []
    if let sentence = unsupported.sentence(for: root) { warnings.append(sentence) }
    if !loose.isEmpty {
      warnings.append(
        "'\(root)': \(PictureTree.LeftOut.counted(loose.count)) in no folder of a class and left out: "
          + PictureTree.LeftOut.named(loose))
    }
    if !splits.unused.isEmpty {
      warnings.append(
        "'\(root)': not used, as another folder is taken for it: "
          + PictureTree.LeftOut.named(splits.unused.map { "\($0.text)/" }))
    }
    return warnings
  }

  /// Refuses data without any image.
  /// - Throws: `DatasetFailure` that says where images were looked for.
  func requireImages() throws(DatasetFailure) {
    guard images.count == 0, leftOut.unreachable.isEmpty else { return }
    let places = parts.map { $0.source.title }
    let other =
      leftOut.unsupported.isEmpty
      ? ""
      : "; \(PictureTree.LeftOut.counted(leftOut.unsupported.count)) of a format that is not read"
    throw DatasetFailure(
      .badData,
      "'\(root)' holds no image: looked for JPEG and PNG files in the class folders of "
        + "\(places.joined(separator: " and "))\(other)")
  }

  /// The splits that folders make, with their images.
  private var parts: [(source: SplitFolders.Source, images: Range<Int>)] {
    let trained = 0..<(training.last?.upperBound ?? 0)
    let test = splits.isUndivided ? nil : splits.test
    return [(splits.train, trained), (splits.validation, validation), (test, self.test)]
      .compactMap { source, range in source.map { ($0, range) } }
  }

  /// Whether folders, and not annotations, say of which class test images are.
  private var hasClassFolders: Bool {
    let images = RawName("images")
    return splits.train?.classes.allSatisfy { indices[$0] != nil } ?? true
      && splits.test?.classes != [images]
  }

  private var emptyClasses: [Int] {
    let held = Set(labels)
    return classes.indices.filter { !held.contains(Int32($0)) }
  }

  private func names(_ labels: [Int]) -> String {
    PictureTree.LeftOut.named(labels.map { classes[$0].id })
  }
}
