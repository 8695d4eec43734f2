import XAITensor

extension FolderListing {
  private var list: String { "\(root)/wnids.txt" }

  /// The classes: those of `wnids.txt` in its order where it is there, else all folders by name.
  mutating func readClasses() throws(DatasetFailure) {
    let folders = [splits.train, splits.validation, splits.test].compactMap(\.self)
    if RawName(list).isFile {
      try readList(folders)
      try refuseUnknown(folders)
    } else {
      let names = Set(folders.flatMap(\.classes)).subtracting(unlabelled)
      // Says that it is missing.
      if names.isEmpty { _ = try AnnotationText.read(list) }
      for name in names.sorted(by: { $0.bytes.lexicographicallyPrecedes($1.bytes) }) {
        add(name)
      }
    }
    try readNames()
  }

  /// What lies beside folders of classes in Tiny ImageNet's layout.
  private var unlabelled: Set<RawName> {
    let images = RawName("images")
    return splits.train?.classes.contains(images) == true ? [] : [images]
  }

  private mutating func add(_ name: RawName) {
    indices[name] = classes.count
    classes.append(ClassLabel(id: name.text, name: name.text))
  }

  private mutating func readList(_ folders: [SplitFolders.Source]) throws(DatasetFailure) {
    let known = Set(folders.flatMap(\.classes))
    try AnnotationLines(AnnotationText.read(list)).forEach {
      (number, line) throws(DatasetFailure) in
      let fields = AnnotationLines.fields(of: line)
      guard !fields.isEmpty else { return }
      let name = RawName(AnnotationLines.trimmed(line))
      // An identifier may have blanks, but only a folder shows that they are not two.
      let isOne = fields.count == 1 || known.contains(name)
      guard isOne, !name.bytes.contains(UInt8(ascii: "/")), !name.text.hasPrefix(".") else {
        throw .line(list, number, expected: "one wnid such as n01443537", found: fields)
      }
      if let other = indices[name] {
        throw DatasetFailure(
          .badData,
          "'\(list)', line \(number): \(quoted(name.text)) is class \(other) already; "
            + "expected every wnid once")
      }
      add(name)
    }
    guard !classes.isEmpty else {
      throw DatasetFailure(
        .badData,
        "'\(list)' names no class; expected at least one line with a wnid such as n01443537")
    }
  }

  /// Names the classes where `words.txt` is there: `n01443537<tab>goldfish, Carassius` makes `goldfish`.
  private mutating func readNames() throws(DatasetFailure) {
    let path = "\(root)/words.txt"
    guard RawName(path).isFile else { return }
    try AnnotationLines(AnnotationText.read(path)).forEach { (_, line) throws(DatasetFailure) in
      let end = line.firstIndex(of: UInt8(ascii: "\t")) ?? line.count
      let id = AnnotationLines.trimmed(UnsafeBufferPointer(rebasing: line[..<end]))
      guard let label = indices[RawName(id)] else { return }
      let name = line.dropFirst(end + 1).prefix { $0 != UInt8(ascii: ",") }
      if !name.isEmpty { classes[label].name = RawName(name).text }
    }
  }

  /// A folder without a line in wnids.txt would silently be left out.
  private func refuseUnknown(_ folders: [SplitFolders.Source]) throws(DatasetFailure) {
    for source in folders {
      let unknown = source.classes.filter { indices[$0] == nil && !unlabelled.contains($0) }
      guard let first = unknown.first else { continue }
      let path = RawName(root).appending(source.folder.appending(first))
      throw DatasetFailure(
        .badData,
        "\(quoted(path.text)) is none of the \(classes.count) classes of '\(list)'; add a line with its "
          + "name there or move the folder away")
    }
  }
}

extension DatasetFailure {
  /// A line of a text file that does not say what it should.
  static func line(
    _ path: String, _ number: Int, expected: String, found fields: [UnsafeBufferPointer<UInt8>]
  ) -> DatasetFailure {
    let found = fields.map { RawName($0).text }.joined(separator: " ")
    return DatasetFailure(
      .badData, "'\(path)', line \(number): expected \(expected), found \(quoted(found))")
  }
}
