import Foundation
import Testing
import XAITensor
import XAITraining

private func temporaryFolder() throws -> String {
  let folder = NSTemporaryDirectory() + "xai-events-\(UUID().uuidString)"
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  return folder
}

@Suite struct EventFileTests {
  @Test func `the checksum is that of RFC 3720`() {
    // Appendix B.4, and the check value of the CRC catalogue.
    #expect(EventRecord.checksum(Array("123456789".utf8)) == 0xE306_9283)
    #expect(EventRecord.checksum([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
    #expect(EventRecord.checksum([UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
  }

  @Test func `a scalar record has the bytes that TensorFlow writes`() {
    let record = EventRecord(wallTime: 1, step: 300, content: .scalars([("a", 0.5)]))
    let content: [UInt8] = [
      0x09, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F,  // wall_time: 1.0
      0x10, 0xAC, 0x02,  // step: 300
      0x2A, 10,  // summary, 10 bytes
      0x0A, 8,  // value, 8 bytes
      0x0A, 1, 0x61,  // tag: "a"
      0x15, 0, 0, 0, 0x3F,  // simple_value: 0.5
    ]
    let bytes = record.bytes
    #expect(Array(bytes[0..<8]) == [24, 0, 0, 0, 0, 0, 0, 0])
    #expect(Array(bytes[12..<36]) == content)
    #expect(bytes.count == 40)
    #expect(Array(bytes[8..<12]) == lengthChecksum)
    #expect(Array(bytes[36..<40]) == contentChecksum)
  }

  /// Masked CRC-32C of the length 24 and of the content, as TensorBoard's own reader computes them.
  private let lengthChecksum: [UInt8] = [0xA3, 0x7F, 0x4B, 0x22]
  private let contentChecksum: [UInt8] = [0x48, 0xE0, 0x55, 0x25]

  @Test func `the file starts with its version and grows by whole records`() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let file = try EventFile(folder: folder, time: 1_700_000_000.5, host: "here")
    #expect(file.path == "\(folder)/events.out.tfevents.1700000000.here")
    try file.write([("loss/train", 2.5), ("top1/train", 0.25)], step: 7, time: 1_700_000_001)
    let version = EventRecord(wallTime: 1_700_000_000.5, step: 0, content: .fileVersion)
    let scalars = EventRecord(
      wallTime: 1_700_000_001, step: 7,
      content: .scalars([("loss/train", 2.5), ("top1/train", 0.25)]))
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: file.path)))
    #expect(bytes == version.bytes + scalars.bytes)
  }

  @Test func `a resumed session says from which step earlier events are void`() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let file = try EventFile(folder: folder, startStep: 5, time: 9, host: "here")
    let expected =
      EventRecord(wallTime: 9, step: 0, content: .fileVersion).bytes
      + EventRecord(wallTime: 9, step: 5, content: .start).bytes
    #expect([UInt8](try Data(contentsOf: URL(filePath: file.path))) == expected)
  }

  @Test func `two sessions of one second have files of their own`() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let files = try (0..<3).map {
      try EventFile(folder: folder, startStep: $0, time: 9, host: "here")
    }
    #expect(
      files.map(\.path)
        == ["here", "here.2", "here.3"].map { "\(folder)/events.out.tfevents.9.\($0)" })
  }

  @Test func `a folder that is missing is named`() {
    let failure = #expect(throws: TrainingFailure.self) { try EventFile(folder: "/nowhere/run") }
    #expect(failure?.kind == .cannotCreate)
    #expect(failure?.description.contains("/nowhere/run/events.out.tfevents.") == true)
  }
}
