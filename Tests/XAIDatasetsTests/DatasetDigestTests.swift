import Foundation
import Testing
import XAIDatasets
import XAIFiles
import XAIImages

@Suite struct DatasetDigestTests {
  @Test func `the digest depends neither on the place of the data nor on how they are read`() throws
  {
    let (one, other) = (try DataFolder(), try DataFolder())
    let digest = try one.open().digest
    #expect(digest.count == 64 && digest.allSatisfy(\.isHexDigit))
    #expect(try other.open().digest == digest)
    let changed = try one.open {
      $0.validationFraction = 0.5
      $0.splitSeed = 3
      $0.cache = .none
      $0.fitting.width = 3
    }
    #expect(changed.digest == digest)
    #expect(RelabelledDataset(changed, seed: 1).digest == digest)
  }

  struct Change: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var make: @Sendable (DataFolder) throws -> Void

    init(_ name: String, _ make: @escaping @Sendable (DataFolder) throws -> Void) {
      (testDescription, self.make) = (name, make)
    }
  }

  static let changes: [Change] = [
    Change("another image") { try $0.writeImage("train/n01/images/n01_10.JPEG", seed: 1) },
    Change("an image of another length") { folder in
      let path = "val/images/val_1.JPEG"
      try folder.write(folder.bytes(path) + [0], path)
    },
    Change("another name") { folder in
      try FileManager.default.moveItem(
        atPath: folder.path("train/n01/images/n01_3.JPEG"),
        toPath: folder.path("train/n01/images/n01_3.jpg"))
    },
    Change("another label of a test image") { folder in
      let text = try #require(
        String(validating: folder.bytes("val/val_annotations.txt"), as: UTF8.self))
      try folder.write(
        text.replacingOccurrences(of: "val_1.JPEG\tn01", with: "val_1.JPEG\tn02"),
        "val/val_annotations.txt")
    },
    Change("another order of the classes") { try $0.write("n01\nn02\nn03\n", "wnids.txt") },
  ]

  @Test(arguments: changes)
  func `whatever changes the data changes the digest`(_ change: Change) throws {
    let folder = try DataFolder()
    let digest = try folder.open().digest
    try change.make(folder)
    #expect(try folder.open().digest != digest)
  }

  @Test func `built-in data are told apart by what they are made from`() {
    let digest = ShapesDataset().digest
    #expect(ShapesDataset().digest == digest)
    #expect(ShapesDataset(seed: 1).digest != digest)
    #expect(ShapesDataset(testCount: 5).digest != digest)
  }

  @Test func `a data set without files has the digest of its table`() {
    let noise = NoiseDataset()
    var other = noise
    other.counts[.test] = 9
    #expect(noise.digest.count == 64 && noise.digest != other.digest)
    // By hand, as the table is written: the length of each field, a colon, the field.
    var text = "7:classes1:4\n" + noise.classes.map { "2:\($0.id)\n" }.joined()
    for split in Split.allCases {
      let count = noise.count(of: split)
      text += "\(split.rawValue.count):\(split.rawValue)\("\(count)".count):\(count)\n"
      for label in 0..<4 {
        for index in stride(from: label, to: count, by: 4) {
          let name = "\(split)\(index)"
          text += "1:\(label)1:0\(name.count):\(name)\n"
        }
      }
    }
    #expect(noise.digest == SHA256.of(Array(text.utf8)))
  }
}
