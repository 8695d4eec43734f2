import Foundation
import Testing
import XAIDatasets
import XAIImages

@Suite struct SplitDigestTests {
  private func digests(_ dataset: any ImageDataset) -> [String] {
    Split.allCases.map { dataset.digest(of: $0) }
  }

  struct Change: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var changed: [Split]
    var make: @Sendable (DataFolder) throws -> Void

    init(
      _ name: String, _ changed: [Split], _ make: @escaping @Sendable (DataFolder) throws -> Void
    ) {
      (testDescription, self.changed, self.make) = (name, changed, make)
    }
  }

  static let changes: [Change] = [
    Change("nothing", []) { _ in },
    Change("a test image of another length", [.test]) { folder in
      let path = "val/images/val_1.JPEG"
      try folder.write(folder.bytes(path) + [0], path)
    },
    Change("another name of a test image", [.test]) { folder in
      let text = String(decoding: try folder.bytes("val/val_annotations.txt"), as: UTF8.self)
      try folder.write(
        text.replacingOccurrences(of: "val_1.JPEG", with: "new.JPEG"), "val/val_annotations.txt")
      try FileManager.default.moveItem(
        atPath: folder.path("val/images/val_1.JPEG"), toPath: folder.path("val/images/new.JPEG"))
    },
    Change("all training images of other lengths", [.train, .validation]) { folder in
      for number in 0..<10 {
        let path = "train/n01/images/n01_\(number).JPEG"
        try folder.write(folder.bytes(path) + [0], path)
      }
    },
  ]

  @Test(arguments: changes)
  func `the digest of a split tells of its own images alone`(_ change: Change) throws {
    let folder = try DataFolder()
    func open() throws -> FolderDataset { try folder.open { $0.cache = .none } }
    let before = digests(try open())
    #expect(Set(before).count == 3 && before.allSatisfy { $0.count == 64 })
    try change.make(folder)
    let after = digests(try open())
    for (split, (old, new)) in zip(Split.allCases, zip(before, after)) {
      #expect((old != new) == change.changed.contains(split), "\(split)")
    }
  }

  @Test func `a data set that wraps another has its digests`() throws {
    let base = try DataFolder().open { $0.cache = .none }
    #expect(digests(RelabelledDataset(base, seed: 1)) == digests(base))
    #expect(digests(FittedDataset(base, ImageFitting(height: 3, width: 3))) == digests(base))
  }

  @Test func `built-in data are told apart by what they are made from`() {
    #expect(digests(ShapesDataset()) == digests(ShapesDataset()))
    #expect(zip(digests(ShapesDataset()), digests(ShapesDataset(seed: 1))).allSatisfy { $0 != $1 })
    let fewer = zip(digests(ShapesDataset()), digests(ShapesDataset(testCount: 5)))
    #expect(fewer.map { $0 == $1 } == [true, true, false])
  }

  @Test func `classes have a digest that their order decides`() {
    var (one, other) = (NoiseDataset(), NoiseDataset())
    #expect(one.classDigest == other.classDigest)
    other.classes.swapAt(0, 1)
    #expect(one.classDigest != other.classDigest)
    // What people call them decides nothing.
    other = one
    other.classes[0].name = "another"
    #expect(one.classDigest == other.classDigest)
    one.counts[.test] = 9
    #expect(one.digest(of: .test) != other.digest(of: .test))
    #expect(one.digest(of: .train) == other.digest(of: .train))
  }
}
