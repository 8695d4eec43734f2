import Foundation
import Testing
import XAIDatasets
import XAIImages
import XAITensor

/// Lists and annotations as editors and other programs write them.
@Suite struct AnnotationTests {
  private static let annotations = "val/val_annotations.txt"

  private func fields(_ text: String) -> [[String]] {
    var lines: [[String]] = []
    AnnotationLines(Array(text.utf8)).forEachFields { (_, fields) in
      lines.append(fields.map { String(decoding: $0, as: UTF8.self) })
    }
    return lines
  }

  @Test func `lines end with LF, CR LF or CR, and are numbered alike`() {
    for end in ["\n", "\r\n", "\r"] {
      var numbers: [Int] = []
      AnnotationLines(Array("a\(end)\(end)b\(end)c".utf8)).forEach { (number, _) in
        numbers.append(number)
      }
      #expect(numbers == [1, 3, 4])
    }
  }

  @Test func `where a line has a tab only tabs separate`() {
    #expect(
      fields("hot dog\tval 4.JPEG \t 1\na b  c\n\t\n  \n") == [
        ["hot dog", "val 4.JPEG", "1"], ["a", "b", "c"],
      ])
  }

  @Test(arguments: ["utf-8", "utf-16 little", "utf-16 big"])
  func `byte order marks are no part of the first line`(_ form: String) throws {
    let folder = try DataFolder()
    let wanted = try folder.open().everything()
    for name in ["wnids.txt", "words.txt", Self.annotations] {
      let text = String(decoding: try folder.bytes(name), as: UTF8.self)
      let units = ("\u{FEFF}" + text).utf16
      switch form {
      case "utf-8": try folder.write("\u{FEFF}" + text, name)
      case "utf-16 little":
        try folder.write(units.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }, name)
      default: try folder.write(units.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }, name)
      }
    }
    let data = try folder.open { $0.cache = .none }
    #expect(data.classes.map(\.name) == ["ox", "goldfish", "great white shark"])
    #expect(try data.everything() == wanted)
  }

  @Test func `identifiers and names of files may hold blanks`() throws {
    let folder = try DataFolder()
    try FileManager.default.moveItem(
      atPath: folder.path("train/n01"), toPath: folder.path("train/hot dog"))
    try FileManager.default.moveItem(
      atPath: folder.path("val/images/val_4.JPEG"), toPath: folder.path("val/images/val 4.JPEG"))
    try folder.write("n03\nhot dog\nn02\n", "wnids.txt")
    try folder.write("hot dog\tsausage, food\n", "words.txt")
    let text = String(decoding: try folder.bytes(Self.annotations), as: UTF8.self)
    try folder.write(
      text.replacing("n01", with: "hot dog").replacing("val_4", with: "val 4"), Self.annotations)
    let data = try folder.open()
    #expect(data.classes[1].id == "hot dog" && data.classes[1].name == "sausage")
    let index = try #require(data.names(of: .test).firstIndex(of: "val 4.JPEG"))
    #expect(data.label(at: index, of: .test) == 1)
  }

  @Test func `a line may have no box, and more columns than a box`() throws {
    let folder = try DataFolder(testImages: 3)
    try folder.write(
      "val_0.JPEG\tn01\nval_1.JPEG\tn02\tshark\nval_2.JPEG\tn03\t1\t2\t3\t4\tmore\t9\n",
      Self.annotations)
    try folder.write("n01_0.JPEG\nn01_1.JPEG\t1\t2\t3\t4\tmore\n", "train/n01/n01_boxes.txt")
    let data = try folder.open { $0.validationFraction = 0 }
    #expect((0..<3).map { data.label(at: $0, of: .test) } == [1, 2, 0])
    let boxes = (0..<3).map { data.sample(at: $0, of: .test).boxes.map(\.box) }
    let box = BoundingBox(xMin: 1, yMin: 2, xMax: 3, yMax: 4)
    #expect(boxes == [[], [], [box]])
    #expect((10..<12).map { data.sample(at: $0, of: .train).boxes.map(\.box) } == [[], [box]])
  }

  @Test(arguments: [
    ("1.0 2.9 3.5 7.0", BoundingBox(xMin: 1, yMin: 2, xMax: 3, yMax: 7)),
    ("-0.5 -3 1e0 2", BoundingBox(xMin: 0, yMin: 0, xMax: 1, yMax: 2)),
    ("0 0 99 99", BoundingBox(xMin: 0, yMin: 0, xMax: 7, yMax: 7)),
  ])
  func `corners may be decimals, and lie outside`(numbers: String, box: BoundingBox) throws {
    let folder = try DataFolder(testImages: 1)
    try folder.write("val_0.JPEG n01 \(numbers)\n", Self.annotations)
    #expect(try folder.open().sample(at: 0, of: .test).boxes.map(\.box) == [box])
  }

  @Test(arguments: ["nan 0 1 1", "0 inf 1 1", "1e300 0 1e300 1", "0 0 x 1", "3 0 2 1"])
  func `corners that are no numbers are refused`(numbers: String) throws {
    let folder = try DataFolder(testImages: 1)
    try folder.write("val_0.JPEG n01 \(numbers)\n", Self.annotations)
    #expect(try folder.failure()?.kind == .badData)
  }

  @Test func `a class of wnids.txt without images or folder is told and keeps its label`() throws {
    let folder = try DataFolder()
    try folder.write("n00\nn03\nn01\nn02\n", "wnids.txt")
    for number in 0..<10 { try folder.remove("train/n02/images/n02_\(number).JPEG") }
    let data = try folder.open()
    #expect(data.classes.count == 4 && data.label(at: 0, of: .test) == 1)
    #expect(
      data.report.warnings
        == ["'\(folder.root)': 1 of the 4 classes have no image at all: 'n00'"])
    #expect(data.report.notes == ["train/ has no image of 1 of the 4 classes: 'n02'"])
  }

  @Test func `images of a class may be PNG files whatever they are called`() throws {
    let folder = try DataFolder()
    let wanted = try folder.open().everything()
    for number in 0..<10 {
      let name = "train/n02/images/n02_\(number).JPEG"
      try folder.write(
        PNG.encode(RGBImage(height: 8, width: 8, pixels: folder.pixels(name))), name)
    }
    #expect(try folder.open().everything() == wanted)
  }
}
