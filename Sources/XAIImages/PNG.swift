import CPNG
import XAITensor

/// Reads and writes PNG files through libpng's simplified interface.
///
/// Every colour type, bit depth and interlacing is read. Safe from several threads.
public enum PNG {
  /// Decodes a file's bytes to 8-bit RGB, upright: gamma and colour profiles are not applied.
  ///
  /// Alpha is dropped, not composited; 16-bit samples are rounded to 8 bits; gray is repeated.
  /// - Parameters:
  ///   - bytes: The whole file.
  ///   - name: What to call it in messages, usually its path.
  /// - Returns: The picture.
  /// - Throws: `.badData` where the bytes are not a whole PNG file or claim absurd extents.
  public static func decode(_ bytes: [UInt8], name: String) throws(ImageFailure) -> RGBImage {
    try read(bytes, name: name).image
  }

  static func read(_ bytes: [UInt8], name: String) throws(ImageFailure) -> DecodedImage {
    guard !bytes.isEmpty else { throw .empty(name) }
    let chunks = try PNGChunks(bytes, name: name)
    try PixelBudget.check(
      height: chunks.height, width: chunks.width, bits: chunks.bits, bytes: bytes.count, name: name)

    let hasAlpha = chunks.colorType & 4 != 0
    let channels = hasAlpha ? 4 : 3
    let count = chunks.height * chunks.width * channels
    var reason: String?
    var pixels = [UInt8](unsafeUninitializedCapacity: count) { output, written in
      reason = read(chunks.pictureOnly, asRGBA: hasAlpha, into: output)
      guard reason == nil else { return }
      written = hasAlpha ? dropAlpha(output) : count
    }
    if let reason {
      throw ImageFailure(
        .badData, "'\(name)': expected a whole PNG file, but found damage (\(reason)); replace it")
    }
    let image = chunks.orientation.upright(&pixels, height: chunks.height, width: chunks.width)
    return DecodedImage(
      image: image, storedHeight: image.height, storedWidth: image.width, warnings: [])
  }

  /// Compresses a picture as 8-bit RGB without loss.
  /// - Parameters:
  ///   - image: The picture.
  ///   - isDrawn: Whether it consists of areas of one colour or of noise, and not of smooth shades as a
  ///     photograph: then guessing pixels from their neighbours only costs time and bytes.
  /// - Returns: The bytes of a PNG file.
  /// - Throws: `.software` where libpng refuses.
  public static func encode(
    _ image: RGBImage, isDrawn: Bool = false
  ) throws(ImageFailure) -> [UInt8] {
    try encode(
      image.pixels, height: image.height, width: image.width, channels: 3,
      format: png_uint_32(PNG_FORMAT_RGB), isDrawn: isDrawn)
  }

  /// Compresses numbers of 8 bits as a gray picture without loss, quickly.
  /// - Parameters:
  ///   - values: `height * width` numbers, row-major.
  ///   - height: The number of rows, positive.
  ///   - width: The number of columns, positive.
  /// - Returns: The bytes of a PNG file.
  /// - Throws: `.software` where libpng refuses.
  public static func encode(
    gray values: [UInt8], height: Int, width: Int
  ) throws(ImageFailure) -> [UInt8] {
    precondition(
      height > 0 && width > 0 && values.count == height * width,
      "\(values.count) values for \(height) x \(width)")
    return try encode(
      values, height: height, width: width, channels: 1, format: png_uint_32(PNG_FORMAT_GRAY),
      isDrawn: true)
  }

  private static func encode(
    _ values: [UInt8], height: Int, width: Int, channels: Int, format: png_uint_32,
    isDrawn: Bool
  ) throws(ImageFailure) -> [UInt8] {
    var control = png_image()
    control.version = png_uint_32(PNG_IMAGE_VERSION)
    control.width = png_uint_32(width)
    control.height = png_uint_32(height)
    control.format = format
    if isDrawn { control.flags |= png_uint_32(PNG_IMAGE_FLAG_FAST) }
    defer { png_image_free(&control) }

    // Incompressible data grow by less than a thousandth, and chunks add a few bytes per 8 kB.
    let raw = (width * channels + 1) * height
    var size = raw + raw / 100 + 4096
    var success: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { output, written in
      success = png_image_write_to_memory(
        &control, output.baseAddress, &size, 0, values, 0, nil)
      written = success != 0 ? size : 0
    }
    guard success != 0 else {
      throw ImageFailure(
        .software, "could not write \(width) x \(height) pixels as PNG: \(message(of: control))")
    }
    return bytes
  }

  /// Decodes into a buffer; returns libpng's words where it fails.
  private static func read(
    _ bytes: [UInt8], asRGBA: Bool, into output: UnsafeMutableBufferPointer<UInt8>
  ) -> String? {
    var control = png_image()
    control.version = png_uint_32(PNG_IMAGE_VERSION)
    defer { png_image_free(&control) }
    guard png_image_begin_read_from_memory(&control, bytes, bytes.count) != 0 else {
      return message(of: control)
    }
    // Without this libpng takes 16-bit samples for linear light and changes their values.
    control.flags |= png_uint_32(PNG_IMAGE_FLAG_16BIT_sRGB)
    control.format = png_uint_32(PNG_FORMAT_RGB) | (asRGBA ? png_uint_32(PNG_FORMAT_FLAG_ALPHA) : 0)
    let needed = Int(control.width) * Int(control.height) * (asRGBA ? 4 : 3)
    guard needed == output.count else { return "the header changed while it was read" }
    guard png_image_finish_read(&control, nil, output.baseAddress, 0, nil) != 0 else {
      return message(of: control)
    }
    return control.warning_or_error == 0 ? nil : message(of: control)
  }

  /// Moves colours together over the alpha between them; returns how many bytes are left.
  private static func dropAlpha(_ pixels: UnsafeMutableBufferPointer<UInt8>) -> Int {
    for pixel in 0..<pixels.count / 4 {
      for channel in 0..<3 { pixels[3 * pixel + channel] = pixels[4 * pixel + channel] }
    }
    return pixels.count / 4 * 3
  }

  private static func message(of control: png_image) -> String {
    withUnsafeBytes(of: control.message) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}
