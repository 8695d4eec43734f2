import XAIFiles
import XAIImages

/// Turns an image file into the pixels that the data set promises.
struct ImageDecoder: Sendable {
  /// No photograph is this long; a file that is was put there by mistake.
  private static let longestFile = 1 << 28

  let root: String
  let height: Int
  let width: Int

  var bytesPerImage: Int { height * width * 3 }

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
    var image: RGBImage
    do {
      let bytes = try WholeFile.read(file, limit: Self.longestFile)
      image = try JPEG.decode(bytes, name: file)
    } catch let failure as FileFailure {
      throw DatasetFailure(failure.kind, failure.description)
    } catch let failure as ImageFailure {
      throw DatasetFailure(failure.kind, failure.description)
    } catch {
      throw DatasetFailure(.software, "\(error)")
    }
    let extent = ImageExtent(height: image.height, width: image.width)
    if extent != ImageExtent(height: height, width: width) {
      image = image.resized(toHeight: height, width: width)
    }
    image.pixels.withUnsafeBytes { UnsafeMutableRawBufferPointer(pixels).copyMemory(from: $0) }
    return extent
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
