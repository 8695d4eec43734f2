#if canImport(Glibc)
  import Glibc
#endif
import XAITensor

/// Writes bytes one after the other, gathering small pieces.
public struct FileWriter: ~Copyable {
  private static let capacity = 1 << 16

  private let descriptor: Int32
  private let path: String
  private var buffer: [UInt8] = []

  init(descriptor: Int32, path: String) {
    self.descriptor = descriptor
    self.path = path
    buffer.reserveCapacity(Self.capacity)
  }

  /// Appends bytes.
  /// - Parameter bytes: The bytes.
  /// - Throws: `.inputOutput` where the disk is full or broken.
  public mutating func write(_ bytes: UnsafeRawBufferPointer) throws(FileFailure) {
    if buffer.count + bytes.count > Self.capacity { try flush() }
    if bytes.count >= Self.capacity {
      try send(bytes)
    } else {
      buffer.append(contentsOf: bytes)
    }
  }

  /// Appends bytes.
  /// - Parameter bytes: The bytes.
  /// - Throws: `.inputOutput` where the disk is full or broken.
  public mutating func write(_ bytes: [UInt8]) throws(FileFailure) {
    try bytes.withUnsafeBufferPointer { (elements) throws(FileFailure) in
      try write(UnsafeRawBufferPointer(elements))
    }
  }

  /// Appends text as UTF-8.
  /// - Parameter text: The text.
  /// - Throws: `.inputOutput` where the disk is full or broken.
  public mutating func write(_ text: String) throws(FileFailure) {
    try write(Array(text.utf8))
  }

  mutating func flush() throws(FileFailure) {
    try buffer.withUnsafeBufferPointer { (elements) throws(FileFailure) in
      try send(UnsafeRawBufferPointer(elements))
    }
    buffer.removeAll(keepingCapacity: true)
  }

  private func send(_ bytes: UnsafeRawBufferPointer) throws(FileFailure) {
    var rest = bytes
    while !rest.isEmpty {
      let piece = rest
      let count = retrying { Glibc.write(descriptor, piece.baseAddress, piece.count) }
      guard count > 0 else { throw .writing(path, count == 0 ? ENOSPC : errno) }
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
  }
}
