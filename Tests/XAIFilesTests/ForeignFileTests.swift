import Testing
import XAIFiles
import XAITensor
import XAITestSupport

/// Files of other kinds are refused by what they are, with what makes a readable file of them.
@Suite struct ForeignFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func failure(_ bytes: [UInt8], name: String = "a.pt") throws -> String {
    try AtomicFile.write(bytes, to: folder.file(name))
    let failure = try #require(throws: FileFailure.self) {
      try TensorArchive(path: folder.file(name))
    }
    #expect(failure.kind == .badData)
    #expect(failure.description.contains(folder.file(name)))
    return failure.description
  }

  private static let network = "`torch.save(model.state_dict(), \"weights.pt\")`"
  private static let state = "`torch.save(state, \"weights.pt\")`"

  @Test(
    "What PyTorch and Python write",
    arguments: [
      ("module.pt", "a whole module", network), ("own_module.pt", "'__main__.Net'", network),
      ("torchscript.pt", "is TorchScript", network), ("exported.pt2", "torch.export", network),
      ("arrays.npz", "an archive of NumPy arrays", state),
      ("compressed.npz", "an archive of NumPy arrays", state),
      ("array.npy", "a NumPy array", state), ("plain.pkl", "a plain pickle", state),
    ])
  func python(name: String, what: String, advice: String) throws {
    let bytes = try WholeFile.read(Fixture.path(name))
    for other in ["a.pt", "a.safetensors"] {
      let text = try failure(bytes, name: other)
      #expect(text.contains(what) && text.contains(advice), "\(text)")
    }
  }

  private static let beginnings: [(start: String, what: String)] = [
    ("\u{89}HDF\r\n\u{1A}\n more", "an HDF5 file, as Keras writes"),
    ("GGUF\u{3}\0\0", "a GGUF file"),
    ("\u{1C}\0\0\0TFL3    ", "Lite"), ("\u{1F}\u{8B}\u{8}\0", "compressed by gzip"),
    ("BZh91AY", "compressed by bzip2"), ("\u{FD}7zXZ\0", "compressed by xz"),
    ("(\u{B5}/\u{FD}\0", "compressed by zstd"),
    ("version https://git-lfs.github.com/spec/v1\noid sha256:", "Git LFS"),
    ("\n<!DOCTYPE html><html>", "a page of the web"),
    ("{\"metadata\": {}, \"weight_map\": {\"a\": \"b\"}}", "in several files"),
    ("\u{8}\u{A}\u{12}\u{7}pytorch", "is ONNX"),
    (String(repeating: "\0", count: 257) + "ustar\0", "a tar archive"),
  ]

  @Test("What other programs write", arguments: beginnings)
  func others(start: String, what: String) throws {
    let bytes = HandMade.bytes(start)
    for name in ["a.pt", "a.safetensors", "a.onnx"] {
      #expect(try failure(bytes, name: name).contains(what))
    }
  }

  @Test("Members of an archive tell a Keras model and an empty archive")
  func archives() throws {
    let keras = HandMade.zip([("metadata.json", [1]), ("model.weights.h5", [1])])
    #expect(try failure(keras).contains("a Keras model"))
    #expect(try failure(HandMade.zip([])).contains("expected one data.pkl in it, found 0"))
  }

  @Test("What nothing is known of counts by its name")
  func unknown() throws {
    let bytes = Array("something else altogether".utf8)
    #expect(try failure(bytes).contains("no file of torch.save"))
    #expect(try failure(bytes, name: "a.safetensors").contains("no valid safetensors file"))
    #expect(try failure([], name: "a.safetensors").contains("it has 0 bytes"))
  }

  @Test("A header whose length begins like a pickle or an archive is one of safetensors")
  func lengths() throws {
    for length in [0x80, 0x280, 0x4B50] {
      let start = "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}"
      let header = start + String(repeating: " ", count: length - start.count - 1) + "}"
      let bytes = HandMade.number(length, 8) + Array(header.utf8) + [0, 0, 0x80, 0x3F]
      try AtomicFile.write(bytes, to: folder.file("w"))
      let archive = try TensorArchive(path: folder.file("w"))
      #expect(archive.format == .safetensors)
      #expect(try archive.tensor("w").elements == [1])
    }
  }
}
