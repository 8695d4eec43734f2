import Foundation
import XAIDatasets
import XAIFiles
import XAIImages
import XAITensor

/// A small data set in Tiny ImageNet's layout, in a temporary folder that goes when this goes.
final class DataFolder: Sendable {
  static let ids = ["n03", "n01", "n02"]
  static let side = 8
  let root: String

  /// Writes three classes in the order n03, n01, n02, each with the same number of images.
  init(imagesPerClass: Int = 10, testImages: Int = 6) throws {
    root = FileManager.default.temporaryDirectory.path + "/xai-data-\(UUID().uuidString)"
    try write(Self.ids.map { $0 + "\n" }.joined(), "wnids.txt")
    try write(
      "n00\tentity\nn01\tgoldfish, Carassius\nn02\tgreat white shark\nn03\tox, cow\n", "words.txt")
    for (label, id) in Self.ids.enumerated() {
      var boxes = ""
      for number in 0..<imagesPerClass {
        try writeImage("train/\(id)/images/\(id)_\(number).JPEG", seed: 100 * label + number)
        boxes += "\(id)_\(number).JPEG\t\(label)\t1\t6\t7\n"
      }
      try write(boxes, "train/\(id)/\(id)_boxes.txt")
    }
    var annotations = ""
    for number in 0..<testImages {
      try writeImage("val/images/val_\(number).JPEG", seed: 1000 + number)
      annotations += "val_\(number).JPEG\t\(Self.ids[number % 3])\t0\t0\t\(number)\t7\n"
    }
    try write(annotations, "val/val_annotations.txt")
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  func path(_ relative: String) -> String { "\(root)/\(relative)" }

  func write(_ text: String, _ relative: String) throws { try write(Array(text.utf8), relative) }

  func write(_ bytes: [UInt8], _ relative: String) throws {
    let folder = path(relative).split(separator: "/").dropLast().joined(separator: "/")
    try Folder.create("/" + folder)
    try AtomicFile.write(bytes, to: path(relative))
  }

  func writeImage(_ relative: String, seed: Int, height: Int = side, width: Int = side) throws {
    var stream = RandomStream(seed: UInt64(seed), purpose: "test image")
    let pixels = (0..<(height * width * 3)).map { _ in UInt8(stream.integer(below: 256)) }
    try write(JPEG.encode(RGBImage(height: height, width: width, pixels: pixels)), relative)
  }

  func bytes(_ relative: String) throws -> [UInt8] { try WholeFile.read(path(relative)) }

  func remove(_ relative: String) throws {
    try FileManager.default.removeItem(atPath: path(relative))
  }

  /// The pixels of a file, decoded without the data set's help.
  func pixels(_ relative: String) throws -> [UInt8] {
    try JPEG.decode(bytes(relative), name: relative).pixels
  }

  func open(_ change: (inout DatasetOptions) -> Void = { _ in }) throws -> FolderDataset {
    var options = DatasetOptions()
    options.fitting = ImageFitting(height: Self.side, width: Self.side)
    options.threads = 2
    change(&options)
    return try TinyImageNet.folder(root, options: options)
  }

  /// The failure that opening ends in, with this folder's path written as DATA.
  func failure(_ change: (inout DatasetOptions) -> Void = { _ in }) throws -> DatasetFailure? {
    do {
      _ = try open(change)
      return nil
    } catch let failure as DatasetFailure {
      let text = failure.description.replacingOccurrences(of: root, with: "DATA")
      return DatasetFailure(failure.kind, text)
    }
  }
}

extension FolderDataset {
  var skipped: [String] { report.skipped }
  var cacheReport: CacheReport { report.cache }
}

extension ImageDataset {
  func pixels(at index: Int, of split: Split) throws -> [UInt8] {
    var pixels = [UInt8](repeating: 0, count: bytesPerImage)
    try pixels.withUnsafeMutableBufferPointer { (buffer) throws(DatasetFailure) in
      try readPixels(at: index, of: split, into: buffer)
    }
    return pixels
  }

  func names(of split: Split) -> [String] {
    (0..<count(of: split)).map { sample(at: $0, of: split).name }
  }

  /// The pixels of every image by name.
  func everything() throws -> [String: [UInt8]] {
    var everything: [String: [UInt8]] = [:]
    for split in Split.allCases {
      for index in 0..<count(of: split) {
        everything[sample(at: index, of: split).name] = try pixels(at: index, of: split)
      }
    }
    return everything
  }
}
