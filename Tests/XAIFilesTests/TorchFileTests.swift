import Testing
import XAIFiles
import XAITensor
import XAITestSupport

@Suite struct TorchFileTests {
  private func failure(_ name: String) throws -> FileFailure {
    try #require(throws: FileFailure.self) { try TorchFile(path: Fixture.path(name)) }
  }

  @Test("A state_dict is read in its order")
  func stateDictionary() throws {
    let file = try TorchFile(path: Fixture.path("networkA.pt"))
    let expected = try SafetensorsFile(path: Fixture.path("networkA.safetensors"))
    #expect(file.entries.first?.name == "conv1.weight")
    let counters = file.entries.filter { $0.name.hasSuffix("num_batches_tracked") }
    #expect(!counters.isEmpty)
    for counter in counters {
      #expect(try file.tensor(counter.name) == Tensor(shape: [], [0]))
      #expect(counter.typeName == "I64")
    }
    let tensors = file.entries.filter { !$0.name.hasSuffix("num_batches_tracked") }
    #expect(tensors.count == expected.entries.count)
    for entry in tensors {
      #expect(try file.tensor(entry.name) == expected.tensor(entry.name))
    }
  }

  @Test("Views of one storage are read through their offsets and strides")
  func views() throws {
    let file = try TorchFile(path: Fixture.path("views.pt"))
    let expected = try SafetensorsFile(path: Fixture.path("expected.safetensors"))
    #expect(file.entries.map(\.name) == ["base", "transposed", "slice", "row"])
    for name in file.entries.map(\.name) {
      #expect(try file.tensor(name) == expected.tensor("views." + name), "\(name)")
    }
  }

  @Test("A state_dict inside a training checkpoint is found beside other values")
  func trainingCheckpoint() throws {
    let file = try TorchFile(path: Fixture.path("training.pt"))
    let expected = try SafetensorsFile(path: Fixture.path("training.safetensors"))
    #expect(Set(file.entries.map(\.name)) == Set(expected.entries.map(\.name)))
    #expect(file.dictionaryKey == "state_dict")
    for name in file.entries.map(\.name) {
      #expect(try file.tensor(name) == expected.tensor(name), "\(name)")
    }
  }

  @Test("Every element type and pickle protocol 4 are read", arguments: ["types.pt", "types4.pt"])
  func types(name: String) throws {
    let file = try TorchFile(path: Fixture.path(name))
    let expected = try SafetensorsFile(path: Fixture.path("types.safetensors"))
    #expect(file.entries.count == 12)
    for name in file.entries.map(\.name) {
      #expect(try file.tensor(name) == expected.tensor(name), "\(name)")
    }
  }

  @Test("A forbidden name is refused by name, and nothing is run")
  func malicious() throws {
    let failure = try failure("malicious.pt")
    #expect(failure.kind == .badData)
    #expect(failure.description.contains("'posix.system'"))
    #expect(failure.description.contains("malicious.pt"))
    #expect(try self.failure("malicious_legacy.pt").kind == .badData)
    #expect(throws: FileFailure.self) { try WholeFile.read("PWNED") }
    #expect(throws: FileFailure.self) { try WholeFile.read(Fixture.path("PWNED")) }
  }

  @Test(
    "What cannot be read is refused with a reason",
    arguments: [
      ("truncated.pt", "only its beginning"), ("malicious_legacy.pt", "'posix.system'"),
      ("empty.safetensors", "zip container"), ("no_tensors.pt", "no tensors; its keys are 'a'"),
      ("expanded.pt", "outgrow the file"), ("list.pt", "no dictionary of tensors"),
      ("tensor.pt", "no dictionary of tensors"),
      ("networkA.safetensors", "zip container"),
    ])
  func rejects(name: String, clause: String) throws {
    let failure = try failure(name)
    #expect(failure.kind == .badData)
    #expect(failure.description.contains(clause), "\(failure)")
  }

  @Test(
    "Harmless values beside the tensors are passed over, in both formats and all protocols",
    arguments: ["2", "3", "4", "5"], [".pt", ".legacy.pt"])
  func kitchen(version: String, format: String) throws {
    let file = try TorchFile(path: Fixture.path("kitchen\(version)\(format)"))
    let expected = try SafetensorsFile(path: Fixture.path("kitchen.safetensors"))
    #expect(file.dictionaryKey == "state_dict" && file.otherWeightsKey == nil)
    #expect(file.entries.count == 15)
    for name in file.entries.map(\.name) {
      #expect(try file.tensor(name) == expected.tensor(name), "\(name)")
    }
  }

  @Test("The format of before 2020 is read")
  func old() throws {
    let file = try TorchFile(path: Fixture.path("old.pt"))
    #expect(file.entries.map(\.name) == ["a"])
    #expect(try file.tensor("a") == Tensor(shape: [2], [1, 1]))
  }

  @Test(
    "Newer types are read, and those that are not are named",
    arguments: ["newer_types.pt", "newer_types.legacy.pt"])
  func newerTypes(name: String) throws {
    let file = try TorchFile(path: Fixture.path(name))
    #expect(
      file.entries.map(\.typeName) == ["U16", "U32", "U64", "F8_E4M3", "F8_E5M2", "C64", "C128"])
    #expect(file.entries.map(\.isReadable) == [true, true, true, false, false, false, false])
    #expect(try file.tensor("u16").elements == [1, 65535])
    #expect(try file.tensor("u64").elements == [9, 10])
    for entry in file.entries where !entry.isReadable {
      let failure = try #require(throws: FileFailure.self) { try file.tensor(entry.name) }
      #expect(failure.kind == .badData)
      #expect(failure.description.contains("the type \(entry.typeName), which is not read"))
    }
  }

  @Test("Of an older file every beginning is refused")
  func beginnings() throws {
    let folder = try TemporaryFolder()
    let bytes = try WholeFile.read(Fixture.path("kitchen4.legacy.pt"))
    for count in stride(from: 0, to: bytes.count, by: 7) {
      try AtomicFile.write(Array(bytes.prefix(count)), to: folder.file("a.pt"))
      let failure = try #require(throws: FileFailure.self, "\(count)") {
        try TorchFile(path: folder.file("a.pt"))
      }
      #expect(failure.kind == .badData)
    }
  }

  @Test("A missing file is missing input")
  func missing() throws { #expect(try failure("none.pt").kind == .missingInput) }
}
