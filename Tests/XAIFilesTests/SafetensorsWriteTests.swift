import Testing
import XAIFiles
import XAITensor
import XAITestSupport

@Suite struct SafetensorsWriteTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test("Every type comes back bit for bit")
  func roundTrip() throws {
    let path = folder.file("a.safetensors")
    let floats: [Float] = [0, -0.0, .nan, .infinity, .leastNonzeroMagnitude, .pi]
    let doubles: [Double] = [.pi, -.infinity, .leastNonzeroMagnitude]
    let integers: [Int64] = [.min, -1, 0, .max]
    try SafetensorsFile.write(
      [
        ("bytes", .uint8(shape: [3], [0, 127, 255])),
        ("floats", .float32(Tensor(shape: [2, 3], floats))),
        ("doubles", .float64(shape: [3], doubles)),
        ("scalar", .float32(Tensor(shape: [], [7]))),
        ("empty", .float32(Tensor(shape: [0, 4]))),
        ("integers", .int64(shape: [2, 2], integers)),
      ], metadata: ["epoch": "3"], to: path)
    let file = try SafetensorsFile(path: path)
    #expect(file.metadata == ["epoch": "3"])
    #expect(
      file.entries.map(\.name) == ["doubles", "integers", "floats", "scalar", "empty", "bytes"])
    #expect(try file.tensor("floats") == Tensor(shape: [2, 3], floats))
    #expect(try file.doubles("doubles") == doubles)
    #expect(try file.integers("integers") == integers)
    #expect(try file.integers("bytes") == [0, 127, 255])
    #expect(try file.tensor("scalar") == Tensor(shape: [], [7]))
    #expect(try file.tensor("empty").shape == [0, 4])
  }

  @Test("The header is the format's: length, sorted metadata first, padded with spaces")
  func layout() throws {
    let path = folder.file("a.safetensors")
    try SafetensorsFile.write(
      [("w", .float32(Tensor(shape: [1, 2], [1, -2])))], metadata: ["b": "2", "a": "1"], to: path)
    let json =
      #"{"__metadata__":{"a":"1","b":"2"},"w":{"dtype":"F32","shape":[1,2],"#
      + #""data_offsets":[0,8]}}"#
    let length = (json.utf8.count + 7) / 8 * 8
    let header = json + String(repeating: " ", count: length - json.utf8.count)
    #expect(
      try WholeFile.read(path) == [UInt8(length), 0, 0, 0, 0, 0, 0, 0] + Array(header.utf8)
        + [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0])
  }

  @Test("Texts with quotes, control characters and any script survive")
  func escapes() throws {
    let path = folder.file("a.safetensors")
    let metadata = [
      "json": #"{"classes":["a\"b"],"path":"c:\\d"}"#, "lines": "a\nb\tc\r\u{1}\u{1F}\u{7F}",
      "schön": "日本語 🐟", "": "",
    ]
    let name = "a/\"b\"\n"
    try SafetensorsFile.write(
      [(name, .uint8(shape: [1], [9]))], metadata: metadata, to: path)
    let file = try SafetensorsFile(path: path)
    #expect(file.metadata == metadata)
    #expect(try file.integers(name) == [9])
  }

  @Test("No tensors and no metadata are a file too")
  func empty() throws {
    let path = folder.file("a.safetensors")
    try SafetensorsFile.write([], to: path)
    #expect(try WholeFile.read(path).count == 16)
    #expect(try SafetensorsFile(path: path).entries.isEmpty)
  }
}
