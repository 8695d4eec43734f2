import Glibc
import XAITensor

extension PixelCache {
  /// Decodes every image into a new cache, which appears at its place only when it is whole.
  ///
  /// The caller holds the lock, so the unfinished file beside is nobody else's; one that a killed
  /// process left behind is written over. No `fsync`: checksums find what a crash of the machine
  /// may spoil, and 1.4 GB would take as long to sync as to decode.
  /// - Parameters:
  ///   - path: Where the cache goes.
  ///   - pass: Decodes the images.
  /// - Throws: `DatasetFailure` if an image cannot be read or the file not written; then nothing
  ///   stays behind.
  static func build(_ path: String, by pass: DecodingPass) throws(DatasetFailure) {
    let unfinished = unfinished(path)
    do throws(DatasetFailure) {
      try write(to: unfinished, by: pass)
      guard rename(unfinished, path) == 0 else { throw DatasetFailure.cache(path, SystemError()) }
    } catch {
      unlink(unfinished)
      throw error
    }
  }

  /// The file that becomes the cache of a path.
  static func unfinished(_ path: String) -> String { path + ".partial" }

  private static func write(to path: String, by pass: DecodingPass) throws(DatasetFailure) {
    let images = pass.images
    let fitting = pass.decoder.fitting
    let header = Header(images, fitting: fitting, tables: 0)
    let output = try Output(path, length: header.fileLength)
    let records = Monitor([UInt64](repeating: 0, count: 2 * images.count))
    try pass.run { (first, extents, pixels) throws(DatasetFailure) in
      let bytes = header.bytesPerImage
      let sums = extents.indices.map {
        checksum(UnsafeRawBufferPointer(rebasing: pixels[($0 * bytes)..<(($0 + 1) * bytes)]))
      }
      records.change {
        for (offset, extent) in extents.enumerated() {
          $0[first + offset] = extent.word
          $0[images.count + first + offset] = sums[offset]
        }
      }
      try output.write(pixels, at: header.pixels + first * bytes)
    }
    let tables =
      images.sizes.map(UInt64.init(bitPattern:)) + images.modified.map(UInt64.init(bitPattern:))
      + records.change { $0 }
    let list = tables.withUnsafeBytes { Array($0) } + images.paths
    let sum = list.withUnsafeBytes { checksum($0) }
    let final = Header(images, fitting: fitting, tables: sum)
    let head = final.words.withUnsafeBytes { Array($0) } + list
    try head.withUnsafeBufferPointer { (head) throws(DatasetFailure) in
      try output.write(UnsafeRawBufferPointer(head), at: 0)
    }
  }

  /// The unfinished file, whose failures are told in the words of the data set.
  private struct Output {
    let path: String
    let file: OpenFile

    init(_ path: String, length: Int) throws(DatasetFailure) {
      self.path = path
      do {
        file = try OpenFile(path, flags: O_RDWR | O_CREAT | O_TRUNC)
        try file.reserve(length)
      } catch {
        throw .cache(path, error, length: length)
      }
    }

    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(DatasetFailure) {
      do {
        try file.write(bytes, at: offset)
      } catch {
        throw .cache(path, error)
      }
    }
  }
}

extension DatasetFailure {
  /// A cache that cannot be written.
  static func cache(
    _ path: String, _ reason: SystemError, length: Int? = nil
  ) -> DatasetFailure {
    let isRefused = [EACCES, EPERM, EROFS, ENOENT, ENOTDIR, EISDIR].contains(reason.code)
    let need = length.map { " (\(($0 + 999_999) / 1_000_000) MB are needed)" } ?? ""
    return DatasetFailure(
      isRefused ? .cannotCreate : .inputOutput,
      "cannot write the cache of decoded images '\(path)': \(reason)\(need); "
        + "make room, choose another place for it or work without a cache", code: .cache)
  }
}
