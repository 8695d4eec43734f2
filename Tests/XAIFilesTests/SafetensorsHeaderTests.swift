import Testing
import XAIFiles
import XAITensor
import XAITestSupport

/// Headers that the reference files do not cover, each with eight bytes of data.
@Suite struct SafetensorsHeaderTests {
  private static let tensor = #"{"dtype":"F32","shape":[2],"data_offsets":[0,8]}"#

  private func open(_ header: String) throws -> SafetensorsFile {
    let folder = try TemporaryFolder()
    let length = header.utf8.count
    let bytes = (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
    let path = folder.file("a.safetensors")
    try AtomicFile.write(bytes + Array(header.utf8) + [UInt8](repeating: 0, count: 8), to: path)
    return try SafetensorsFile(path: path)
  }

  @Test(
    "JSON is read as the standard has it",
    arguments: [
      #"{"a":\#(tensor)}"#, "{ \"a\"\t:\n\(tensor)\r}  ", #"{"\u0061":\#(tensor)}"#,
      #"{"a":{"extra":{"x":[1,-2.5e+3,true,null,"y",{}]},"shape":[2],"data_offsets":[0,8],"#
        + #""dtype":"F32"}}"#,
    ])
  func accepts(header: String) throws { #expect(try open(header).tensor("a").count == 2) }

  @Test("A surrogate pair is one character")
  func surrogates() throws {
    #expect(try open(#"{"\ud83d\uDC1F":\#(Self.tensor)}"#).entries.map(\.name) == ["🐟"])
  }

  @Test(
    "Anything else is refused",
    arguments: [
      "", "{", "{}", " {\"a\":\(tensor)}", "{\"a\":\(tensor)}x", "{\"a\":\(tensor),}",
      "{\"a\":\(tensor)", "{a:\(tensor)}", "{\"a\" \(tensor)}", "{\"a\n\":\(tensor)}",
      "{\"a\\x\":\(tensor)}", #"{"\ud83d":\#(tensor)}"#, #"{"\ud83dx":\#(tensor)}"#,
      #"{"\udc1f":\#(tensor)}"#, #"{"\u12g4":\#(tensor)}"#, "{\"a\0\":\(tensor)}",
      #"{"a":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}}"#,
      #"{"a":{"dtype":"F32","shape":[02],"data_offsets":[0,8]}}"#,
      #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8,8]}}"#,
      #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0]}}"#,
      #"{"a":{"dtype":"F32","shape":2,"data_offsets":[0,8]}}"#,
      #"{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,8]}}"#,
      #"{"a":{"dtype":"F32","data_offsets":[0,8]}}"#,
      #"{"a":{"dtype":"F32","shape":[2],"shape":[2],"data_offsets":[0,8]}}"#,
      #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"extra":01}}"#,
      #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"extra":nan}}"#,
      #"{"__metadata__":{"x":1},"a":\#(tensor)}"#,
      #"{"__metadata__":{"x":"1","x":"2"},"a":\#(tensor)}"#,
      #"{"__metadata__":{},"__metadata__":{},"a":\#(tensor)}"#,
    ])
  func rejects(header: String) throws {
    let failure = try #require(throws: FileFailure.self) { try open(header) }
    #expect(failure.kind == .badData)
    #expect(failure.description.contains("no valid safetensors file"))
  }

  @Test("Nesting without end is refused and does not exhaust the stack")
  func nesting() throws {
    let deep = String(repeating: "[", count: 1_000_000)
    let header = #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"extra":"# + deep
    let failure = try #require(throws: FileFailure.self) { try open(header) }
    #expect(failure.description.contains("levels of nesting"))
  }
}

/// Types of the format whose elements are not converted.
@Suite struct UnreadTypeTests {
  private func open(_ type: String, _ shape: [Int], bytes: Int) throws -> SafetensorsFile {
    let folder = try TemporaryFolder()
    let header =
      #"{"a":{"dtype":"\#(type)","shape":\#(shape),"data_offsets":[0,\#(bytes)]},"#
      + #""b":{"dtype":"U8","shape":[1],"data_offsets":[\#(bytes),\#(bytes + 1)]}}"#
    let data = [UInt8](repeating: 7, count: bytes + 1)
    try AtomicFile.write(
      HandMade.number(header.utf8.count, 8) + Array(header.utf8) + data, to: folder.file("a"))
    return try SafetensorsFile(path: folder.file("a"))
  }

  @Test(
    "They make no file invalid, and reading one names its type",
    arguments: [
      ("F8_E4M3", [3], 3), ("F8_E5M2", [2, 2], 4), ("F8_E8M0", [], 1), ("F8_E4M3FNUZ", [5], 5),
      ("F8_E5M2FNUZ", [5], 5), ("F4", [2, 3], 3), ("F4", [0], 0), ("F6_E2M3", [4], 3),
      ("F6_E3M2", [2, 2, 2], 6), ("C64", [2], 16),
    ])
  func valid(type: String, shape: [Int], bytes: Int) throws {
    let file = try open(type, shape, bytes: bytes)
    let entry = try #require(file.entry("a"))
    #expect(entry.typeName == type && entry.type == nil)
    #expect(entry.count == shape.reduce(1, *))
    #expect(try file.tensor("b").elements == [7])
    for read in [{ _ = try file.tensor("a") }, { _ = try file.doubles("a") }] as [() throws -> Void]
    {
      let failure = try #require(throws: FileFailure.self, performing: read)
      #expect(failure.kind == .badData)
      #expect(failure.description.contains("'a' has the type \(type), which is not read"))
    }
    #expect(throws: FileFailure.self) { try file.integers("a") }
  }

  @Test(
    "Their sizes are checked, in bits",
    arguments: [
      ("F8_E4M3", [3], 4), ("F4", [3], 2), ("F4", [], 1), ("F4", [4], 4), ("F6_E2M3", [3], 3),
      ("F6_E3M2", [4], 4), ("C64", [2], 8), ("C128", [1], 16), ("I4", [2], 1), ("F8", [1], 1),
      ("f8_e4m3", [1], 1),
    ])
  func invalid(type: String, shape: [Int], bytes: Int) throws {
    let failure = try #require(throws: FileFailure.self) { try open(type, shape, bytes: bytes) }
    #expect(failure.description.contains("no valid safetensors file"), "\(failure)")
  }
}
