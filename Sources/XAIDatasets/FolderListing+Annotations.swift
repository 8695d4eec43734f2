import XAITensor

extension FolderListing {
  /// Says which class and objects each image of `val/images` has.
  static let annotations = "val/val_annotations.txt"

  /// Reads the boxes of a class's training images; some copies of the data come without them.
  mutating func readTrainingBoxes(
    _ folder: RawName, _ label: Int, _ range: Range<Int>
  ) throws(DatasetFailure) {
    let name = folder.lastComponent
    let file = RawName(root).appending(folder).appending(RawName(name.bytes + "_boxes.txt".utf8))
    guard let path = file.validText, file.isFile else { return }
    let inner = folder.appending(RawName("images"))
    let images = self.images
    let parts = [inner, folder].map { ($0.bytes.count, images.range(of: $0, in: range)) }
    try AnnotationLines(AnnotationText.read(path)).forEachFields {
      (number, fields) throws(DatasetFailure) in
      let box = try Self.box(fields, at: 1, path, number, expected: "a file name and x0 y0 x1 y1")
      guard let box else { return }
      let found = parts.lazy.compactMap { prefix, part in
        images.index(of: fields[0], in: part, prefix: prefix)
      }.first
      if let found {
        boxes.append(AnnotatedBox(image: Int32(found), label: Int32(label), box: box))
      }
    }
  }

  /// Reads which class each image of `val/images` has, and where its objects are.
  mutating func readAnnotations(_ range: Range<Int>) throws(DatasetFailure) {
    let path = "\(root)/\(Self.annotations)"
    let folder = RawName("val/images")
    try AnnotationLines(AnnotationText.read(path)).forEachFields {
      (number, fields) throws(DatasetFailure) in
      let expected = "a file name, a wnid and x0 y0 x1 y1"
      guard fields.count >= 2 else { throw .line(path, number, expected: expected, found: fields) }
      let box = try Self.box(fields, at: 2, path, number, expected: expected)
      let id = RawName(fields[1])
      guard let label = indices[id] else {
        throw DatasetFailure(
          .badData,
          "'\(path)', line \(number): \(quoted(id.text)) is none of the \(classes.count) classes of "
            + "'\(root)/\(RawName("\(root)/wnids.txt").isFile ? "wnids.txt" : "train")'")
      }
      guard let image = images.index(of: fields[0], in: range, prefix: folder.bytes.count) else {
        let name = RawName(fields[0])
        // What could not be looked at was left out with a word.
        let path = folder.appending(name).text
        if (leftOut.unreachable + leftOut.unsupported).contains(path) { return }
        throw DatasetFailure(
          .badData,
          "'\(path)', line \(number): there is no image \(quoted(name.text)) in "
            + "'\(root)/\(folder.text)'; unpack the data again or remove the line")
      }
      // Further lines of an image annotate further objects; the first one names its class.
      if labels[image] < 0 { labels[image] = Int32(label) }
      if let box {
        boxes.append(AnnotatedBox(image: Int32(image), label: Int32(label), box: box))
      }
    }
    if let unlabelled = range.first(where: { labels[$0] < 0 }) {
      throw DatasetFailure(
        .badData,
        "\(quoted("\(root)/\(images.path(unlabelled))")) has no line in '\(path)', "
          + "so its class is unknown; unpack the data again or remove the image")
    }
  }

  /// The box of a line that has four numbers from a field on; further fields are not looked at.
  private static func box(
    _ fields: [UnsafeBufferPointer<UInt8>], at start: Int, _ path: String, _ number: Int,
    expected: String
  ) throws(DatasetFailure) -> BoundingBox? {
    guard fields.count >= start + 4 else { return nil }
    guard let box = BoundingBox(fields[start..<start + 4]) else {
      throw .line(path, number, expected: expected, found: fields)
    }
    return box
  }
}
