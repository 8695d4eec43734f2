import Foundation
import Testing
import XAIDatasets
import XAITensor

/// The sizes in which images are kept, and what is said of data that are none.
@Suite struct StoredSizesTests {
  /// Class folders in place of Tiny ImageNet's layout.
  private func folder(_ sizes: [(height: Int, width: Int)]) throws -> DataFolder {
    let folder = try DataFolder(imagesPerClass: 1, testImages: 1)
    try folder.remove("")
    for (number, size) in sizes.enumerated() {
      try folder.writeImage(
        "train/c\(number % 2)/\(number).jpg", seed: number, height: size.height, width: size.width)
    }
    return folder
  }

  @Test func `one size is one whatever the layout`() throws {
    let tiny = try DataFolder(imagesPerClass: 2, testImages: 2)
    let side = DataFolder.side
    let size = StoredSizes(height: side, width: side)
    #expect(try DataSource(tiny.root).storedSizes(skipCorrupt: false) == size)
    let plain = try folder([(9, 12), (9, 12), (9, 12)])
    #expect(
      try DataSource(plain.root).storedSizes(skipCorrupt: false)
        == StoredSizes(height: 9, width: 12))
    #expect(
      try DataSource("shapes").storedSizes(skipCorrupt: false)
        == StoredSizes(height: 64, width: 64))
  }

  @Test func `several sizes are told by their extremes, junk does not count`() throws {
    let folder = try folder([(9, 12), (20, 12), (15, 30)])
    try folder.write("no image", "train/c0/junk.jpg")
    let sizes = try #require(try DataSource(folder.root).storedSizes(skipCorrupt: false))
    #expect(!sizes.isOne && sizes.heights == 9...20 && sizes.widths == 12...30)
    #expect(sizes.description == "9 to 20 rows and 12 to 30 columns")
    var other = StoredSizes(height: 3, width: 4)
    #expect(other.isOne && other.description == "3 rows and 4 columns")
    other.add(height: 3, width: 5)
    #expect(!other.isOne && other.description == "3 rows and 4 to 5 columns")
  }

  @Test func `links to nothing are a failure unless they are left out`() throws {
    let folder = try folder([(9, 12)])
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("train/c0/link.jpg"), withDestinationPath: "/no/such")
    #expect(throws: DatasetFailure.self) {
      try DataSource(folder.root).storedSizes(skipCorrupt: false)
    }
    #expect(
      try DataSource(folder.root).storedSizes(skipCorrupt: true)
        == StoredSizes(height: 9, width: 12))
  }

  @Test func `data that no format knows are refused by what is there`() throws {
    let folder = try DataFolder(imagesPerClass: 1, testImages: 1)
    try folder.remove("")
    try folder.write("x", "a.txt")
    let cases = [
      ("", "' holds no data of a known form; looked for "),
      ("/none", "cannot read the folder '\(folder.root)/none': No such file"),
      ("/a.txt", "'\(folder.root)/a.txt' is a file, not a folder; looked for "),
    ]
    for (name, sentence) in cases {
      let source = DataSource(folder.root + name)
      let opening = #expect(throws: DatasetFailure.self) { try source.open(DatasetOptions()) }
      let sizes = #expect(throws: DatasetFailure.self) {
        try source.storedSizes(skipCorrupt: false)
      }
      #expect(opening == sizes && opening?.kind == .missingInput)
      #expect(opening?.description.contains(sentence) == true, "\(opening?.description ?? "")")
      for format in DataSource.formats {
        #expect(opening?.description.contains(format.evidence) == true)
      }
    }
  }
}
