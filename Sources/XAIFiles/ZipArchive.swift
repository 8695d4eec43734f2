import XAITensor

/// The members of a zip file that are stored without compression, as PyTorch writes them.
///
/// Format: PKWARE APPNOTE 6.3, sections 4.3.7, 4.3.12, 4.3.14 to 4.3.16 and 4.5.3.
struct ZipArchive {
  private static let endSignature: UInt64 = 0x0605_4B50
  private static let memberSignature: UInt64 = 0x0201_4B50
  private static let localSignature: UInt64 = 0x0403_4B50
  private static let wideLocatorSignature: UInt64 = 0x0706_4B50
  private static let wideEndSignature: UInt64 = 0x0606_4B50
  private static let endSize = 22
  private static let memberSize = 46
  private static let localSize = 30
  private static let wideLocatorSize = 20
  private static let wideEndSize = 56
  private static let wideField: UInt64 = 1

  private struct Member {
    let name: String
    let header: Int
    let size: Int
    let isPlain: Bool
  }

  private let file: InputFile
  private let members: [Member]
  private let directory: Range<Int>

  /// The names of all members, in the order of the directory.
  var names: [String] { members.map(\.name) }

  /// Reads the directory.
  init(_ file: InputFile) throws(FileFailure) {
    self.file = file
    let (directory, count) = try Self.findDirectory(file)
    self.directory = directory
    let bytes = try file.bytes(in: directory)
    var members: [Member] = []
    var position = 0
    for _ in 0..<count {
      guard let (member, end) = try Self.member(bytes, at: position, file) else {
        throw TorchFile.invalid(file, "its directory ends early")
      }
      members.append(member)
      position = end
    }
    self.members = members
  }

  /// Where the bytes of each member lie in the file.
  /// - Throws: `.badData` where two have one name, or one is compressed or not wholly there.
  func places() throws(FileFailure) -> [String: Range<Int>] {
    var places: [String: Range<Int>] = [:]
    for member in members {
      guard places.updateValue(try place(of: member), forKey: member.name) == nil else {
        throw TorchFile.invalid(file, "it has \(quoted(member.name)) twice")
      }
    }
    return places
  }

  /// Finds the directory through the record at the end of the file.
  private static func findDirectory(
    _ file: InputFile
  ) throws(FileFailure) -> (place: Range<Int>, count: Int) {
    let tailStart = max(0, file.size - endSize - 0xFFFF)
    let tail = try file.bytes(in: tailStart..<file.size)
    let last = stride(from: tail.count - endSize, through: 0, by: -1).first { position in
      tail.number(at: position, size: 4) == endSignature
        && position + endSize + Int(tail.number(at: position + 20, size: 2)) == tail.count
    }
    guard let last else {
      throw TorchFile.invalid(file, "expected a zip container, found none or only its beginning")
    }
    var (count, size, start) = (
      tail.number(at: last + 10, size: 2), tail.number(at: last + 12, size: 4),
      tail.number(at: last + 16, size: 4)
    )
    var limit = tailStart + last
    if count == 0xFFFF || size == 0xFFFF_FFFF || start == 0xFFFF_FFFF {
      (count, size, start, limit) = try wideEnd(file, before: limit)
    }
    guard let start = Int(exactly: start), let size = Int(exactly: size), start <= limit,
      size <= limit - start, count <= size / memberSize
    else { throw TorchFile.invalid(file, "its directory lies beyond its end") }
    return (start..<start + size, Int(count))
  }

  /// The numbers of the record for files beyond 4 GB, which stands before the other.
  private static func wideEnd(
    _ file: InputFile, before end: Int
  ) throws(FileFailure) -> (count: UInt64, size: UInt64, start: UInt64, limit: Int) {
    let locator = end - wideLocatorSize
    if locator >= 0 {
      let bytes = try file.bytes(in: locator..<end)
      let position = bytes.number(at: 8, size: 8)
      if bytes.number(at: 0, size: 4) == wideLocatorSignature, locator >= wideEndSize,
        position <= UInt64(locator - wideEndSize)
      {
        let start = Int(position)
        let record = try file.bytes(in: start..<start + wideEndSize)
        if record.number(at: 0, size: 4) == wideEndSignature {
          return (
            record.number(at: 32, size: 8), record.number(at: 40, size: 8),
            record.number(at: 48, size: 8), start
          )
        }
      }
    }
    throw TorchFile.invalid(file, "its directory is larger than 4 GB, and its place is not said")
  }

  /// The record of the directory at a position, and where the next begins; nil beyond the end.
  private static func member(
    _ bytes: [UInt8], at position: Int, _ file: InputFile
  ) throws(FileFailure) -> (member: Member, end: Int)? {
    guard position + memberSize <= bytes.count,
      bytes.number(at: position, size: 4) == memberSignature
    else { return nil }
    let nameEnd = position + memberSize + Int(bytes.number(at: position + 28, size: 2))
    let extraEnd = nameEnd + Int(bytes.number(at: position + 30, size: 2))
    guard extraEnd <= bytes.count else { return nil }
    let name = String(decoding: bytes[position + memberSize..<nameEnd], as: UTF8.self)
    // Size, stored size and place, each in the extra field where it needs more than 32 bits.
    var numbers = [24, 20, 42].map { bytes.number(at: position + $0, size: 4) }
    var wide = wideNumbers(bytes[nameEnd..<extraEnd])
    for index in numbers.indices where numbers[index] == 0xFFFF_FFFF && !wide.isEmpty {
      numbers[index] = wide.removeFirst()
    }
    guard let size = Int(exactly: numbers[1]), let header = Int(exactly: numbers[2]) else {
      throw TorchFile.invalid(file, "\(quoted(name)) lies beyond the end")
    }
    let isPlain =
      bytes.number(at: position + 8, size: 2) & 1 == 0
      && bytes.number(at: position + 10, size: 2) == 0 && numbers[0] == numbers[1]
    let end = extraEnd + Int(bytes.number(at: position + 32, size: 2))
    return (Member(name: name, header: header, size: size, isPlain: isPlain), end)
  }

  /// The numbers of 64 bits in the extra field of a record.
  private static func wideNumbers(_ extra: ArraySlice<UInt8>) -> [UInt64] {
    let extra = Array(extra)
    var position = 0
    while position + 4 <= extra.count {
      let start = position + 4
      let end = start + Int(extra.number(at: position + 2, size: 2))
      if extra.number(at: position, size: 2) == wideField, end <= extra.count {
        return stride(from: start, through: end - 8, by: 8).map { extra.number(at: $0, size: 8) }
      }
      position = end
    }
    return []
  }

  /// Where the bytes of a member lie, behind its own header.
  private func place(of member: Member) throws(FileFailure) -> Range<Int> {
    guard member.isPlain else {
      throw TorchFile.invalid(
        file, "\(quoted(member.name)) is compressed or encrypted, expected plain bytes")
    }
    let end = directory.lowerBound
    guard end >= Self.localSize, member.header <= end - Self.localSize else {
      throw TorchFile.invalid(file, "\(quoted(member.name)) lies beyond the end")
    }
    let local = try file.bytes(in: member.header..<member.header + Self.localSize)
    guard local.number(at: 0, size: 4) == Self.localSignature else {
      throw TorchFile.invalid(file, "the header of \(quoted(member.name)) is broken")
    }
    let start =
      member.header + Self.localSize + Int(local.number(at: 26, size: 2))
      + Int(local.number(at: 28, size: 2))
    guard start <= end, member.size <= end - start else {
      throw TorchFile.invalid(file, "\(quoted(member.name)) lies beyond the end")
    }
    return start..<start + member.size
  }
}

extension [UInt8] {
  /// The unsigned little-endian number of `size` bytes at a position.
  func number(at position: Int, size: Int) -> UInt64 {
    (0..<size).reversed().reduce(0) { $0 << 8 | UInt64(self[position + $1]) }
  }
}
