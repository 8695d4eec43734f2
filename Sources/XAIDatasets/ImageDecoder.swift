import XAIFiles
import XAIImages
import XAITensor

/// Turns an image file into the pixels that the data set promises.
struct ImageDecoder: Sendable {
  /// No photograph is this long; a file that is was put there by mistake.
  private static let longestFile = 1 << 28

  let root: String
  let fitting: ImageFitting

  var bytesPerImage: Int { fitting.height * fitting.width * 3 }

  /// Decodes a file and brings it to the data set's size.
  /// - Parameters:
  ///   - path: The file, relative to the data set's folder.
  ///   - pixels: Receives the pixels.
  /// - Returns: The size of the image in the file.
  /// - Throws: `DatasetFailure` that names the file.
  func decode(
    _ path: String, into pixels: UnsafeMutableBufferPointer<UInt8>
  ) throws(DatasetFailure) -> ImageExtent {
    let file = "\(root)/\(path)"
    let image = try read(file)
    image.fitted(fitting).pixels.withUnsafeBytes {
      UnsafeMutableRawBufferPointer(pixels).copyMemory(from: $0)
    }
    return ImageExtent(height: image.height, width: image.width)
  }

  /// The size of the image in a file.
  /// - Parameter path: The file, relative to the data set's folder.
  /// - Returns: The size, or nothing if it cannot be read.
  func extent(of path: String) -> ImageExtent? {
    guard let image = try? read("\(root)/\(path)") else { return nil }
    return ImageExtent(height: image.height, width: image.width)
  }

  /// Why a file that could not be read once cannot be read.
  /// - Parameter path: The file, relative to the data set's folder.
  /// - Returns: The failure that names the file.
  func failure(of path: String) -> DatasetFailure {
    let file = "\(root)/\(path)"
    do {
      _ = try read(file)
    } catch {
      return error
    }
    return DatasetFailure(
      .inputOutput,
      "'\(file)' could not be read before and can be now; remove the cache of decoded "
        + "images and start again")
  }

  private func read(_ file: String) throws(DatasetFailure) -> RGBImage {
    let bytes: [UInt8]
    do {
      bytes = try WholeFile.read(file, limit: Self.longestFile)
    } catch {
      throw DatasetFailure(error.kind, error.description)
    }
    do {
      return try JPEG.decode(bytes, name: file)
    } catch {
      throw DatasetFailure(error.kind, error.description)
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
