import XAITensor

/// The members of a zip file that are stored without compression, as PyTorch writes them.
///
/// Format: PKWARE APPNOTE 6.3, sections 4.3.7, 4.3.12 and 4.3.16.
struct ZipArchive {
  private static let endSignature: UInt64 = 0x0605_4B50
  private static let memberSignature: UInt64 = 0x0201_4B50
  private static let localSignature: UInt64 = 0x0403_4B50
  private static let endSize = 22
  private static let memberSize = 46
  private static let localSize = 30

  /// Where the bytes of each member lie in the file.
  private(set) var members: [String: Range<Int>] = [:]
  private let file: InputFile

  init(_ file: InputFile) throws(FileFailure) {
    self.file = file
    let (directory, count) = try findDirectory()
    let bytes = try file.bytes(in: directory)
    var position = 0
    for _ in 0..<count {
      guard position + Self.memberSize <= bytes.count,
        bytes.number(at: position, size: 4) == Self.memberSignature
      else { throw Self.invalid(file, "its directory ends early") }
      let nameStart = position + Self.memberSize
      let nameEnd = nameStart + Int(bytes.number(at: position + 28, size: 2))
      guard nameEnd <= bytes.count else { throw Self.invalid(file, "its directory ends early") }
      let name = String(decoding: bytes[nameStart..<nameEnd], as: UTF8.self)
      let place = try place(
        of: name, bytes[position..<nameStart], before: directory.lowerBound)
      guard members.updateValue(place, forKey: name) == nil else {
        throw Self.invalid(file, "it has \(quoted(name)) twice")
      }
      position =
        nameEnd + Int(bytes.number(at: position + 30, size: 2))
        + Int(bytes.number(at: position + 32, size: 2))
    }
  }

  /// A failure that says that the file is no zip file that can be read here.
  static func invalid(_ file: InputFile, _ problem: String) -> FileFailure {
    FileFailure(
      .badData,
      "'\(file.path)' is no file of torch.save that can be read: \(problem);"
        + " save the state_dict again with PyTorch 1.6 or later, or as safetensors")
  }

  /// Finds the directory through the record at the end of the file.
  private func findDirectory() throws(FileFailure) -> (place: Range<Int>, count: Int) {
    let tailStart = max(0, file.size - Self.endSize - 0xFFFF)
    let tail = try file.bytes(in: tailStart..<file.size)
    let last = stride(from: tail.count - Self.endSize, through: 0, by: -1).first { position in
      tail.number(at: position, size: 4) == Self.endSignature
        && position + Self.endSize + Int(tail.number(at: position + 20, size: 2)) == tail.count
    }
    guard let last else {
      throw Self.invalid(file, "expected a zip container, found none or only its beginning")
    }
    let count = tail.number(at: last + 10, size: 2)
    let size = Int(tail.number(at: last + 12, size: 4))
    let start = Int(tail.number(at: last + 16, size: 4))
    guard start + size <= tailStart + last else {
      throw Self.invalid(file, "its directory lies beyond its end, or it is larger than 4 GB")
    }
    return (start..<start + size, Int(count))
  }

  /// Where the bytes of a member lie, from its directory record and its own header.
  private func place(
    of name: String, _ record: ArraySlice<UInt8>, before end: Int
  ) throws(FileFailure) -> Range<Int> {
    let record = Array(record)
    let flags = record.number(at: 8, size: 2)
    let method = record.number(at: 10, size: 2)
    let stored = record.number(at: 20, size: 4)
    guard flags & 1 == 0, method == 0, stored == record.number(at: 24, size: 4) else {
      throw Self.invalid(file, "\(quoted(name)) is compressed or encrypted, expected plain bytes")
    }
    let header = Int(record.number(at: 42, size: 4))
    guard header + Self.localSize <= end else {
      throw Self.invalid(file, "\(quoted(name)) lies beyond the end")
    }
    let local = try file.bytes(in: header..<header + Self.localSize)
    guard local.number(at: 0, size: 4) == Self.localSignature else {
      throw Self.invalid(file, "the header of \(quoted(name)) is broken")
    }
    let start =
      header + Self.localSize + Int(local.number(at: 26, size: 2))
      + Int(local.number(at: 28, size: 2))
    guard start + Int(stored) <= end else {
      throw Self.invalid(file, "\(quoted(name)) lies beyond the end")
    }
    return start..<start + Int(stored)
  }
}

extension [UInt8] {
  /// The unsigned little-endian number of `size` bytes at a position.
  func number(at position: Int, size: Int) -> UInt64 {
    (0..<size).reversed().reduce(0) { $0 << 8 | UInt64(self[position + $1]) }
  }
}
