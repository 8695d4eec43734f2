import Foundation
import Glibc
import Testing
import XAIDatasets
import XAIFiles
import XAIImages
import XAITensor

/// Class folders, as torchvision reads them.
@Suite struct ImageFolderTests {
  /// Writes images of three classes into some split folders; an empty name is the folder itself.
  private func folder(_ splits: [String: Int]) throws -> DataFolder {
    let folder = try DataFolder(imagesPerClass: 1, testImages: 1)
    try folder.remove("")
    for (split, count) in splits {
      for (label, id) in ["b", "a", "C"].enumerated() {
        for number in 0..<count {
          let prefix = split.isEmpty ? "" : split + "/"
          try folder.writeImage(
            "\(prefix)\(id)/\(number).jpg", seed: 1000 * split.utf8.count + 100 * label + number)
        }
      }
    }
    return folder
  }

  private func open(
    _ folder: DataFolder, _ change: (inout DatasetOptions) -> Void = { _ in }
  ) throws -> OpenedDataset {
    var options = DatasetOptions()
    options.fitting = ImageFitting(height: DataFolder.side, width: DataFolder.side)
    (options.threads, options.cache) = (2, .none)
    change(&options)
    return try DataSource(folder.root).open(options)
  }

  private func counts(_ dataset: any ImageDataset) -> [Int] {
    Split.allCases.map { dataset.count(of: $0) }
  }

  @Test func `classes are the folders' names, sorted by their bytes`() throws {
    let data = try open(folder(["train": 5, "val": 2])).dataset
    #expect(
      data.classes.map(\.id) == ["C", "a", "b"] && data.classes.map(\.name) == ["C", "a", "b"])
    #expect(
      data.names(of: .test) == ["C/0.jpg", "C/1.jpg", "a/0.jpg", "a/1.jpg", "b/0.jpg", "b/1.jpg"])
    for split in Split.allCases {
      for index in 0..<data.count(of: split) {
        let sample = data.sample(at: index, of: split)
        #expect(data.classes[sample.label].id == sample.name.prefix(1))
      }
    }
  }

  struct Layout: Sendable {
    let splits: [String: Int]
    /// Train, validation, test.
    let counts: [Int]
    let words: String
  }

  static let layouts = [
    Layout(splits: ["train": 5, "val": 2], counts: [12, 3, 6], words: "val/ is the test split"),
    Layout(
      splits: ["train": 5, "valid": 2], counts: [12, 3, 6], words: "valid/ is the test split"),
    Layout(splits: ["train": 5, "test": 2], counts: [12, 3, 6], words: "test/ is the test split"),
    Layout(
      splits: ["train": 5, "validation": 2, "test": 1], counts: [15, 6, 3],
      words:
        "validation/ validates (no part of train/ is held back, the validation fraction is ignored)"
    ),
    Layout(splits: ["val": 2], counts: [0, 0, 6], words: "has no train/: val/ is the test split"),
    Layout(
      splits: ["train": 5], counts: [12, 3, 0], words: "there is no val/ or test/ to test on"),
    Layout(splits: ["": 5], counts: [12, 3, 15], words: "all of its images are the test split"),
  ]

  @Test(arguments: layouts)
  func `what is trained on, validates and tests is told`(_ layout: Layout) throws {
    let opened = try open(folder(layout.splits))
    #expect(counts(opened.dataset) == layout.counts)
    let report = opened.report
    #expect(report.notes.count + report.warnings.count == 1)
    // That trained images are tested must be read even where only warnings are.
    let told = layout.splits[""] == nil ? report.notes : report.warnings
    #expect(told.contains { $0.contains(layout.words) }, "\(report)")
  }

  @Test func `pixels are those of each image's own file, folders below included`() throws {
    let folder = try folder(["train": 2, "val": 1])
    try folder.writeImage("val/a/more/deep/x.png.jpeg", seed: 77)
    try folder.write(PNG.encode(RGBImage(height: 8, width: 8, repeating: (1, 2, 3))), "val/b/y.JPG")
    for place in [CachePlace.automatic, .none] {
      let data = try open(folder) { $0.cache = place }.dataset
      let names = data.names(of: .test)
      #expect(names == ["C/0.jpg", "a/0.jpg", "a/more/deep/x.png.jpeg", "b/0.jpg", "b/y.JPG"])
      for (index, name) in names.enumerated() {
        let wanted = try RGBImage(contentsOf: folder.path("val/\(name)")).pixels
        #expect(try data.pixels(at: index, of: .test) == wanted, "\(name)")
      }
    }
  }

  @Test func `files are named by themselves where no two of a split share a name`() throws {
    let folder = try folder(["train": 2])
    for (number, id) in ["a", "b", "C"].enumerated() {
      try folder.writeImage("val/\(id)/val_\(number).JPEG", seed: number)
    }
    #expect(
      try open(folder).dataset.names(of: .test) == ["val_2.JPEG", "val_0.JPEG", "val_1.JPEG"])
  }

  @Test func `wnids.txt decides the order and words.txt the names where they are there`() throws {
    let folder = try folder(["train": 2, "val": 1])
    try folder.write("b\nC\na\n", "wnids.txt")
    try folder.write("a\tapple, fruit\n", "words.txt")
    let data = try open(folder).dataset
    #expect(data.classes.map(\.id) == ["b", "C", "a"])
    #expect(data.classes.map(\.name) == ["b", "C", "apple"])
    try folder.write("b\nC\n", "wnids.txt")
    let failure = #expect(throws: DatasetFailure.self) { try open(folder) }
    #expect(failure?.description.contains("/train/a' is none of the 2 classes of") == true)
  }

  @Test func `Tiny ImageNet is read with val in class folders, whether its lists are there or not`()
    throws
  {
    let folder = try DataFolder(imagesPerClass: 5, testImages: 6)
    let annotated = try open(folder).dataset
    let everything = try annotated.everything()
    for number in 0..<6 {
      let id = DataFolder.ids[number % 3]
      let place = number < 3 ? "val/\(id)" : "val/\(id)/images"
      try folder.write(
        folder.bytes("val/images/val_\(number).JPEG"), "\(place)/val_\(number).JPEG")
    }
    try folder.remove("val/images")
    for name in ["val/val_annotations.txt", "wnids.txt", "words.txt"] {
      try folder.remove(name)
      let sorted = try open(folder).dataset
      #expect(counts(sorted) == counts(annotated))
      #expect(try sorted.everything() == everything)
      let label = { (data: any ImageDataset, index: Int) in
        data.classes[data.label(at: index, of: .test)].id
      }
      for index in 0..<6 {
        let name = sorted.name(at: index, of: .test)
        let other = try #require(annotated.names(of: .test).firstIndex(of: name))
        #expect(label(sorted, index) == label(annotated, other))
      }
    }
  }

  @Test func `a class that some split or all of them have no image of is named`() throws {
    let folder = try folder(["train": 3, "val": 1])
    try folder.remove("val/a")
    try folder.write("no image", "train/empty/readme.txt")
    let opened = try open(folder)
    #expect(opened.dataset.classes.map(\.id) == ["C", "a", "b", "empty"])
    #expect(opened.report.notes.last == "val/ has no image of 1 of the 4 classes: 'a'")
    #expect(
      opened.report.warnings
        == ["'\(folder.root)': 1 of the 4 classes have no image at all: 'empty'"])
    #expect(counts(opened.dataset) == [6, 3, 2])
  }

  @Test func `images of formats that are not read are counted and named, other files are not`()
    throws
  {
    let folder = try folder(["train": 2, "val": 1])
    let foreign = [
      "a.webp", "b.bmp", "c.GIF", "d.tif", "e.tiff", "f.heic", "g.avif",
    ]
    for name in foreign { try folder.write("no JPEG", "train/a/\(name)") }
    try folder.write(Array("RIFF1234WEBPVP8 ".utf8), "train/b/unnamed")
    for name in ["Thumbs.db", ".DS_Store", ".hidden.jpg", "a.txt", "a.xml"] {
      try folder.write("no image", "val/a/\(name)")
    }
    try folder.writeImage("val/a/picture.data", seed: 3)
    let opened = try open(folder)
    #expect(opened.dataset.count(of: .test) == 4)
    let warning = try #require(opened.report.warnings.first)
    #expect(opened.report.warnings.count == 1 && warning.contains("8 images are of a format"))
    for name in foreign + ["unnamed"] { #expect(warning.contains("/\(name)'"), "\(warning)") }
  }

  @Test func `images beside the class folders are told`() throws {
    let folder = try folder(["train": 2, "val": 1])
    try folder.writeImage("train/loose.jpg", seed: 1)
    #expect(
      try open(folder).report.warnings
        == ["'\(folder.root)': 1 image is in no folder of a class and left out: 'train/loose.jpg'"])
  }

  @Test func `a class may be called like a split`() throws {
    let data = try open(folder(["": 2])).dataset
    #expect(data.count(of: .test) == 6)
    let folder = try folder(["": 2])
    try folder.writeImage("train/locomotive.jpg", seed: 4)
    #expect(try open(folder).dataset.classes.map(\.id) == ["C", "a", "b", "train"])
  }

  @Test func `dangling links and images that are none are left out only where that is asked for`()
    throws
  {
    let folder = try folder(["train": 2, "val": 2])
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("val/a/0.JPEG"), withDestinationPath: "/no/such/file")
    let failure = #expect(throws: DatasetFailure.self) { try open(folder) }
    #expect(failure?.kind == .missingInput && failure?.code == .unreadable)
    #expect(failure?.description.contains("val/a/0.JPEG") == true)
    try folder.write("<html>", "val/b/1.jpg")
    let opened = try open(folder) { $0.skipCorrupt = true }
    #expect(opened.report.skipped == ["val/b/1.jpg", "val/a/0.JPEG"])
    #expect(counts(opened.dataset) == [3, 3, 5])
  }

  @Test func `a link that leads back up ends in a sentence`() throws {
    let folder = try folder(["train": 2, "val": 1])
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("train/a/up"), withDestinationPath: "..")
    let failure = #expect(throws: DatasetFailure.self) { try open(folder) }
    #expect(failure != nil)
  }

  @Test func `names that are no UTF-8 are read, and told apart`() throws {
    let folder = try folder(["train": 2, "val": 1])
    let image = try folder.bytes("val/a/0.jpg")
    for byte in [0xE9, 0xE8] as [UInt8] {
      let path = Array(folder.path("val/a/caf").utf8) + [byte] + Array(".jpg".utf8)
      let file = try OpenFile(RawName(path), flags: O_WRONLY | O_CREAT)
      try image.withUnsafeBytes { try file.write($0, at: 0) }
    }
    let data = try open(folder).dataset
    let names = data.names(of: .test)
    #expect(names == ["C/0.jpg", "a/0.jpg", "a/caf\\xE8.jpg", "a/caf\\xE9.jpg", "b/0.jpg"])
    #expect(try data.pixels(at: 2, of: .test) == data.pixels(at: 1, of: .test))
  }

  @Test func `a folder without images or classes says what was looked for`() throws {
    let folder = try folder(["train": 1])
    for id in ["a", "b", "C"] { try folder.remove("train/\(id)/0.jpg") }
    let empty = #expect(throws: DatasetFailure.self) { try open(folder) }
    #expect(
      empty?.description
        == "'\(folder.root)' holds no image: looked for JPEG and PNG files in the class folders of train/"
    )
    try folder.remove("train")
    try folder.writeImage("alone.jpg", seed: 1)
    let failure = #expect(throws: DatasetFailure.self) { try open(folder) }
    #expect(failure?.kind == .missingInput)
    for words in ["wnids.txt", "val/val_annotations.txt", "class folders", "train/, val/"] {
      #expect(failure?.description.contains(words) == true)
    }
  }

  @Test func `an image of a faulty file is told when it is met, and counted when all are decoded`()
    throws
  {
    let folder = try folder(["train": 2, "val": 2])
    for name in ["val/a/0.jpg", "val/b/1.jpg"] {
      try folder.write(folder.bytes(name).dropLast(2), name)
    }
    let told = Monitor<[String]>([])
    let opened = try open(folder) { $0.tell = { sentence in told.change { $0.append(sentence) } } }
    #expect(opened.report.warnings.isEmpty)
    _ = try opened.dataset.everything()
    _ = try opened.dataset.everything()
    let sentences = told.change { $0 }
    #expect(sentences.count == 1 && sentences[0].contains("val/a/0.jpg': Premature end"))
    let whole = try open(folder) { $0.cache = .automatic }
    let warning = try #require(whole.report.warnings.first)
    #expect(warning.hasPrefix("2 images were read although their files are faulty"))
    #expect(try open(folder) { $0.cache = .automatic }.report.warnings.isEmpty)
  }
}
