import Glibc
import XAIFiles
import XAIImages
import XAITensor

/// Turns an image file into the pixels that the data set promises.
struct ImageDecoder: Sendable {
  /// No photograph is this long; a file that is was put there by mistake.
  private static let longestFile = 1 << 28

  let root: String
  let fitting: ImageFitting
  let notes: ReadingNotes

  var bytesPerImage: Int { fitting.height * fitting.width * 3 }

  /// Decodes a file and brings it to the data set's size.
  /// - Parameters:
  ///   - index: The image's number among those of the data set.
  ///   - images: The image files.
  ///   - pixels: Receives the pixels.
  /// - Returns: The size of the image in the file.
  /// - Throws: `DatasetFailure` that names the file.
  func decode(
    _ index: Int, of images: ImageTable, into pixels: UnsafeMutableBufferPointer<UInt8>
  ) throws(DatasetFailure) -> ImageExtent {
    let path = images.rawPath(index)
    let decoded = try read(path)
    notes.add(index, path.text, decoded.warnings)
    decoded.image.pixels.withUnsafeBytes {
      UnsafeMutableRawBufferPointer(pixels).copyMemory(from: $0)
    }
    return ImageExtent(height: decoded.storedHeight, width: decoded.storedWidth)
  }

  /// The size of the image in a file.
  /// - Parameter path: The file, relative to the data set's folder.
  /// - Returns: The size, or nothing if it cannot be read.
  func extent(of path: RawName) -> ImageExtent? {
    guard let decoded = try? read(path) else { return nil }
    return ImageExtent(height: decoded.storedHeight, width: decoded.storedWidth)
  }

  /// Why a file cannot be read.
  /// - Parameter path: The file, relative to the data set's folder.
  /// - Returns: The failure that names the file; nothing if it can be read.
  func failure(of path: RawName) -> DatasetFailure? {
    do {
      _ = try read(path)
      return nil
    } catch {
      return error
    }
  }

  private func read(_ path: RawName) throws(DatasetFailure) -> DecodedImage {
    try RawName(root).appending(path).picture(fitting: fitting, limit: Self.longestFile)
  }
}

extension RawName {
  /// The picture in the file with this path.
  /// - Parameters:
  ///   - fitting: What it is made into.
  ///   - limit: The largest acceptable size in bytes.
  /// - Returns: The picture, and what was odd about the file.
  /// - Throws: `DatasetFailure` that names the file; `unreadable` where it is no whole image.
  func picture(
    fitting: ImageFitting, limit: Int = WholeFile.defaultLimit
  ) throws(DatasetFailure) -> DecodedImage {
    let bytes = try content(limit: limit)
    do {
      return try DecodedImage(bytes: bytes, name: text, fitting: fitting)
    } catch {
      throw DatasetFailure(
        error.kind, error.description,
        code: error.kind == .badData ? .unreadable : .described)
    }
  }

  /// The bytes of the file with this path.
  /// - Parameter limit: The largest acceptable size in bytes.
  /// - Returns: Its bytes.
  /// - Throws: `DatasetFailure` where it cannot be read.
  package func content(limit: Int = WholeFile.defaultLimit) throws(DatasetFailure) -> [UInt8] {
    do {
      if let validText { return try WholeFile.read(validText, limit: limit) }
    } catch {
      throw DatasetFailure(
        error.kind, error.description, code: error.kind == .badData ? .unreadable : .described)
    }
    // Paths that are no UTF-8 are none of Swift's strings: the system gets its own bytes back.
    do {
      let file = try OpenFile(self, flags: O_RDONLY | O_NONBLOCK)
      guard file.length <= limit else { throw SystemError(EFBIG) }
      var bytes = [UInt8](repeating: 0, count: file.length)
      guard bytes.withUnsafeMutableBytes({ file.read(into: $0, at: 0) }) else {
        throw SystemError(EIO)
      }
      return bytes
    } catch {
      throw DatasetFailure(.missingInput, "cannot read \(quoted(text)): \(error)")
    }
  }
}

/// The size of an image in its file; 0 x 0 says that the file could not be read.
struct ImageExtent: Equatable, Sendable {
  static let unreadable = ImageExtent(height: 0, width: 0)

  var height: Int
  var width: Int

  /// Both in one number, for the cache.
  var word: UInt64 { UInt64(height) << 32 | UInt64(width) }

  init(height: Int, width: Int) {
    self.height = height
    self.width = width
  }

  init(word: UInt64) {
    self.init(height: Int(word >> 32), width: Int(word & 0xFFFF_FFFF))
  }
}
