import Testing
import XAIFiles
import XAITensor
import XAITestSupport

/// Pickles that no honest program writes, in a container that is in order.
@Suite struct HostilePickleTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A zip file of plain members.
  private func zip(_ members: [(name: String, bytes: [UInt8])]) -> [UInt8] {
    func number(_ value: Int, _ size: Int) -> [UInt8] {
      (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    var file: [UInt8] = []
    var directory: [UInt8] = []
    for (name, bytes) in members {
      // Flags, method, time and checksum are 0; sizes; lengths of name and extra field.
      let common =
        number(0, 2 + 2 + 4 + 4) + number(bytes.count, 4) + number(bytes.count, 4)
        + number(name.utf8.count, 2) + number(0, 2)
      directory += number(0x0201_4B50, 4) + number(0, 2 + 2) + common
      directory += number(0, 2 + 2 + 2 + 4) + number(file.count, 4) + Array(name.utf8)
      file += number(0x0403_4B50, 4) + number(0, 2) + common + Array(name.utf8) + bytes
    }
    return file + directory + number(0x0605_4B50, 4) + number(0, 2 + 2)
      + number(members.count, 2) + number(members.count, 2) + number(directory.count, 4)
      + number(file.count, 4) + number(0, 2)
  }

  private func open(
    _ pickle: String, data: [UInt8] = [0, 0, 0x80, 0x3F, 0, 0, 0, 0x40]
  ) throws -> TorchFile {
    // Every character of the text is one byte.
    let bytes = pickle.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
    let path = folder.file("a.pt")
    try AtomicFile.write(zip([("a/data.pkl", bytes), ("a/data/0", data)]), to: path)
    return try TorchFile(path: path)
  }

  /// The instructions that push a tensor of two elements of the storage `0`.
  private func tensor(
    count: String = "K\u{2}", shape: String = "K\u{2}", stride: String = "K\u{1}"
  ) -> String {
    "ctorch._utils\n_rebuild_tensor_v2\n((X\u{7}\0\0\0storagectorch\nFloatStorage\n"
      + "X\u{1}\0\0\00X\u{3}\0\0\0cpu\(count)tQK\0(\(shape)t(\(stride)t\u{89}NtR"
  }

  @Test("The instructions by hand are those of a tensor")
  func honest() throws {
    let file = try open("}X\u{1}\0\0\0w\(tensor())s.")
    #expect(file.entries.map(\.name) == ["w"])
    #expect(file.entries.first?.tensor.elements == [1, 2])
  }

  @Test(
    "Broken programs are refused",
    arguments: [
      "", ".", "}", "}.", "N.", "t.", "(.", "R.", "}}R.", "h\0.", "Q.", "NQ.", "}b.", "s.", "}Ks.",
      "}a.", "]NNs.", "X\u{FF}\u{FF}\u{FF}\u{FF}a.", "\u{8A}\u{9}123456789.", "i", "P0\n.", "o.",
      "cbuiltins\neval\n.", "X\u{2}\0\0\0osX\u{6}\0\0\0system\u{93}.", "c", "cos\n",
      "ccollections\nOrderedDict\nN\u{85}R.",
    ])
  func broken(pickle: String) throws {
    let failure = try #require(throws: FileFailure.self) { try open(pickle) }
    #expect(failure.kind == .badData)
  }

  @Test(
    "Views that leave their storage are refused",
    arguments: [
      ("K\u{3}", "K\u{1}"), ("K\u{2}", "K\u{2}"), ("J\u{FE}\u{FF}\u{FF}\u{FF}", "K\u{1}"),
      ("K\u{2}K\u{2}", "K\0K\u{1}"), ("K\u{2}", "K\u{1}K\u{1}"),
      ("J\u{FF}\u{FF}\u{FF}\u{7F}J\u{FF}\u{FF}\u{FF}\u{7F}J\u{FF}\u{FF}\u{FF}\u{7F}", "K\0K\0K\0"),
    ])
  func views(shape: String, stride: String) throws {
    let failure = try #require(throws: FileFailure.self) {
      try open("}X\u{1}\0\0\0w\(tensor(shape: shape, stride: stride))s.")
    }
    #expect(failure.description.contains("leave its storage"), "\(failure)")
  }

  @Test("An empty tensor of absurd extents is just empty")
  func absurdButEmpty() throws {
    let huge = "\u{8A}\u{8}\u{FF}\u{FF}\u{FF}\u{FF}\u{FF}\u{FF}\u{FF}\u{7F}"
    let file = try open(
      "}X\u{1}\0\0\0w\(tensor(shape: "K\0" + huge + huge, stride: "K\0K\0K\0"))s.")
    #expect(file.entries.first?.tensor.count == 0)
  }

  @Test("Data of another size than the storage is refused")
  func wrongData() throws {
    let failure = try #require(throws: FileFailure.self) {
      try open("}X\u{1}\0\0\0w\(tensor())s.", data: [1, 2, 3])
    }
    #expect(failure.description.contains("has 3 bytes, expected 2 elements"), "\(failure)")
  }

  @Test("Rings and towers of containers neither hang nor exhaust the stack")
  func rings() throws {
    let tower = ")" + String(repeating: "\u{85}", count: 1_000_000) + "."
    let ring = "}q\0X\u{A}\0\0\0state_dicth\0s."
    let lists = "]" + String(repeating: "q\0]q\u{1}h\0ah\u{1}", count: 100_000) + "."
    for pickle in [tower, ring, lists] {
      let failure = try #require(throws: FileFailure.self) { try open(pickle) }
      #expect(failure.kind == .badData)
    }
  }

  @Test("A small file cannot ask for much memory through shared storages")
  func growth() throws {
    // A storage of 40,000 bytes and a hundred names for a view of all of it.
    let wide = tensor(count: "M\u{10}\u{27}", shape: "M\u{10}\u{27}")
    var pickle = "}X\u{1}\0\0\0w\(wide)q\0s"
    for name in 33..<127 { pickle += "X\u{1}\0\0\0\(Character(Unicode.Scalar(UInt8(name))))h\0s" }
    let failure = try #require(throws: FileFailure.self) {
      try open(pickle + ".", data: [UInt8](repeating: 0, count: 40_000))
    }
    #expect(failure.description.contains("outgrow the file"), "\(failure)")
  }
}
