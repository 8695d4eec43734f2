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
    while position + 4 <= bytes.count, bytes[position] == 0xFF {
      let marker = bytes[position + 1]
      if marker == 0xFF {
        position += 1  // fill byte
        continue
      }
      // Pictures begin at "start of scan", where markers with a length end.
      guard marker != 0xDA, marker != 0xD9 else { break }
      let length = Int(bytes[position + 2]) << 8 | Int(bytes[position + 3])
      let end = position + 2 + length
      guard length >= 2, end <= bytes.count else { break }
      let segment = UnsafeBufferPointer(rebasing: bytes[position + 4..<end])
      if marker == 0xE1, segment.starts(with: [0x45, 0x78, 0x69, 0x66, 0, 0]) {
        self = Self(tiff: UnsafeBufferPointer(rebasing: segment[6...])) ?? .upright
        return
      }
      position = end
    }
    self = .upright
  }

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
      // Type 3 is a 16-bit number, which lies in the first half of the value field.
      guard number(at: entry + 2, bytes: 2) == 3, let value = number(at: entry + 8, bytes: 2)
      else { return nil }
      self.init(rawValue: UInt16(value))
      return
    }
    return nil
  }

  /// The stored picture as it should be seen.
  func upright(_ stored: RGBImage) -> RGBImage {
    guard self != .upright else { return stored }
    let (rows, columns) = (stored.height, stored.width)
    let swapsAxes = rawValue >= 5
    let (height, width) = swapsAxes ? (columns, rows) : (rows, columns)
    var pixels: [UInt8] = []
    pixels.reserveCapacity(stored.pixels.count)
    for y in 0..<height {
      for x in 0..<width {
        let (row, column) = source(y, x, rows, columns)
        let offset = (row * columns + column) * 3
        pixels.append(stored.pixels[offset])
        pixels.append(stored.pixels[offset + 1])
        pixels.append(stored.pixels[offset + 2])
      }
    }
    return RGBImage(height: height, width: width, pixels: pixels)
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
