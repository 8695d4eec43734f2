import XAITensor

/// Writes members of a zip file one after the other, without compression.
///
/// Sizes and checksums stand before the bytes, and the bytes of every member begin at a multiple of
/// 64, as PyTorch has them for mapping into memory. Format: as ``ZipArchive``.
struct ZipWriter {
  private static let alignment = 64
  /// The largest number of 32 bits says that the number stands in the extra field.
  private static let wide = 0xFFFF_FFFF
  /// The version of the format that knows numbers of 64 bits (4.5) and the one that does not (2.0).
  private static let versions = (plain: 20, wide: 45)
  /// 1980-01-01, the first day that the format knows: the same content gives the same bytes.
  private static let date = 0x0021

  private var position = 0
  private var directory: [UInt8] = []
  private var count = 0

  /// Appends a member.
  mutating func append(
    _ name: String, _ bytes: UnsafeRawBufferPointer, to file: inout FileWriter
  ) throws(FileFailure) {
    let checksum = Int(CRC32.value(of: bytes))
    let size = bytes.count
    let isLarge = size >= Self.wide
    let isFar = position >= Self.wide
    let shownSize = isLarge ? Self.wide : size
    let sizes = isLarge ? Self.number(size, 8) + Self.number(size, 8) : []
    let version = isLarge || isFar ? Self.versions.wide : Self.versions.plain
    // Version, flags (names are UTF-8), method, time, date, checksum, sizes, length of the name.
    let common =
      Self.number(version, 2) + Self.number(0x0800, 2) + Self.number(0, 2 + 2)
      + Self.number(Self.date, 2) + Self.number(checksum, 4) + Self.number(shownSize, 4)
      + Self.number(shownSize, 4) + Self.number(name.utf8.count, 2)

    var extra = sizes.isEmpty ? [] : Self.field(1, sizes)
    extra += padding(before: 30 + name.utf8.count + extra.count)
    let header =
      Self.number(0x0403_4B50, 4) + common + Self.number(extra.count, 2) + Array(name.utf8) + extra

    let places = sizes + (isFar ? Self.number(position, 8) : [])
    let field = places.isEmpty ? [] : Self.field(1, places)
    directory += Self.number(0x0201_4B50, 4) + Self.number(version, 2) + common
    // Length of the extra field; comment, disk and attributes; the place of the header.
    directory += Self.number(field.count, 2) + Self.number(0, 2 + 2 + 2 + 4)
    directory += Self.number(isFar ? Self.wide : position, 4) + Array(name.utf8) + field
    count += 1
    try file.write(header)
    try file.write(bytes)
    position += header.count + size
  }

  /// Writes the directory.
  func finish(_ file: inout FileWriter) throws(FileFailure) {
    try file.write(directory)
    let isWide = position >= Self.wide || count >= 0xFFFF
    if isWide {
      let version = Self.number(Self.versions.wide, 2)
      let record =
        Self.number(0x0606_4B50, 4) + Self.number(44, 8) + version + version + Self.number(0, 8)
        + Self.number(count, 8) + Self.number(count, 8) + Self.number(directory.count, 8)
        + Self.number(position, 8)
      let locator =
        Self.number(0x0706_4B50, 4) + Self.number(0, 4)
        + Self.number(position + directory.count, 8) + Self.number(1, 4)
      try file.write(record + locator)
    }
    let shown = min(count, 0xFFFF)
    try file.write(
      Self.number(0x0605_4B50, 4) + Self.number(0, 2 + 2) + Self.number(shown, 2)
        + Self.number(shown, 2) + Self.number(min(directory.count, Self.wide), 4)
        + Self.number(min(position, Self.wide), 4) + Self.number(0, 2))
  }

  /// An extra field after which the bytes are aligned; it has no meaning otherwise ("FB").
  private func padding(before size: Int) -> [UInt8] {
    let start = position + size + 4
    let count = (Self.alignment - start % Self.alignment) % Self.alignment
    return Self.field(0x4246, [UInt8](repeating: UInt8(ascii: "Z"), count: count))
  }

  private static func field(_ identifier: Int, _ content: [UInt8]) -> [UInt8] {
    number(identifier, 2) + number(content.count, 2) + content
  }

  private static func number(_ value: Int, _ size: Int) -> [UInt8] {
    (0..<size).map { UInt8(truncatingIfNeeded: $0 < 8 ? value >> (8 * $0) : 0) }
  }
}
