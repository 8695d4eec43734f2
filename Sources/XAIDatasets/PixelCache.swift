import Glibc
package import XAIImages
import XAITensor

/// The decoded pixels of every image of a data set in one file.
///
/// The file begins with a header and with the list that the pixels were made from: the path,
/// length and time of every image file. It is used only if that list is the present one. Pixels
/// are read with `pread` rather than mapped, so that they count as the system's file cache, which
/// all runs share, and not as memory of this process. Every image has a checksum: one that a
/// crashed machine or a broken disk has spoilt is noticed when it is read.
///
/// | bytes | content |
/// |---|---|
/// | 64 | `Header` |
/// | 8 x count, four times | lengths, times, sizes of the images, checksums of their pixels |
/// | pathBytes | paths, each with a zero byte |
/// | to the next multiple of 4096 | unused |
/// | count x height x width x 3 | pixels: per image row by row, red, green, blue |
package final class PixelCache: Sendable {
  /// The file.
  package let path: String
  private let file: OpenFile
  private let header: Header
  private let extents: [UInt64]
  private let checksums: [UInt64]

  /// No image file that is decoded has a longer side.
  private static let longestSide = 1 << 27

  /// Why a file cannot serve as the cache, in words that follow "because".
  package struct Mismatch: Error {
    package let reason: String
  }

  /// The first 64 bytes, native byte order.
  struct Header: Equatable {
    /// "XAIPIXL" and the version of the format.
    static let magic: UInt64 = 0x01_4C_58_49_50_49_41_58

    var words: [UInt64]

    /// The last two words are 0 where images are only resized, as all were once.
    init(_ images: ImageTable, fitting: ImageFitting, tables: UInt64) {
      let interpolation: UInt64 =
        switch fitting.interpolation {
        case .bilinear: 0
        case .nearest: 1
        case .bicubic: 2
        }
      words = [
        Self.magic, UInt64(fitting.height), UInt64(fitting.width), UInt64(images.count),
        UInt64(images.paths.count), tables, Self.resizing(fitting), interpolation,
      ]
    }

    /// The shorter side; with the highest bit set, rows and columns of 31 and 32 bits.
    private static func resizing(_ fitting: ImageFitting) -> UInt64 {
      guard let resized = fitting.resized else { return UInt64(fitting.shorterSide ?? 0) }
      return 1 << 63 | UInt64(resized.height) << 32 | UInt64(resized.width)
    }

    var height: Int { Int(words[1]) }
    var width: Int { Int(words[2]) }
    var count: Int { Int(words[3]) }
    var pathBytes: Int { Int(words[4]) }
    var tables: UInt64 { words[5] }
    var bytesPerImage: Int { height * width * 3 }
    static let byteCount = 64
    var tableBytes: Int { 4 * 8 * count + pathBytes }
    var pixels: Int { (Self.byteCount + tableBytes + 4095) / 4096 * 4096 }
    var fileLength: Int { pixels + count * bytesPerImage }
  }

  /// Opens a cache and compares it with the data.
  /// - Parameters:
  ///   - path: The file.
  ///   - images: The image files as they are now.
  ///   - fitting: Which size every image should have, and how it should have got it.
  /// - Throws: `Mismatch` if the file is not there, damaged or made from other data.
  package init(
    _ path: String, of images: ImageTable, fitting: ImageFitting
  ) throws(Mismatch) {
    let file: OpenFile
    do {
      file = try OpenFile(path, flags: O_RDONLY)
    } catch {
      throw Mismatch(
        reason: error.code == ENOENT ? "there was none yet" : "it cannot be opened: \(error)")
    }
    var wanted = Header(images, fitting: fitting, tables: 0)
    var found = wanted.words
    guard found.withUnsafeMutableBytes({ file.read(into: $0, at: 0) }) else {
      throw Mismatch(reason: "it is cut short")
    }
    wanted.words[5] = found[5]
    guard found[0] == Header.magic else {
      throw Mismatch(reason: "it is not a cache of this version")
    }
    guard found[1] == wanted.words[1], found[2] == wanted.words[2] else {
      throw Mismatch(reason: "its images are not \(fitting.height) x \(fitting.width) pixels")
    }
    guard found[6...] == wanted.words[6...] else {
      throw Mismatch(reason: "its images got their size in another way")
    }
    guard found[3] == wanted.words[3] else {
      throw Mismatch(
        reason: "it was made from \(found[3]) images and there are \(images.count) now")
    }
    guard found == wanted.words else { throw Mismatch(reason: "files were renamed") }
    guard file.length == wanted.fileLength else {
      throw Mismatch(reason: "its length is not the expected one")
    }
    var tables = [UInt64](repeating: 0, count: (wanted.tableBytes + 7) / 8)
    let isIntact = tables.withUnsafeMutableBytes { bytes in
      let used = UnsafeMutableRawBufferPointer(rebasing: bytes[..<wanted.tableBytes])
      return file.read(into: used, at: Header.byteCount)
        && PixelCache.checksum(UnsafeRawBufferPointer(used)) == wanted.tables
    }
    guard isIntact else { throw Mismatch(reason: "its list of files is damaged") }
    self.path = path
    self.file = file
    header = wanted
    let count = images.count
    extents = Array(tables[(2 * count)..<(3 * count)])
    // Boxes are scaled by these: a side of 0 would be divided by.
    let arePossible = extents.allSatisfy { word in
      let extent = ImageExtent(word: word)
      return extent == .unreadable
        || 1...PixelCache.longestSide ~= extent.height && 1...PixelCache.longestSide ~= extent.width
    }
    guard arePossible else { throw Mismatch(reason: "it says that an image has no pixels") }
    checksums = Array(tables[(3 * count)..<(4 * count)])
    guard tables.withUnsafeBytes({ $0[(32 * count)...].starts(with: images.paths) }) else {
      throw Mismatch(reason: "files were renamed")
    }
    let changed = (0..<count).first {
      tables[$0] != UInt64(bitPattern: images.sizes[$0])
        || tables[count + $0] != UInt64(bitPattern: images.modified[$0])
    }
    if let changed { throw Mismatch(reason: "\(images.path(changed)) changed since") }
  }

  /// Whether a file begins like a cache of any version, finished or not; true where that cannot be told.
  static func isCache(_ path: String) -> Bool {
    guard let file = try? OpenFile(path, flags: O_RDONLY) else { return true }
    var start: UInt64 = 0
    let isRead = withUnsafeMutableBytes(of: &start) { file.read(into: $0, at: 0) }
    // All but the last byte, which is the version. The beginning is written last.
    let name = start & 0x00FF_FFFF_FFFF_FFFF
    return isRead && (start == 0 || name == Header.magic & 0x00FF_FFFF_FFFF_FFFF)
  }

  /// Reads the pixels of an image; several threads may do so at once.
  /// - Parameters:
  ///   - index: The image's number.
  ///   - pixels: Receives them.
  /// - Returns: Whether they are those that were written.
  func read(_ index: Int, into pixels: UnsafeMutableBufferPointer<UInt8>) -> Bool {
    let bytes = UnsafeMutableRawBufferPointer(pixels)
    return file.read(into: bytes, at: header.pixels + index * header.bytesPerImage)
      && Self.checksum(UnsafeRawBufferPointer(bytes)) == checksums[index]
  }

  /// The size of an image in its file, unreadable ones included.
  func extent(_ index: Int) -> ImageExtent { ImageExtent(word: extents[index]) }

  /// A 64-bit checksum; finds every single wrong word, and zeros where something else was.
  /// - Parameter bytes: The content.
  /// - Returns: The checksum.
  package static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var sum: UInt64 = 0x9E37_79B9_7F4A_7C15
    let whole = bytes.count / 8 * 8
    for offset in stride(from: 0, to: whole, by: 8) {
      sum =
        sum &* 0xD128_9CC9_5B3C_6CA5 &+ bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
    }
    for byte in bytes[whole...] { sum = sum &* 0xD128_9CC9_5B3C_6CA5 &+ UInt64(byte) }
    return RandomStream.mix(sum)
  }
}
