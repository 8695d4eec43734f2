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
