import Testing
import XAIFiles
import XAITensor
import XAITestSupport

/// Pickles that no honest program writes, in a container that is in order.
@Suite struct HostilePickleTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func open(
    _ pickle: String, data: [UInt8] = HandMade.twoNumbers
  ) throws -> TorchFile {
    let path = folder.file("a.pt")
    try AtomicFile.write(HandMade.archive(pickle, data: data), to: path)
    return try TorchFile(path: path)
  }

  private func tensor(
    count: String = "K\u{2}", shape: String = "K\u{2}", stride: String = "K\u{1}"
  ) -> String { HandMade.tensor(count: count, shape: shape, stride: stride) }

  @Test("The instructions by hand are those of a tensor")
  func honest() throws {
    let file = try open("}X\u{1}\0\0\0w\(tensor())s.")
    #expect(file.entries.map(\.name) == ["w"])
    #expect(try file.tensor("w").elements == [1, 2])
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
      ("K\u{2}K\u{2}", "K\u{1}K\u{1}"), ("K\u{2}", "K\u{1}K\u{1}"),
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
    #expect(try file.tensor("w").count == 0)
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

  @Test("An expanded view repeats its elements, as long as they do not outgrow the file")
  func expanded() throws {
    let file = try open("}X\u{1}\0\0\0w\(tensor(shape: "K\u{3}K\u{2}", stride: "K\0K\u{1}"))s.")
    #expect(try file.tensor("w") == Tensor(shape: [3, 2], [1, 2, 1, 2, 1, 2]))
    let huge = "J\u{FF}\u{FF}\u{FF}\u{7F}"
    let failure = try #require(throws: FileFailure.self) {
      try open("}X\u{1}\0\0\0w\(tensor(shape: huge + huge, stride: "K\0K\0"))s.")
    }
    #expect(failure.description.contains("outgrow the file"), "\(failure)")
  }

  @Test("One storage has one type and size")
  func twoWays() throws {
    let other = tensor(count: "K\u{1}", shape: "K\u{1}")
    let failure = try #require(throws: FileFailure.self) {
      try open("}X\u{1}\0\0\0w\(tensor())sX\u{1}\0\0\0v\(other)s.")
    }
    #expect(failure.description.contains("'0' in two ways"), "\(failure)")
  }

  @Test("Values that are used again and again take neither time nor memory without end")
  func repetition() throws {
    // A shape of more axes than there are, and a list of pairs, each for a hundred thousand calls.
    let axes = "(" + String(repeating: "K\u{1}", count: 200_000) + "tq\u{1}0"
    let call = "h\0(h\u{2}K\0h\u{1}h\u{1}\u{89}NtR0"
    let storage =
      "(X\u{7}\0\0\0storagectorch\nFloatStorage\nX\u{1}\0\0\00X\u{3}\0\0\0cpuK\u{2}tQq\u{2}0"
    let shapes =
      "ctorch._utils\n_rebuild_tensor_v2\nq\00" + storage + axes
      + String(repeating: call, count: 100_000) + "}."
    let pairs = "](" + String(repeating: "NN\u{86}", count: 200_000) + "e\u{85}q\u{1}0"
    let dictionaries =
      "ccollections\nOrderedDict\nq\00" + pairs + String(repeating: "h\0h\u{1}R0", count: 100_000)
      + "}."
    let start = ContinuousClock.now
    for pickle in [shapes, dictionaries] {
      let failure = try #require(throws: FileFailure.self) { try open(pickle) }
      #expect(failure.kind == .badData)
    }
    #expect(ContinuousClock.now - start < .seconds(20))
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
