import Testing
import XAIFiles
import XAITensor
import XAITestSupport

@Suite struct SafetensorsFileTests {
  private static let rejected = [
    ("header_too_long", "header should have"), ("header_length_overflow", "header should have"),
    ("overlapping_offsets", "without gap or overlap"), ("gap", "without gap or overlap"),
    ("unknown_dtype", "'F33'"), ("wrong_size", "expected 32"),
    ("shape_overflow", "overflows 64 bits"), ("duplicate_keys", "'a' appears twice"),
    ("truncated_data", "expected 32 from its header"),
    ("trailing_bytes", "holds 39 bytes of data, expected 32"),
    ("negative_offsets", "not negative"), ("negative_shape", "not negative"),
    ("reversed_offsets", "before"), ("not_json", "expected \" at byte 1"),
    ("not_an_object", "does not begin with {"), ("too_short", "it has 3 bytes"),
    ("empty", "it has 0 bytes"),
  ]

  @Test("A broken file is refused with its name and what is wrong", arguments: rejected)
  func rejects(file: String, clause: String) throws {
    let path = Fixture.path(file + ".safetensors")
    let failure = try #require(throws: FileFailure.self) { try SafetensorsFile(path: path) }
    #expect(failure.kind == .badData)
    #expect(failure.description.contains(path))
    #expect(failure.description.contains(clause), "\(failure)")
  }

  @Test("A missing file and a folder are missing input")
  func missing() throws {
    for (path, clause) in [("/nowhere/a.safetensors", "does not exist"), ("/", "is a folder")] {
      let failure = try #require(throws: FileFailure.self) { try SafetensorsFile(path: path) }
      #expect(failure.kind == .missingInput)
      #expect(failure.description.contains(clause), "\(failure)")
    }
  }

  @Test("Names, metadata, scalars and empty tensors are read from an unsorted header")
  func unsorted() throws {
    let file = try SafetensorsFile(path: Fixture.path("valid_unsorted.safetensors"))
    let expected = try SafetensorsFile(path: Fixture.path("expected.safetensors"))
    #expect(file.metadata["format"] == "pt")
    #expect(file.entries.map(\.name) == ["beta", "alpha", "gamma", "delta"])
    #expect(file.entry("gamma")?.shape == [])
    #expect(file.entry("delta")?.shape == [0, 4])
    for entry in file.entries {
      #expect(try file.tensor(entry.name) == expected.tensor("unsorted." + entry.name))
    }
  }

  @Test("Every type is read as Float32, Double and, where it is whole, as Int64")
  func types() throws {
    let file = try SafetensorsFile(path: Fixture.path("valid_dtypes.safetensors"))
    let expected = try SafetensorsFile(path: Fixture.path("expected.safetensors"))
    #expect(file.entries.count == 8)
    for entry in file.entries {
      let values = try expected.doubles("dtypes." + entry.name)
      #expect(try file.doubles(entry.name) == values)
      #expect(try file.tensor(entry.name) == Tensor(shape: [3, 2], values.map(Float.init)))
      if entry.type?.isInteger == true {
        #expect(try file.integers(entry.name) == values.map { Int64($0) })
      } else {
        let failure = try #require(throws: FileFailure.self) { try file.integers(entry.name) }
        #expect(failure.description.contains("expected integers"))
      }
    }
  }

  @Test("An unknown tensor is named beside those that there are")
  func unknownTensor() throws {
    let file = try SafetensorsFile(path: Fixture.path("valid_unsorted.safetensors"))
    let failure = try #require(throws: FileFailure.self) { try file.tensor("epsilon") }
    #expect(failure.kind == .badData)
    #expect(failure.description.contains("no tensor 'epsilon'"))
    #expect(failure.description.contains("'alpha'"))
  }
}
