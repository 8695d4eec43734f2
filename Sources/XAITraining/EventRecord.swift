/// One record of a TensorBoard event file.
///
/// The content is an `Event` protocol buffer (tensorflow/core/util/event.proto), the frame that of
/// TFRecord: length, its masked CRC-32C, content, its masked CRC-32C, all little-endian.
package struct EventRecord: Sendable, Equatable {
  /// What an event says.
  package enum Content: Sendable, Equatable {
    /// The first record of each file.
    case fileVersion
    /// Training starts or goes on at the event's step: later events of earlier files are void.
    case start
    /// Numbers under their tags.
    case scalars([(tag: String, value: Float)])

    package static func == (left: Content, right: Content) -> Bool {
      switch (left, right) {
      case (.fileVersion, .fileVersion), (.start, .start): true
      case (.scalars(let left), .scalars(let right)): left.elementsEqual(right, by: ==)
      default: false
      }
    }
  }

  package var wallTime: Double
  package var step: Int
  package var content: Content

  /// A record.
  /// - Parameters:
  ///   - wallTime: Seconds since 1970.
  ///   - step: The training step.
  ///   - content: What it says.
  package init(wallTime: Double, step: Int, content: Content) {
    self.wallTime = wallTime
    self.step = step
    self.content = content
  }

  /// The framed bytes.
  package var bytes: [UInt8] {
    let content = message
    let length = littleEndian(UInt64(content.count))
    return length + littleEndian(CRC32C.masked(length)) + content
      + littleEndian(CRC32C.masked(content))
  }

  /// The checksum that frames are protected by, before it is masked.
  /// - Parameter bytes: The bytes.
  /// - Returns: Their CRC-32C.
  package static func checksum(_ bytes: [UInt8]) -> UInt32 { CRC32C.checksum(bytes) }

  /// The protocol buffer.
  private var message: [UInt8] {
    var event = ProtocolBuffer()
    event.append(double: wallTime, field: 1)
    if step != 0 { event.append(integer: UInt64(bitPattern: Int64(step)), field: 2) }
    switch content {
    case .fileVersion:
      event.append(bytes: Array("brain.Event:2".utf8), field: 3)
    case .start:
      var sessionLog = ProtocolBuffer()
      sessionLog.append(integer: 1, field: 1)
      event.append(bytes: sessionLog.bytes, field: 7)
    case .scalars(let scalars):
      var summary = ProtocolBuffer()
      for scalar in scalars {
        var value = ProtocolBuffer()
        value.append(bytes: Array(scalar.tag.utf8), field: 1)
        value.append(float: scalar.value, field: 2)
        summary.append(bytes: value.bytes, field: 1)
      }
      event.append(bytes: summary.bytes, field: 5)
    }
    return event.bytes
  }
}

/// Writes the wire format of protocol buffers: a key of field number and type, then the value.
private struct ProtocolBuffer {
  var bytes: [UInt8] = []

  mutating func append(integer: UInt64, field: UInt64) {
    append(variable: field << 3)
    append(variable: integer)
  }

  mutating func append(double: Double, field: UInt64) {
    append(variable: field << 3 | 1)
    bytes += littleEndian(double.bitPattern)
  }

  mutating func append(bytes content: [UInt8], field: UInt64) {
    append(variable: field << 3 | 2)
    append(variable: UInt64(content.count))
    bytes += content
  }

  mutating func append(float: Float, field: UInt64) {
    append(variable: field << 3 | 5)
    bytes += littleEndian(float.bitPattern)
  }

  /// Seven bits in each byte, lowest first, the top bit set in all but the last.
  private mutating func append(variable: UInt64) {
    var rest = variable
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}

private func littleEndian<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
  withUnsafeBytes(of: value.littleEndian) { Array($0) }
}
