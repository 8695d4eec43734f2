import XAIFiles
import XAIImages
import XAITensor

/// How a data set is laid out as files.
public struct ExportLayout: Sendable {
  /// The word that names it: `tiny-imagenet`.
  public let name: String
  /// What it is, in a few words.
  public let summary: String
  /// Between a class's training images and its folder: `images`, or nothing.
  let innerFolder: String?
  /// Whether validation images have a folder `val` of their own, and test images one called `test`.
  let keepsValidation: Bool
  /// Whether `val_annotations.txt`, and not folders, says which class a test image has.
  let annotates: Bool

  /// Describes a layout; class folders are called by the classes' ids.
  /// - Parameters:
  ///   - name: The word that names it.
  ///   - summary: What it is, in a few words.
  ///   - innerFolder: Between a class's training images and its folder: `images`, or nothing.
  ///   - keepsValidation: Whether validation images have a folder `val` of their own, and test images one
  ///     called `test`; else the former are among the training images, and `val` holds the latter.
  ///   - annotates: Whether `val_annotations.txt`, and not folders, says which class a test image has;
  ///     not where validation is kept.
  public init(
    name: String, summary: String, innerFolder: String?, keepsValidation: Bool, annotates: Bool
  ) {
    precondition(
      !(keepsValidation && annotates), "in the layout \(name), val/ would hold images of two splits"
    )
    (self.name, self.summary, self.innerFolder) = (name, summary, innerFolder)
    (self.keepsValidation, self.annotates) = (keepsValidation, annotates)
  }

  /// `train/ID/images/`, `val/images/` and `val/val_annotations.txt`.
  public static let tinyImageNet = ExportLayout(
    name: "tiny-imagenet", summary: "Tiny ImageNet's, with annotations", innerFolder: "images",
    keepsValidation: false, annotates: true)
  /// `train/ID/images/` and `val/ID/`.
  public static let valFolders = ExportLayout(
    name: "val-folders", summary: "Tiny ImageNet's, with val/ in class folders",
    innerFolder: "images", keepsValidation: false, annotates: false)
  /// `train/ID/`, `val/ID/` and `test/ID/`.
  public static let folders = ExportLayout(
    name: "folders", summary: "class folders in train/, val/ and test/", innerFolder: nil,
    keepsValidation: true, annotates: false)

  func trainingFolder(_ id: String) -> String {
    "train/\(id)" + (innerFolder.map { "/\($0)" } ?? "")
  }

  func testFolder(_ id: String) -> String {
    annotates ? "val/images" : keepsValidation ? "test/\(id)" : "val/\(id)"
  }

  /// Every folder that images of a data set go to.
  func folders(of dataset: some ImageDataset) -> [String] {
    let validates = keepsValidation && dataset.count(of: .validation) > 0
    return dataset.classes.flatMap { label in
      [trainingFolder(label.id), testFolder(label.id)] + (validates ? ["val/\(label.id)"] : [])
    }
  }
}

/// Writes data sets as files that other programs read.
public enum DatasetExport {
  /// Writes a data set as JPEG files.
  ///
  /// Each class numbers its training and validation images in this order (`s01_0.JPEG`, `s01_1.JPEG`,
  /// ...), whatever folder they go to; test images are `val_0.JPEG` and so on. `wnids.txt` is written
  /// last, so that an export which was interrupted cannot be mistaken for a whole one; one that fails is
  /// removed.
  /// - Parameters:
  ///   - dataset: The data set.
  ///   - folder: Where it goes: a folder that does not exist yet or is empty.
  ///   - layout: How it is laid out.
  ///   - isReplacing: Whether an older export that is there is replaced, once the new one is whole.
  ///   - quality: The quality of the JPEG files, 1 ... 100.
  ///   - progress: Told after each image how many of how many are written.
  /// - Throws: `DatasetFailure`: `.cannotCreate` if the folder is not empty or cannot be made,
  ///   `.inputOutput` if the disk is full, and what the data set throws.
  public static func write(
    _ dataset: some ImageDataset, to folder: String, as layout: ExportLayout = .tinyImageNet,
    replacing isReplacing: Bool = false, quality: Int = 95,
    progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws(DatasetFailure) {
    precondition(1...100 ~= quality, "a JPEG quality of \(quality) does not exist")
    var replacement: NewFolder?
    if try requirePlace(folder, replacing: isReplacing) {
      try reporting { () throws(FileFailure) in
        replacement = try NewFolder(folder, work: "exporting into", replacing: isExport)
      }
    }
    let isNew = !Folder.exists(folder)
    do {
      try write(dataset, into: replacement?.draft ?? folder, as: layout, quality, progress)
    } catch {
      // What is not whole would stand in the way of the next try.
      if replacement == nil { clear(folder, isNew: isNew) }
      throw error
    }
    try reporting { () throws(FileFailure) in try replacement?.finish() }
  }

  /// Removes what an export writes, and nothing else that someone may have put there.
  private static func clear(_ folder: String, isNew: Bool) {
    guard Folder.exists(folder) else { return }
    for name in ["wnids.txt", "words.txt", "train", "val", "test"] {
      try? Folder.remove("\(folder)/\(name)")
    }
    guard isNew, let rest = try? Folder.entries(of: folder), rest.isEmpty else { return }
    try? Folder.remove(folder)
  }

  /// Makes sure that a data set can be written to a folder, before the work.
  /// - Parameters:
  ///   - folder: The folder.
  ///   - isReplacing: Whether what is in it may be replaced.
  /// - Returns: Whether there is something in it.
  /// - Throws: `DatasetFailure`: `.cannotCreate` where there is and may not be replaced.
  @discardableResult
  public static func requirePlace(
    _ folder: String, replacing isReplacing: Bool
  ) throws(DatasetFailure) -> Bool {
    var isEmpty = true
    try reporting { () throws(FileFailure) in
      guard Folder.exists(folder) else { return }
      isEmpty = try Folder.entries(of: folder).isEmpty
    }
    guard isEmpty || isReplacing else {
      throw DatasetFailure(
        .cannotCreate,
        "cannot export to '\(folder)': the folder is not empty; name a new one, empty it or replace it",
        code: .exportNotEmpty)
    }
    return !isEmpty
  }

  /// Whether a folder has a layout of an export, and nothing else; copies of Tiny ImageNet have test images
  /// without classes too.
  private static func isExport(_ folder: String) -> Bool {
    guard let names = try? Folder.entries(of: folder) else { return false }
    let needed = ["train", "wnids.txt", "words.txt"]
    let allowed = needed + ["val", "test", ".lock"]
    return needed.allSatisfy(names.contains)
      && names.allSatisfy { allowed.contains($0) || $0.hasPrefix(".xai-cache") }
      && Folder.exists("\(folder)/train") && !Folder.exists("\(folder)/test/images")
  }

  private static func write(
    _ dataset: some ImageDataset, into folder: String, as layout: ExportLayout, _ quality: Int,
    _ progress: (_ done: Int, _ total: Int) -> Void
  ) throws(DatasetFailure) {
    try prepare(folder, layout.folders(of: dataset))
    let total = Split.allCases.reduce(0) { $0 + dataset.count(of: $1) }
    var done = 0
    let encoder = Encoder(dataset: dataset, quality: quality)

    var numbers = [Int](repeating: 0, count: dataset.classes.count)
    var boxes = [String](repeating: "", count: dataset.classes.count)
    for split in [Split.train, .validation] {
      for index in 0..<dataset.count(of: split) {
        let sample = dataset.sample(at: index, of: split)
        let id = dataset.classes[sample.label].id
        let file = "\(id)_\(numbers[sample.label]).JPEG"
        numbers[sample.label] += 1
        let place =
          layout.keepsValidation && split == .validation
          ? "val/\(id)" : layout.trainingFolder(id)
        try encoder.write(index, of: split, to: "\(folder)/\(place)/\(file)")
        for box in sample.boxes where box.label == sample.label {
          boxes[sample.label] += "\(file)\t\(fields(box.box))\n"
        }
        done += 1
        progress(done, total)
      }
    }
    if layout.innerFolder != nil {
      for (label, text) in zip(dataset.classes, boxes) {
        try write(text, to: "\(folder)/train/\(label.id)/\(label.id)_boxes.txt")
      }
    }

    var annotations = ""
    for index in 0..<dataset.count(of: .test) {
      let sample = dataset.sample(at: index, of: .test)
      let file = "val_\(index).JPEG"
      let place = layout.testFolder(dataset.classes[sample.label].id)
      try encoder.write(index, of: .test, to: "\(folder)/\(place)/\(file)")
      for box in annotated(sample, dataset) {
        annotations += "\(file)\t\(dataset.classes[box.label].id)\t\(fields(box.box))\n"
      }
      done += 1
      progress(done, total)
    }
    if layout.annotates { try write(annotations, to: "\(folder)/val/val_annotations.txt") }
    let words = dataset.classes.map { "\($0.id)\t\($0.name)\n" }
    try write(words.joined(), to: "\(folder)/words.txt")
    try reporting { () throws(FileFailure) in try Folder.synchronizeAll(in: folder) }
    try write(dataset.classes.map { "\($0.id)\n" }.joined(), to: "\(folder)/wnids.txt")
  }

  /// The lines of a test image: its own class first, since the first line names the class.
  private static func annotated(
    _ sample: Sample, _ dataset: some ImageDataset
  ) -> [LabelledBox] {
    let whole = BoundingBox(xMin: 0, yMin: 0, xMax: dataset.width - 1, yMax: dataset.height - 1)
    let own = sample.boxes.filter { $0.label == sample.label }
    return (own.isEmpty ? [LabelledBox(label: sample.label, box: whole)] : own)
      + sample.boxes.filter { $0.label != sample.label }
  }

  private static func fields(_ box: BoundingBox) -> String {
    "\(box.xMin)\t\(box.yMin)\t\(box.xMax)\t\(box.yMax)"
  }

  private static func prepare(
    _ folder: String, _ folders: [String]
  ) throws(DatasetFailure) {
    try reporting { () throws(FileFailure) in
      try Folder.create(folder)
      for name in folders { try Folder.create("\(folder)/\(name)", durability: .later) }
    }
  }

  private static func write(_ text: String, to path: String) throws(DatasetFailure) {
    try reporting { () throws(FileFailure) in try AtomicFile.write(text, to: path) }
  }

  private static func reporting(
    _ body: () throws(FileFailure) -> Void
  ) throws(DatasetFailure) {
    do { try body() } catch { throw DatasetFailure(error) }
  }
}

/// Turns images of a data set into JPEG files.
private struct Encoder<Source: ImageDataset> {
  let dataset: Source
  let quality: Int

  func write(_ index: Int, of split: Split, to path: String) throws(DatasetFailure) {
    var image = RGBImage(height: dataset.height, width: dataset.width, repeating: (0, 0, 0))
    try image.pixels.withUnsafeMutableBufferPointer { (pixels) throws(DatasetFailure) in
      try dataset.readPixels(at: index, of: split, into: pixels)
    }
    let bytes: [UInt8]
    do { bytes = try JPEG.encode(image, quality: quality) } catch {
      throw DatasetFailure(error.kind, "cannot encode '\(path)': \(error.description)")
    }
    do { try AtomicFile.write(bytes, to: path, durability: .later) } catch {
      throw DatasetFailure(error)
    }
  }
}
