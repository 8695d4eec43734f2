import Testing
import XAIFiles
import XAITensor
import XAITestSupport

/// Damaged files of tensors: each is read or refused, and none ends the program.
@Suite struct MutationTests {
  private func seeds(_ names: [String]) throws -> [[UInt8]] {
    try names.map { try WholeFile.read(Fixture.path($0)) }
  }

  @Test func `safetensors files`() throws {
    let names = ["valid_unsorted", "valid_dtypes", "training", "types"]
    var trial = MutationTrial("safetensors", seeds: try seeds(names.map { $0 + ".safetensors" }))
    trial.mending = mendSafetensorsLength
    let scratch = ScratchFile()
    try trial.run(15_000) { bytes in
      scratch.write(bytes)
      let file = try SafetensorsFile(path: scratch.path)
      for entry in file.entries {
        let (tensor, doubles) = (try file.tensor(entry.name), try file.doubles(entry.name))
        #expect(tensor.count == entry.count && doubles.count == entry.count)
        if entry.type?.isInteger == true { _ = try file.integers(entry.name) }
      }
    }
  }

  @Test func `files of torch.save`() throws {
    let names = ["views.pt", "training.pt", "types4.pt", "old.pt", "kitchen4.legacy.pt"]
    let scratch = ScratchFile()
    try MutationTrial("torch", seeds: try seeds(names)).run(12_000) { bytes in
      scratch.write(bytes)
      let file = try TorchFile(path: scratch.path)
      var elements = 0
      for entry in file.entries where entry.isReadable {
        elements += try file.tensor(entry.name).count
      }
      #expect(elements * 4 <= 16 * bytes.count)
    }
  }
}

/// Claims that no file can keep are refused before memory is taken for them.
@Suite struct AllocationTests {
  private let folder: TemporaryFolder
  private var path: String { folder.file("file") }

  init() throws { folder = try TemporaryFolder() }

  private func failure(header: String, data: Int = 0, length: UInt64? = nil) throws -> String {
    let text = Array(header.utf8)
    let length = length ?? UInt64(text.count)
    let bytes = (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * UInt64($0))) }
    try AtomicFile.write(bytes + text + [UInt8](repeating: 0, count: data), to: path)
    let failure = try #require(throws: FileFailure.self) { try SafetensorsFile(path: path) }
    return failure.description
  }

  @Test func `a tensor of ten gigabytes in a file of a hundred bytes is refused`() throws {
    let tensor = #"{"a":{"dtype":"F32","shape":[50000,50000],"data_offsets":[0,10000000000]}}"#
    #expect(
      try failure(header: tensor, data: 16).contains("16 bytes of data, expected 10000000000"))
    let short = #"{"a":{"dtype":"F32","shape":[50000,50000],"data_offsets":[0,16]}}"#
    #expect(try failure(header: short, data: 16).contains("has 16 bytes, expected 10000000000"))
  }

  @Test func `a header longer than its file is not made room for`() throws {
    for length: UInt64 in [1000, 99_999_999, 100_000_001, 1 << 40, .max] {
      #expect(
        try failure(header: "{}", length: length)
          .contains("should have \(length) bytes, but 2 bytes follow"))
    }
  }

  @Test func `a tensor of a million axes is refused, and so is a deep header`() throws {
    let axes = String(repeating: "1,", count: 1_000_000) + "1"
    let wide = #"{"a":{"dtype":"U8","shape":[\#(axes)],"data_offsets":[0,1]}}"#
    #expect(try failure(header: wide, data: 1).contains("more than 64 numbers"))
    let deep = String(repeating: "[", count: 1_000_000)
    let nested = #"{"a":{"dtype":"U8","other":\#(deep)}}"#
    #expect(try failure(header: nested).contains("more than 64 levels of nesting"))
  }

  @Test func `deep JSON is refused, however deep`() throws {
    for text in ["[", "{\"a\":", "[{\"a\":"] {
      let deep = String(repeating: text, count: 200_000)
      let failure = try #require(throws: FileFailure.self) {
        try JSONText.decode([String: [String]].self, from: deep, name: "deep")
      }
      #expect(failure.kind == .badData)
    }
  }

  @Test func `a list of strings is read no further than it should go`() {
    #expect(JSONText.strings(#"["a", "b\n"]"#, count: 2) == ["a", "b\n"])
    #expect(JSONText.strings(#"["a"]"#, count: 2) == nil)
    #expect(JSONText.strings(#"["a", 1]"#, count: 2) == nil)
    #expect(JSONText.strings(#"["a", "b"] x"#, count: 2) == nil)
    // What follows the third is not even looked at.
    #expect(JSONText.strings(#"["a", "b", "c", ,,,"#, count: 2) == nil)
    #expect(JSONText.strings("[]", count: 0) == [])
  }
}
