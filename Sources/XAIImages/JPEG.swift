import CJPEG
import XAITensor

/// Reads and writes JPEG files through libjpeg(-turbo).
///
/// Baseline and progressive, grayscale (repeated in R, G and B), YCbCr, RGB, CMYK and YCCK, any
/// chroma subsampling with triangular ("fancy") upsampling and the accurate integer DCT: with
/// libjpeg-turbo the pixels equal Pillow's. Safe from several threads.
public enum JPEG {
  /// Decodes a file's bytes; the EXIF orientation is applied, so the picture comes out upright.
  ///
  /// CMYK is taken as inverted, as all programs write it, and becomes R = (255 - K)(255 - C) / 255
  /// and so on. Nothing is guessed: a file whose data end early or contradict themselves is an error.
  /// Faults that lose no pixel, such as stray bytes between segments or a missing end marker, are not;
  /// ``DecodedImage`` tells them.
  /// - Parameters:
  ///   - bytes: The whole file.
  ///   - name: What to call it in messages, usually its path.
  /// - Returns: The picture.
  /// - Throws: `.badData` where the bytes are not a whole JPEG file or claim absurd extents.
  public static func decode(_ bytes: [UInt8], name: String) throws(ImageFailure) -> RGBImage {
    try read(bytes, name: name, fitting: nil).image
  }

  /// Decodes a file's bytes, smaller where the whole would take too much memory and less is wanted.
  static func read(
    _ bytes: [UInt8], name: String, fitting: ImageFitting?
  ) throws(ImageFailure) -> DecodedImage {
    try bytes.withUnsafeBufferPointer { bytes throws(ImageFailure) in
      guard let start = bytes.baseAddress, !bytes.isEmpty else { throw .empty(name) }
      guard let decoder = cjpeg_decoder_create(start, bytes.count) else {
        throw ImageFailure(.inputOutput, "'\(name)': no memory is left to decode it")
      }
      defer { cjpeg_decoder_destroy(decoder) }
      var width: Int32 = 0
      var height: Int32 = 0
      try check(cjpeg_decoder_read_header(decoder, &width, &height), decoder, name)
      let orientation = EXIFOrientation(jpeg: bytes)
      let stored = (height: Int(height), width: Int(width))
      let denominator = try PixelBudget.denominator(
        height: stored.height, width: stored.width, bytes: bytes.count, name: name,
        for: fitting.map { $0.turned(as: orientation) })
      if denominator > 1 {
        try check(
          cjpeg_decoder_set_scale(decoder, Int32(denominator), &width, &height), decoder, name)
      }
      var decoded = try pixels(decoder, (Int(height), Int(width)), of: stored, name)
      let (rows, columns) =
        orientation.swapsAxes ? (stored.width, stored.height) : (stored.height, stored.width)
      let warning = String(cString: cjpeg_decoder_first_warning(decoder))
      return DecodedImage(
        image: orientation.upright(&decoded, height: Int(height), width: Int(width)),
        storedHeight: rows, storedWidth: columns,
        warnings: cjpeg_decoder_warnings(decoder) > 0 ? [warning] : [])
    }
  }

  /// Compresses a picture.
  ///
  /// From quality 90 on colour keeps its full resolution (4:4:4), below it is halved (4:2:0).
  /// - Parameters:
  ///   - image: The picture, at most 65,500 pixels high and wide.
  ///   - quality: 1 (small) to 100 (near lossless).
  /// - Returns: The bytes of a JPEG file.
  /// - Throws: `.software` where libjpeg refuses.
  public static func encode(_ image: RGBImage, quality: Int = 95) throws(ImageFailure) -> [UInt8] {
    precondition(1...100 ~= quality, "JPEG quality \(quality) is outside of 1...100")
    // libjpeg-turbo's own bound for 4:4:4 is 6 bytes for each pixel of whole 8 x 8 blocks.
    let capacity = ((image.height + 15) & ~15) * ((image.width + 15) & ~15) * 6 + 4096
    var message = [CChar](repeating: 0, count: Int(CJPEG_MESSAGE_CAPACITY))
    var status = CJPEG_OK
    let bytes = [UInt8](unsafeUninitializedCapacity: capacity) { output, written in
      status = cjpeg_encode(
        image.pixels, Int32(image.width), Int32(image.height), Int32(quality),
        quality >= 90 ? 1 : 0, output.baseAddress, capacity, &written, &message)
    }
    guard status == CJPEG_OK else {
      throw ImageFailure(
        .software,
        "could not write \(image.width) x \(image.height) pixels as JPEG: \(text(message))")
    }
    return bytes
  }

  private static func pixels(
    _ decoder: OpaquePointer, _ size: (height: Int, width: Int),
    of stored: (height: Int, width: Int), _ name: String
  ) throws(ImageFailure) -> [UInt8] {
    let count = size.height * size.width * 3
    let memoryLimit = PixelBudget.decoderMemory(height: stored.height, width: stored.width)
    var status = CJPEG_OK
    let pixels = [UInt8](unsafeUninitializedCapacity: count) { output, written in
      status = cjpeg_decoder_read_rgb(decoder, output.baseAddress, count, memoryLimit)
      written = status == CJPEG_OK ? count : 0
    }
    try check(status, decoder, name)
    return pixels
  }

  private static func check(
    _ status: cjpeg_status, _ decoder: OpaquePointer, _ name: String
  ) throws(ImageFailure) {
    guard status != CJPEG_OK else { return }
    let reason = String(cString: cjpeg_decoder_message(decoder))
    switch status {
    case CJPEG_TRUNCATED:
      throw ImageFailure(
        .badData, "'\(name)': the JPEG file ends early (\(reason)); fetch the file again")
    case CJPEG_UNSUPPORTED:
      throw ImageFailure(
        .badData,
        "'\(name)': this variant of JPEG cannot be read (\(reason)); save the picture as baseline"
          + " JPEG or PNG")
    case CJPEG_TOO_LARGE:
      throw ImageFailure(
        .badData,
        "'\(name)': this JPEG file is progressive or has several scans, and its coefficients take more"
          + " than the \(PixelBudget.coefficientMemory) bytes that are allowed; save the picture as"
          + " baseline JPEG or scale it down")
    case CJPEG_NO_MEMORY:
      throw ImageFailure(.inputOutput, "'\(name)': no memory is left to decode it (\(reason))")
    default:
      throw ImageFailure(
        .badData, "'\(name)': expected a whole JPEG file, but found damage (\(reason)); replace it")
    }
  }

  private static func text(_ message: [CChar]) -> String {
    String(decoding: message.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
