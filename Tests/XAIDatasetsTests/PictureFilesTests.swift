import Foundation
import Testing
import XAIDatasets
import XAIImages
import XAITensor

@Suite struct PictureFilesTests {
  private let fitting = ImageFitting(height: 8, width: 8)

  @Test func `folders are descended, and what is left out is told`() throws {
    let folder = try DataFolder(imagesPerClass: 1, testImages: 1)
    try folder.remove("")
    try folder.writeImage("b.jpg", seed: 1)
    try folder.writeImage("a/z.JPEG", seed: 2)
    try folder.writeImage("a/more/y", seed: 3)
    try folder.write("no image", "a/notes.txt")
    try folder.write("no image", "a/x.webp")
    var told: [String] = []
    let pictures = try PictureFiles.read([folder.root, folder.path("b.jpg")], fitting: fitting) {
      told.append($0)
    }
    #expect(pictures.map(\.file.name) == ["b.jpg", "a/z.JPEG", "a/more/y", "b.jpg"])
    #expect(try pictures[2].image.pixels == folder.pixels("a/more/y"))
    #expect(
      told
        == [
          "'\(folder.root)': 1 image is of a format that is not read (expected JPEG or PNG) and left "
            + "out: 'a/x.webp'"
        ])
  }

  @Test func `faulty files that lose no pixel are counted, and the first is named`() throws {
    let folder = try DataFolder(imagesPerClass: 1, testImages: 3)
    for number in 1..<3 {
      let name = "val/images/val_\(number).JPEG"
      try folder.write(folder.bytes(name).dropLast(2), name)
    }
    var told: [String] = []
    _ = try PictureFiles.read([folder.path("val/images")], fitting: fitting) { told.append($0) }
    #expect(told.count == 1 && told[0].hasPrefix("2 images were read although"))
    #expect(told[0].contains("val/images/val_1.JPEG': Premature end of JPEG file"))
  }

  @Test func `a folder without images and a file that is missing are told`() throws {
    let folder = try DataFolder(imagesPerClass: 1, testImages: 1)
    try folder.write("x", "nothing/a.gif")
    let empty = #expect(throws: DatasetFailure.self) {
      try PictureFiles([folder.path("nothing")])
    }
    #expect(empty?.kind == .missingInput)
    #expect(empty?.description.contains("nothing' holds no image: expected files .jpg") == true)
    #expect(empty?.description.contains("a.gif") == true)
    let missing = #expect(throws: DatasetFailure.self) {
      try PictureFiles.read([folder.path("no.jpg")], fitting: fitting) { _ in }
    }
    #expect(missing?.kind == .missingInput)
  }
}

@Suite struct SkippedPicturesTests {
  private let fitting = ImageFitting(height: 8, width: 8)

  static let faults: [String] = ["junk", "empty", "truncated", "a link to nothing"]

  /// A folder with one good image, between which and the end something lies that cannot be read.
  private func folder(_ fault: String) throws -> DataFolder {
    let folder = try DataFolder(imagesPerClass: 1, testImages: 1)
    try folder.remove("")
    try folder.writeImage("a.jpg", seed: 1)
    switch fault {
    case "junk": try folder.write("no image", "b.jpg")
    case "empty": try folder.write("", "b.jpg")
    case "truncated": try folder.write(Array(folder.bytes("a.jpg").dropLast(40)), "b.jpg")
    default:
      try FileManager.default.createSymbolicLink(
        atPath: folder.path("b.jpg"), withDestinationPath: "/no/such")
    }
    return folder
  }

  @Test(arguments: faults)
  func `what cannot be read is a failure of a code that leaves it out and says so`(
    _ fault: String
  ) throws {
    let folder = try folder(fault)
    let failure = #expect(throws: DatasetFailure.self) {
      try PictureFiles.read([folder.root], fitting: fitting) { _ in }
    }
    #expect(failure?.code == .unreadable)
    var told: [String] = []
    let pictures = try PictureFiles.read([folder.root], fitting: fitting, skipCorrupt: true) {
      told.append($0)
    }
    #expect(pictures.map(\.file.name) == ["a.jpg"])
    #expect(told.count == 1 && told.allSatisfy { $0.contains("b.jpg") })
  }

  @Test(arguments: faults)
  func `a list of files loses the same ones`(_ fault: String) throws {
    let folder = try folder(fault)
    var told: [String] = []
    var found = try PictureFiles([folder.root], skipsUnreachable: true)
    try found.leaveOutUnreadable(fitting: fitting) { told.append($0) }
    #expect(found.files.map(\.name) == ["a.jpg"])
    #expect(told.count + found.warnings.count == 1)
  }

  @Test func `where no picture is left that is a failure, and so is a file that is not there`()
    throws
  {
    let folder = try folder("junk")
    let junk = #expect(throws: DatasetFailure.self) {
      try PictureFiles.read([folder.path("b.jpg")], fitting: fitting, skipCorrupt: true) { _ in }
    }
    #expect(junk?.description == "none of the pictures can be read; name others")
    let missing = #expect(throws: DatasetFailure.self) {
      try PictureFiles.read(
        [folder.path("a.jpg"), folder.path("no.jpg")], fitting: fitting, skipCorrupt: true
      ) { _ in }
    }
    #expect(missing?.kind == .missingInput)
  }
}

@Suite struct SampleNamesTests {
  private func split(_ text: String, _ names: Set<String>) -> [String] {
    SampleNames.split(text) { names.contains($0) }
  }

  @Test func `commas divide, blanks after them do not count`() {
    #expect(split("a.jpg, b.jpg,,c.jpg", []) == ["a.jpg", "b.jpg", "c.jpg"])
    #expect(split(",", []) == [])
  }

  @Test func `a name with commas that there is wins, the longest first`() {
    let names: Set = ["dog, brown.jpg", "dog", "a,b", "a,b,c", "d"]
    #expect(split("dog, brown.jpg", names) == ["dog, brown.jpg"])
    #expect(split("d,dog, brown.jpg,dog", names) == ["d", "dog, brown.jpg", "dog"])
    #expect(split("a,b,c,d", names) == ["a,b,c", "d"])
    #expect(split("a,b,d", names) == ["a,b", "d"])
  }
}
