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
    for counter in counters { #expect(counter.tensor == Tensor(shape: [], [0])) }
    let tensors = file.entries.filter { !$0.name.hasSuffix("num_batches_tracked") }
    #expect(tensors.count == expected.entries.count)
    for (name, tensor) in tensors { #expect(try tensor == expected.tensor(name)) }
  }

  @Test("Views of one storage are read through their offsets and strides")
  func views() throws {
    let file = try TorchFile(path: Fixture.path("views.pt"))
    let expected = try SafetensorsFile(path: Fixture.path("expected.safetensors"))
    #expect(file.entries.map(\.name) == ["base", "transposed", "slice", "row"])
    for (name, tensor) in file.entries {
      #expect(try tensor == expected.tensor("views." + name), "\(name)")
    }
  }

  @Test("A state_dict inside a training checkpoint is found beside other values")
  func trainingCheckpoint() throws {
    let file = try TorchFile(path: Fixture.path("training.pt"))
    let expected = try SafetensorsFile(path: Fixture.path("training.safetensors"))
    #expect(Set(file.entries.map(\.name)) == Set(expected.entries.map(\.name)))
    for (name, tensor) in file.entries { #expect(try tensor == expected.tensor(name), "\(name)") }
  }

  @Test("Every element type and pickle protocol 4 are read", arguments: ["types.pt", "types4.pt"])
  func types(name: String) throws {
    let file = try TorchFile(path: Fixture.path(name))
    let expected = try SafetensorsFile(path: Fixture.path("types.safetensors"))
    #expect(file.entries.count == 12)
    for (name, tensor) in file.entries { #expect(try tensor == expected.tensor(name), "\(name)") }
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
      ("truncated.pt", "only its beginning"), ("malicious_legacy.pt", "zip container"),
      ("old.pt", "PyTorch 1.6 or later"), ("empty.safetensors", "zip container"),
      ("no_tensors.pt", "no tensors"), ("expanded.pt", "leave its storage"),
      ("networkA.safetensors", "zip container"),
    ])
  func rejects(name: String, clause: String) throws {
    let failure = try failure(name)
    #expect(failure.kind == .badData)
    #expect(failure.description.contains(clause), "\(failure)")
  }

  @Test("A missing file is missing input")
  func missing() throws { #expect(try failure("none.pt").kind == .missingInput) }
}
