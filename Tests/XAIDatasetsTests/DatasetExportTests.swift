import Testing
import XAIDatasets
import XAIFiles
import XAITensor
import XAITestSupport

@Suite struct DatasetExportTests {
  let dataset = ShapesDataset(
    seed: 5, trainCount: 24, validationCount: 12, testCount: 18)

  private func export(to folder: String) throws {
    try DatasetExport.write(dataset, to: folder)
  }

  @Test func `the folder has every file of the layout`() throws {
    let folder = try TemporaryFolder()
    let root = folder.file("new/shapes")
    try export(to: root)
    #expect(try Folder.entries(of: root) == ["train", "val", "wnids.txt", "words.txt"])
    let wnids = try WholeFile.read("\(root)/wnids.txt")
    #expect(wnids == Array(dataset.classes.map { "\($0.id)\n" }.joined().utf8))
    let words = try WholeFile.read("\(root)/words.txt")
    #expect(words.starts(with: "s01\tdisk\ns02\tring\n".utf8))
    for label in dataset.classes {
      let images = try Folder.entries(of: "\(root)/train/\(label.id)/images")
      #expect(images == (0..<3).map { "\(label.id)_\($0).JPEG" })
      let boxes = try WholeFile.read("\(root)/train/\(label.id)/\(label.id)_boxes.txt")
      #expect(boxes.count { $0 == UInt8(ascii: "\n") } == 3)
    }
    #expect(try Folder.entries(of: "\(root)/val/images").count == 18)
    let mask = dataset.mask(at: 0, of: .test)
    let (id, box) = (dataset.classes[mask.label].id, mask.box)
    let line = "val_0.JPEG\t\(id)\t\(box.xMin)\t\(box.yMin)\t\(box.xMax)\t\(box.yMax)\n"
    #expect(try WholeFile.read("\(root)/val/val_annotations.txt").starts(with: line.utf8))
  }

  @Test func `what was written is read back with the same classes, boxes and nearly the pixels`()
    throws
  {
    let folder = try TemporaryFolder()
    try export(to: folder.path)
    var options = DatasetOptions()
    options.cache = .none
    options.validationFraction = 0
    let files = try TinyImageNet.folder(folder.path, options: options)
    #expect(files.classes == dataset.classes)
    #expect(files.count(of: .train) == 36 && files.count(of: .test) == 18)
    for index in 0..<18 {
      let read = files.sample(at: index, of: .test)
      let number = try #require(Int(read.name.dropFirst(4).dropLast(5)))
      let written = dataset.sample(at: number, of: .test)
      #expect(read.label == written.label && read.boxes == written.boxes)
      try expectClose(render(files, index, .test), render(dataset, number, .test))
    }
    // In a class's folder the training images come first, then those of validation.
    var numbers = [Int](repeating: 0, count: 12)
    for (split, count) in [(Split.train, 24), (.validation, 12)] {
      for index in 0..<count {
        let written = dataset.sample(at: index, of: split)
        let name = "\(dataset.classes[written.label].id)_\(numbers[written.label]).JPEG"
        numbers[written.label] += 1
        let place = try #require(
          (0..<36).first { files.sample(at: $0, of: .train).name == name })
        #expect(files.sample(at: place, of: .train).boxes == written.boxes)
        try expectClose(render(files, place, .train), render(dataset, index, split))
      }
    }
  }

  @Test(arguments: DataSource.layouts.map(\.name))
  func `every layout gives back the same images under the same labels`(_ name: String) throws {
    let layout = try #require(DataSource.layouts.first { $0.name == name })
    func read(_ layout: ExportLayout) throws -> any ImageDataset {
      let folder = try TemporaryFolder()
      try DatasetExport.write(dataset, to: folder.path, as: layout)
      var options = DatasetOptions()
      options.cache = .none
      options.validationFraction = 0
      let opened = try DataSource(folder.path).open(options).dataset
      return Kept(opened, folder)
    }
    let (data, plain) = (try read(layout), try read(.tinyImageNet))
    #expect(data.classes == dataset.classes)
    #expect(try data.everything() == plain.everything())
    func labels(_ data: any ImageDataset, _ splits: [Split]) -> [String: Int] {
      var labels: [String: Int] = [:]
      for split in splits {
        for index in 0..<data.count(of: split) {
          labels[data.name(at: index, of: split)] = data.label(at: index, of: split)
        }
      }
      return labels
    }
    #expect(labels(data, [.train, .validation]) == labels(plain, [.train, .validation]))
    #expect(labels(data, [.test]) == labels(plain, [.test]))
    // Each class's images come in the same order, so that splits and limits are the same.
    for label in 0..<12 {
      func names(_ data: any ImageDataset) -> [String] {
        (0..<data.count(of: .test)).filter { data.label(at: $0, of: .test) == label }
          .map { data.name(at: $0, of: .test) }
      }
      #expect(names(data) == names(plain))
    }
    #expect(data.count(of: .validation) == (name == "folders" ? 12 : 0))
    if name == "val-folders" { #expect(data.digest == plain.digest) }
  }

  private func expectClose(_ left: [UInt8], _ right: [UInt8]) {
    let sum = zip(left, right).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
    #expect(Double(sum) / Double(left.count) < 6)
  }

  @Test func `progress counts every image`() throws {
    let folder = try TemporaryFolder()
    var seen: [Int] = []
    try DatasetExport.write(dataset, to: folder.path) { done, total in
      #expect(total == 54)
      seen.append(done)
    }
    #expect(seen == Array(1...54))
  }

  @Test func `a folder with something in it is refused and left alone`() throws {
    let folder = try TemporaryFolder()
    try AtomicFile.write("mine", to: folder.file("notes.txt"))
    let failure = #expect(throws: DatasetFailure.self) { try export(to: folder.path) }
    #expect(failure?.kind == .cannotCreate)
    #expect(
      failure?.description
        == "cannot export to '\(folder.path)': the folder is not empty; name a new one, empty it or"
        + " replace it")
    #expect(try Folder.entries(of: folder.path) == ["notes.txt"])
    // Nor is it replaced, as it is no export.
    let other = #expect(throws: DatasetFailure.self) {
      try DatasetExport.write(dataset, to: folder.path, replacing: true)
    }
    #expect((other?.cause as? FileFailure)?.code == .holdsOther)
    #expect(try Folder.entries(of: folder.path) == ["notes.txt"])
  }

  @Test func `an older export is replaced as a whole, a data set with more in it is not`() throws {
    let folder = try TemporaryFolder()
    let root = folder.file("shapes")
    try export(to: root)
    let other = ShapesDataset(seed: 6, trainCount: 12, validationCount: 12, testCount: 12)
    try DatasetExport.write(other, to: root, replacing: true)
    #expect(try Folder.entries(of: "\(root)/val/images").count == 12)
    #expect(try Folder.entries(of: root) == ["train", "val", "wnids.txt", "words.txt"])
    #expect(try Folder.entries(of: folder.path) == ["shapes"])
    try Folder.create("\(root)/test/images")
    #expect(throws: DatasetFailure.self) {
      try DatasetExport.write(dataset, to: root, replacing: true)
    }
    #expect(try Folder.entries(of: "\(root)/val/images").count == 12)
  }

  /// Shapes of which one cannot be read.
  private struct Faulty: ImageDataset {
    let base = ShapesDataset(seed: 5, trainCount: 24, validationCount: 0, testCount: 12)
    var name: String { base.name }
    var classes: [ClassLabel] { base.classes }
    var height: Int { base.height }
    var width: Int { base.width }
    func count(of split: Split) -> Int { base.count(of: split) }
    func sample(at index: Int, of split: Split) -> Sample { base.sample(at: index, of: split) }
    func readPixels(
      at index: Int, of split: Split, into pixels: UnsafeMutableBufferPointer<UInt8>
    ) throws(DatasetFailure) {
      guard index < 20 else { throw DatasetFailure(.badData, "damaged") }
      base.readPixels(at: index, of: split, into: pixels)
    }
  }

  @Test func `an export that fails leaves nothing behind, and what was there before`() throws {
    let folder = try TemporaryFolder()
    let root = folder.file("new")
    #expect(throws: DatasetFailure.self) { try DatasetExport.write(Faulty(), to: root) }
    #expect(try Folder.entries(of: folder.path).isEmpty)
    try Folder.create(root)
    #expect(throws: DatasetFailure.self) { try DatasetExport.write(Faulty(), to: root) }
    #expect(try Folder.entries(of: root).isEmpty)
    // A file in the way of the folder is nobody's to remove.
    try AtomicFile.write("mine", to: folder.file("file"))
    #expect(throws: DatasetFailure.self) {
      try DatasetExport.write(dataset, to: folder.file("file"))
    }
    #expect(try WholeFile.read(folder.file("file")) == Array("mine".utf8))
  }

  @Test func `a layout of another module is written like any other`() throws {
    let layout = ExportLayout(
      name: "plain", summary: "train and val", innerFolder: "pictures", keepsValidation: false,
      annotates: false)
    let folder = try TemporaryFolder()
    try DatasetExport.write(dataset, to: folder.path, as: layout)
    #expect(try Folder.entries(of: folder.file("train/s01/pictures")).count == 3)
    #expect(try !Folder.entries(of: folder.file("val/s01")).isEmpty)
  }

  @Test func `a folder that cannot be made is refused`() throws {
    let folder = try TemporaryFolder()
    try AtomicFile.write("", to: folder.file("file"))
    let failure = #expect(throws: DatasetFailure.self) { try export(to: folder.file("file/new")) }
    #expect(failure?.kind == .cannotCreate)
  }
}

/// A data set whose folder stays as long as it does.
private struct Kept: ImageDataset {
  let base: any ImageDataset
  let folder: TemporaryFolder

  init(_ base: any ImageDataset, _ folder: TemporaryFolder) {
    (self.base, self.folder) = (base, folder)
  }

  var name: String { base.name }
  var classes: [ClassLabel] { base.classes }
  var digest: String { base.digest }
  var height: Int { base.height }
  var width: Int { base.width }
  func count(of split: Split) -> Int { base.count(of: split) }
  func sample(at index: Int, of split: Split) -> Sample { base.sample(at: index, of: split) }
  func readPixels(
    at index: Int, of split: Split, into pixels: UnsafeMutableBufferPointer<UInt8>
  ) throws(DatasetFailure) { try base.readPixels(at: index, of: split, into: pixels) }
}
