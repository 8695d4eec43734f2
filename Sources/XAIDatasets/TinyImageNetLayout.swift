import Glibc
import XAIFiles
import XAITensor

/// What the text files and folders of Tiny ImageNet's layout say, before any image is decoded.
struct TinyImageNetLayout {
  let root: String
  private(set) var classes: [ClassLabel] = []
  /// Every image: the training images class by class, then those of `val`.
  private(set) var images = ImageTable()
  /// The class of every image.
  private(set) var labels: [Int32] = []
  /// The training images of each class.
  private(set) var training: [Range<Int>] = []
  /// The images of `val`.
  private(set) var test = 0..<0
  /// Every annotated object, sorted by image.
  private(set) var boxes: [AnnotatedBox] = []
  private var indices: [String: Int] = [:]

  /// A rectangle in an image file, as annotated.
  struct AnnotatedBox {
    var image: Int32
    var label: Int32
    var box: BoundingBox
  }

  init(root: String) throws(DatasetFailure) {
    self.root = root
    try readClasses()
    try refuseUnknownFolders()
    for label in classes.indices { try listTraining(label) }
    try listTest()
    // Stable: an image's objects stay in the order of their lines.
    boxes = boxes.enumerated()
      .sorted { ($0.element.image, $0.offset) < ($1.element.image, $1.offset) }.map(\.element)
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

  private mutating func readClasses() throws(DatasetFailure) {
    let path = "\(root)/wnids.txt"
    try AnnotationLines(read(path)).forEachFields { (number, fields) throws(DatasetFailure) in
      let id = String(decoding: fields[0], as: UTF8.self)
      guard fields.count == 1, !id.contains("/"), !id.hasPrefix(".") else {
        throw .line(path, number, expected: "one wnid such as n01443537", found: fields)
      }
      if let other = indices.updateValue(classes.count, forKey: id) {
        throw DatasetFailure(
          .badData,
          "'\(path)', line \(number): \(quoted(id)) is class \(other) already; "
            + "expected every wnid once")
      }
      classes.append(ClassLabel(id: id, name: id))
    }
    guard !classes.isEmpty else {
      throw DatasetFailure(
        .badData,
        "'\(path)' names no class; expected at least one line with a wnid such as n01443537")
    }
    try readNames()
  }

  /// Names the classes: `n01443537<tab>goldfish, Carassius auratus` makes `goldfish`.
  private mutating func readNames() throws(DatasetFailure) {
    try AnnotationLines(read("\(root)/words.txt")).forEach { (_, line) throws(DatasetFailure) in
      let end = line.firstIndex(of: UInt8(ascii: "\t")) ?? line.count
      guard let label = indices[String(decoding: line[..<end], as: UTF8.self)] else { return }
      let name = line.dropFirst(end + 1).prefix { $0 != UInt8(ascii: ",") }
      if !name.isEmpty { classes[label].name = String(decoding: name, as: UTF8.self) }
    }
  }

  /// A folder without a line in wnids.txt would silently be left out of the training.
  private func refuseUnknownFolders() throws(DatasetFailure) {
    let place = "\(root)/train"
    guard let stream = opendir(place) else {
      throw .unreadable(folder: place, SystemError(), expecting: "one folder per class")
    }
    defer { closedir(stream) }
    let unknown = ImageTable.names(in: stream)
      .map { ImageTable.text($0) }
      .filter { indices[$0] == nil && Folder.exists("\(place)/\($0)") }
    guard unknown.isEmpty else {
      throw DatasetFailure(
        .badData,
        "\(quoted("\(place)/\(unknown[0])")) is none of the \(classes.count) classes of "
          + "'\(root)/wnids.txt'; add a line with its name there or move the folder away")
    }
  }

  private mutating func listTraining(_ label: Int) throws(DatasetFailure) {
    let id = classes[label].id
    let folder = "train/\(id)/images"
    let range = try images.append(folder: folder, under: root)
    training.append(range)
    labels.append(contentsOf: repeatElement(Int32(label), count: range.count))
    // Boxes are not needed for training: some copies of the data come without these files.
    let path = "\(root)/train/\(id)/\(id)_boxes.txt"
    guard access(path, F_OK) == 0 else { return }
    try AnnotationLines(read(path)).forEachFields { (number, fields) throws(DatasetFailure) in
      guard fields.count == 5, let box = BoundingBox(fields[1...]) else {
        throw .line(path, number, expected: "a file name and x0 y0 x1 y1", found: fields)
      }
      if let image = images.index(of: fields[0], in: range, prefix: folder.utf8.count) {
        boxes.append(AnnotatedBox(image: Int32(image), label: Int32(label), box: box))
      }
    }
  }

  private mutating func listTest() throws(DatasetFailure) {
    let folder = "val/images"
    let range = try images.append(folder: folder, under: root)
    test = range
    labels.append(contentsOf: repeatElement(-1, count: range.count))
    let path = "\(root)/val/val_annotations.txt"
    try AnnotationLines(read(path)).forEachFields { (number, fields) throws(DatasetFailure) in
      guard fields.count == 6, let box = BoundingBox(fields[2...]) else {
        throw .line(path, number, expected: "a file name, a wnid and x0 y0 x1 y1", found: fields)
      }
      let id = String(decoding: fields[1], as: UTF8.self)
      guard let label = indices[id] else {
        throw DatasetFailure(
          .badData,
          "'\(path)', line \(number): \(quoted(id)) is none of the \(classes.count) classes of "
            + "'\(root)/wnids.txt'")
      }
      guard let image = images.index(of: fields[0], in: range, prefix: folder.utf8.count) else {
        let name = String(decoding: fields[0], as: UTF8.self)
        throw DatasetFailure(
          .badData,
          "'\(path)', line \(number): there is no image \(quoted(name)) in '\(root)/\(folder)'; unpack "
            + "the data again or remove the line")
      }
      // Further lines of an image annotate further objects; the first one names its class.
      if labels[image] < 0 { labels[image] = Int32(label) }
      boxes.append(AnnotatedBox(image: Int32(image), label: Int32(label), box: box))
    }
    if let unlabelled = range.first(where: { labels[$0] < 0 }) {
      throw DatasetFailure(
        .badData,
        "\(quoted("\(root)/\(images.path(unlabelled))")) has no line in '\(path)', "
          + "so its class is unknown; unpack the data again or remove the image")
    }
  }

  private func read(_ path: String) throws(DatasetFailure) -> [UInt8] {
    do {
      return try WholeFile.read(path, limit: 1 << 28)
    } catch {
      throw DatasetFailure(error.kind, error.description)
    }
  }
}

extension DatasetFailure {
  /// A line of a text file that does not say what it should.
  fileprivate static func line(
    _ path: String, _ number: Int, expected: String, found fields: [UnsafeBufferPointer<UInt8>]
  ) -> DatasetFailure {
    let found = fields.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
    return DatasetFailure(
      .badData, "'\(path)', line \(number): expected \(expected), found \(quoted(found))")
  }
}
