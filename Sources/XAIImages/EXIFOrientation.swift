/// How a camera was held: EXIF tag 274, the orientation of the stored picture.
///
/// Source: CIPA DC-008 (Exif 2.3), 4.6.4 A. Cameras store the sensor's rows and leave the turning to
/// the reader.
enum EXIFOrientation: UInt16 {
  case upright = 1
  case mirrored
  case halfTurn
  case flipped
  case transposed
  /// Stored rows become columns from right to left: turn by 90 degrees clockwise to see it.
  case quarterTurn
  case transverse
  case threeQuarterTurn

  /// Finds the orientation among a JPEG file's markers; upright where none is stated.
  ///
  /// Damaged EXIF data never make an image unreadable, as no pixel depends on them.
  init(jpeg bytes: UnsafeBufferPointer<UInt8>) {
    var position = 2  // after the start marker
    while let (marker, start) = JPEGMarkers.next(in: bytes, from: position) {
      // Pictures begin at "start of scan", where markers with a length end.
      guard marker != 0xDA, start + 2 <= bytes.count else { break }
      let length = Int(bytes[start]) << 8 | Int(bytes[start + 1])
      let end = start + length
      guard length >= 2, end <= bytes.count else { break }
      let segment = UnsafeBufferPointer(rebasing: bytes[start + 2..<end])
      if marker == 0xE1, segment.starts(with: Self.exifName) {
        self = Self(exif: segment) ?? .upright
        return
      }
      position = end
    }
    self = .upright
  }

  private static let exifName: [UInt8] = [0x45, 0x78, 0x69, 0x66, 0, 0]

  /// Reads Exif data: a TIFF structure, which JPEG's segments put a name before.
  init?(exif bytes: UnsafeBufferPointer<UInt8>) {
    let start = bytes.starts(with: Self.exifName) ? Self.exifName.count : 0
    self.init(tiff: UnsafeBufferPointer(rebasing: bytes[start...]))
  }

  /// Whether rows become columns.
  var swapsAxes: Bool { rawValue >= 5 }

  /// Reads tag 274 of the first directory of a TIFF structure.
  private init?(tiff bytes: UnsafeBufferPointer<UInt8>) {
    guard bytes.count >= 8 else { return nil }
    let littleEndian: Bool
    switch (bytes[0], bytes[1]) {
    case (0x49, 0x49): littleEndian = true
    case (0x4D, 0x4D): littleEndian = false
    default: return nil
    }
    func number(at offset: Int, bytes width: Int) -> Int? {
      guard offset >= 0, offset <= bytes.count - width else { return nil }
      let digits = bytes[offset..<offset + width]
      return littleEndian
        ? digits.reversed().reduce(0) { $0 << 8 | Int($1) } : digits.reduce(0) { $0 << 8 | Int($1) }
    }
    guard number(at: 2, bytes: 2) == 42, let directory = number(at: 4, bytes: 4),
      let entries = number(at: directory, bytes: 2)
    else { return nil }
    for index in 0..<entries {
      let entry = directory + 2 + 12 * index
      guard let tag = number(at: entry, bytes: 2) else { return nil }
      guard tag == 274 else { continue }
      // A number of 8, 16 or 32 bits lies at the beginning of the value field.
      let widths = [1: 1, 3: 2, 4: 4]
      guard let width = number(at: entry + 2, bytes: 2).flatMap({ widths[$0] }),
        let value = number(at: entry + 8, bytes: width)
      else { return nil }
      self.init(rawValue: UInt16(clamping: value))
      return
    }
    return nil
  }

  /// The stored picture as it should be seen, turned in place: there may be no room for it twice.
  /// - Parameters:
  ///   - pixels: The stored pixels, `height * width * 3`; empty afterwards.
  ///   - rows: The stored rows.
  ///   - columns: The stored columns.
  /// - Returns: The picture.
  func upright(_ pixels: inout [UInt8], height rows: Int, width columns: Int) -> RGBImage {
    let (height, width) = swapsAxes ? (columns, rows) : (rows, columns)
    if self != .upright {
      pixels.withUnsafeMutableBytes { bytes in
        bytes.withMemoryRebound(to: Pixel.self) { pixels in
          Self.permute(pixels) { target in
            let (row, column) = source(target / width, target % width, rows, columns)
            return row * columns + column
          }
        }
      }
    }
    let turned = pixels
    pixels = []
    return RGBImage(height: height, width: width, pixels: turned)
  }

  /// Red, green and blue: three bytes without padding.
  private typealias Pixel = (UInt8, UInt8, UInt8)

  /// Puts the pixel at `source(i)` to `i` for every i, along the cycles of the permutation.
  private static func permute(
    _ pixels: UnsafeMutableBufferPointer<Pixel>, _ source: (Int) -> Int
  ) {
    // One bit a pixel.
    var isDone = [UInt64](repeating: 0, count: (pixels.count + 63) / 64)
    for start in pixels.indices where isDone[start >> 6] >> UInt64(start & 63) & 1 == 0 {
      let first = pixels[start]
      var target = start
      while true {
        isDone[target >> 6] |= 1 << UInt64(target & 63)
        let next = source(target)
        guard next != start else { break }
        pixels[target] = pixels[next]
        target = next
      }
      pixels[target] = first
    }
  }

  /// Which stored pixel is seen at (y, x).
  private func source(_ y: Int, _ x: Int, _ rows: Int, _ columns: Int) -> (row: Int, column: Int) {
    switch self {
    case .upright: (y, x)
    case .mirrored: (y, columns - 1 - x)
    case .halfTurn: (rows - 1 - y, columns - 1 - x)
    case .flipped: (rows - 1 - y, x)
    case .transposed: (x, y)
    case .quarterTurn: (rows - 1 - x, y)
    case .transverse: (rows - 1 - x, columns - 1 - y)
    case .threeQuarterTurn: (x, columns - 1 - y)
    }
  }
}

extension ImageFitting {
  /// The fitting of the stored picture that shows as this one does upright; only sizes count.
  func turned(as orientation: EXIFOrientation) -> ImageFitting {
    guard orientation.swapsAxes else { return self }
    return ImageFitting(
      height: width, width: height, shorterSide: shorterSide,
      resized: resized.map { Extent(height: $0.width, width: $0.height) },
      interpolation: interpolation)
  }
}
