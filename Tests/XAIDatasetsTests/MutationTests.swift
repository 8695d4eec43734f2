import Foundation
import Testing
import XAIDatasets
import XAIFiles
import XAIImages
import XAITensor
import XAITestSupport

/// Damaged lists of a data set, and damaged caches of its pixels.
@Suite struct MutationTests {
  /// Writes without waiting for the disk.
  private func write(_ bytes: [UInt8], _ name: String, in folder: DataFolder) throws {
    try Data(bytes).write(to: URL(filePath: folder.path(name)))
  }

  @Test func `lists of classes, names, images and boxes`() throws {
    let folder = try DataFolder(imagesPerClass: 2, testImages: 3)
    for name in ["wnids.txt", "words.txt", "train/n01/n01_boxes.txt", "val/val_annotations.txt"] {
      let original = try folder.bytes(name)
      var trial = MutationTrial("tiny-imagenet/\(name)", seeds: [original], isText: true)
      trial.takesAnything = name == "words.txt"
      // A class that the list gains has no folder.
      trial.kinds = [.badData, .missingInput, .inputOutput]
      try trial.run(1_500) { bytes in
        try write(bytes, name, in: folder)
        let data = try folder.open { $0.cache = .none }
        for split in Split.allCases {
          for index in 0..<data.count(of: split) {
            #expect(data.classes.indices.contains(data.sample(at: index, of: split).label))
          }
        }
      }
      try write(original, name, in: folder)
    }
  }

  @Test func `caches of decoded pixels`() throws {
    let folder = try DataFolder(imagesPerClass: 2, testImages: 3)
    _ = try folder.open()
    var images = ImageTable()
    var tree = PictureTree(root: folder.root, skipsUnreachable: false)
    for id in DataFolder.ids { try tree.list(RawName("train/\(id)"), into: &images) }
    try tree.list(RawName("val"), into: &images)
    let cache = try folder.bytes(PixelCacheTests.file)
    var trial = MutationTrial("pixel cache", seeds: [cache])
    trial.mending = { mendTables($0, count: images.count, paths: images.paths.count) }
    trial.translation = { error in
      (error as? PixelCache.Mismatch).map { DatasetFailure(.badData, $0.reason) }
    }
    let scratch = ScratchFile()
    let side = DataFolder.side
    try trial.run(2_000) { bytes in
      scratch.write(bytes)
      _ = try PixelCache(scratch.path, of: images, fitting: ImageFitting(height: side, width: side))
    }
  }

  /// Writes the checksum of a cache's tables anew.
  private func mendTables(_ cache: [UInt8], count: Int, paths: Int) -> [UInt8] {
    var bytes = cache
    let tables = 64..<64 + 32 * count + paths
    guard tables.upperBound <= bytes.count else { return bytes }
    let sum = bytes.withUnsafeBytes {
      PixelCache.checksum(UnsafeRawBufferPointer(rebasing: $0[tables]))
    }
    for index in 0..<8 { bytes[40 + index] = UInt8(truncatingIfNeeded: sum >> (8 * UInt64(index))) }
    return bytes
  }

  @Test func `a cache that says that an image has no pixels is not used`() throws {
    let folder = try DataFolder(imagesPerClass: 2, testImages: 3)
    let wanted = try folder.open().everything()
    let count = 9
    var bytes = try folder.bytes(PixelCacheTests.file)
    // The width of the first image; its height stays.
    for index in 0..<4 { bytes[64 + 16 * count + index] = 0 }
    let paths = bytes[32..<40].reversed().reduce(0) { $0 << 8 | Int($1) }
    try folder.write(mendTables(bytes, count: count, paths: paths), PixelCacheTests.file)
    let data = try folder.open()
    #expect(data.cacheReport.rebuiltBecause == "it says that an image has no pixels")
    #expect(try data.everything() == wanted)
  }

  @Test func `of a line of a million fields no more than its beginning is kept`() throws {
    let line = Array((String(repeating: "a ", count: 1_000_000) + "\nb c\n").utf8)
    var counts: [Int] = []
    AnnotationLines(line).forEachFields { (_, fields) in counts.append(fields.count) }
    #expect(counts == [64, 2])
  }
}
