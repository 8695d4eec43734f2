import Glibc
import XAITensor

/// Whether a file in a folder of images is one, by its name and, where that does not say, its content.
enum PictureKind {
  /// Read; that it is damaged shows when it is decoded.
  case readable
  /// An image of a format that is not read here.
  case unsupported
  /// No image.
  case other

  private static let readableEndings: Set = ["jpg", "jpeg", "jpe", "jfif", "png"]
  private static let unsupportedEndings: Set = [
    "webp", "bmp", "dib", "gif", "tif", "tiff", "heic", "heif", "avif", "jp2", "j2k", "jxl", "ppm",
    "pgm", "pbm", "pnm", "tga", "ico", "svg", "psd", "dng", "cr2", "nef", "arw", "raw",
  ]

  /// Names that say JPEG or PNG are taken at their word; of others the first bytes are read.
  init(_ name: RawName, in folder: RawName) {
    let ending = name.fileExtension
    guard !Self.readableEndings.contains(ending) else {
      self = .readable
      return
    }
    let start = Self.start(of: folder.appending(name))
    if start.starts(with: [0xFF, 0xD8, 0xFF]) || start.starts(with: [0x89, 0x50, 0x4E, 0x47]) {
      self = .readable
    } else {
      self =
        Self.unsupportedEndings.contains(ending) || Self.isForeignImage(start)
        ? .unsupported : .other
    }
  }

  /// Whether a link to nothing may have been an image.
  static func mayBeImage(_ name: RawName) -> Bool {
    let ending = name.fileExtension
    return ending.isEmpty || readableEndings.contains(ending) || unsupportedEndings.contains(ending)
  }

  private static func start(of path: RawName) -> [UInt8] {
    // O_NONBLOCK: opening a named pipe must not wait for its writer.
    let descriptor = path.withCString { open($0, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
    guard descriptor >= 0 else { return [] }
    defer { close(descriptor) }
    return [UInt8](unsafeUninitializedCapacity: 12) { buffer, count in
      count = max(0, Glibc.read(descriptor, buffer.baseAddress, 12))
    }
  }

  /// WebP, GIF, TIFF, HEIC and AVIF say what they are; two letters are too few to tell a BMP.
  private static func isForeignImage(_ start: [UInt8]) -> Bool {
    let text = String(decoding: start, as: UTF8.self)
    return text.hasPrefix("RIFF") && text.hasSuffix("WEBP") || text.hasPrefix("GIF8")
      || start.starts(with: [0x49, 0x49, 0x2A, 0]) || start.starts(with: [0x4D, 0x4D, 0, 0x2A])
      || ["ftypheic", "ftypheix", "ftypmif1", "ftypavif"].contains(String(text.dropFirst(4)))
  }
}
