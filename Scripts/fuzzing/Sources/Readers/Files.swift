import Foundation
import XAIDatasets
import XAIFiles
import XAIImages
import XAINetworks
import XAITensor

/// The path of a file without a name that holds the bytes; one for the whole process.
func withFile(_ bytes: [UInt8], _ body: (String) throws -> Void) throws {
  let descriptor = scratch
  ftruncate(descriptor, 0)
  precondition(pwrite(descriptor, bytes, bytes.count, 0) == bytes.count, "the disk is full")
  try body("/proc/self/fd/\(descriptor)")
}

private let scratch: Int32 = {
  var name = Array("\(NSTemporaryDirectory())/fuzz-XXXXXX".utf8CString)
  let descriptor = mkstemp(&name)
  precondition(descriptor >= 0, "no scratch file: error \(errno)")
  unlink(name)
  return descriptor
}()

/// A small data set of which one list is replaced.
final class AnnotationFolder {
  nonisolated(unsafe) static let shared = AnnotationFolder()
  private static let lists = [
    "wnids.txt", "words.txt", "train/n01/n01_boxes.txt", "val/val_annotations.txt",
  ]

  private let root = NSTemporaryDirectory() + "/fuzz-data-\(getpid())"
  private var originals: [String: [UInt8]] = [
    "wnids.txt": Array("n01\nn02\n".utf8),
    "words.txt": Array("n01\tgoldfish, Carassius\nn02\tox\n".utf8),
    "train/n01/n01_boxes.txt": Array("n01_0.JPEG\t0\t1\t6\t7\n".utf8),
    "val/val_annotations.txt": Array("val_0.JPEG\tn01\t0\t0\t3\t7\n".utf8),
  ]

  private init() {
    do {
      let image = try JPEG.encode(RGBImage(height: 8, width: 8, repeating: (9, 99, 199)))
      for name in ["train/n01/images/n01_0", "train/n02/images/n02_0", "val/images/val_0"] {
        try write(image, name + ".JPEG")
      }
      for (name, bytes) in originals { try write(bytes, name) }
    } catch {
      fatalError("no data set: \(error)")
    }
  }

  /// The first byte chooses the list that the others replace.
  func read(_ bytes: [UInt8]) throws {
    let name = Self.lists[Int(bytes.first ?? 0) % Self.lists.count]
    try write(Array(bytes.dropFirst()), name)
    defer { try? write(originals[name] ?? [], name) }
    var options = DatasetOptions()
    options.fitting = ImageFitting(height: 8, width: 8)
    (options.threads, options.cache) = (1, .none)
    let data = try FolderDataset(path: root, options: options)
    for split in Split.allCases {
      for index in 0..<data.count(of: split) { _ = data.sample(at: index, of: split) }
    }
  }

  private func write(_ bytes: [UInt8], _ name: String) throws {
    let path = URL(filePath: "\(root)/\(name)")
    try FileManager.default.createDirectory(
      at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: path)
  }
}
