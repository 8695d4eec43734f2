import Testing
import XAIFiles
import XAITensor
import XAITestSupport

@Suite struct TorchWriteTests {
  private static let tensors: [(name: String, tensor: Tensor)] = [
    ("features.0.weight", Tensor(shape: [2, 1, 1, 3], [1, 2, -0.5, 4, 5, 6])),
    ("scalar", Tensor(shape: [], [7])), ("empty", Tensor(shape: [0, 3], [])),
    ("größe", Tensor(shape: [3], [1, 2, -0.5])),
  ]

  private func written() throws -> (bytes: [UInt8], file: TensorArchive) {
    let folder = try TemporaryFolder()
    try TorchFile.write(Self.tensors, to: folder.file("a.pt"))
    return (
      try WholeFile.read(folder.file("a.pt")), try TensorArchive(path: folder.file("a.pt"))
    )
  }

  @Test("What is written is read again, in its order")
  func roundTrip() throws {
    let file = try written().file
    #expect(file.format == .torch && file.dictionaryKey == nil)
    #expect(file.entries.map(\.name) == Self.tensors.map(\.name))
    for (name, tensor) in Self.tensors { #expect(try file.tensor(name) == tensor) }
  }

  @Test("The same content gives the same bytes")
  func same() throws { #expect(try written().bytes == written().bytes) }

  @Test("Every member is whole, plain and begins at a multiple of 64; checksums are those of zlib")
  func members() throws {
    let bytes = try written().bytes
    func number(_ position: Int, _ size: Int) -> Int {
      (0..<size).reversed().reduce(0) { $0 << 8 | Int(bytes[position + $1]) }
    }
    // Of "little" and of the numbers 1, 2, -0.5; from zlib.crc32 of Python.
    let checksums = ["archive/byteorder": 0x19E33D85, "archive/data/3": 0x6F753639]
    var position = 0
    var names: [String] = []
    while number(position, 4) == 0x0403_4B50 {
      let (size, nameSize) = (number(position + 22, 4), number(position + 26, 2))
      let start = position + 30 + nameSize + number(position + 28, 2)
      let name = String(decoding: bytes[position + 30..<position + 30 + nameSize], as: UTF8.self)
      names.append(name)
      #expect(start % 64 == 0 && number(position + 8, 2) == 0)
      #expect(number(position + 18, 4) == size)
      if let checksum = checksums[name] { #expect(number(position + 14, 4) == checksum) }
      position = start + size
    }
    #expect(
      names
        == ["data.pkl", "byteorder", "data/0", "data/1", "data/2", "data/3", "version"]
        .map { "archive/" + $0 })
    #expect(number(position, 4) == 0x0201_4B50)
  }

  @Test("A folder that is not there is told, and nothing is left behind")
  func missingFolder() throws {
    let failure = try #require(throws: FileFailure.self) {
      try TorchFile.write(Self.tensors, to: "/nowhere/a.pt")
    }
    #expect(failure.kind == .cannotCreate)
  }
}
