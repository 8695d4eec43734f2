#if canImport(Glibc)
  import Glibc
#endif
import Testing
import XAIFiles
import XAITensor
import XAITestSupport

/// Files with single bytes changed: each is read or refused, and none ends the program.
@Suite struct MutationTests {
  private static let count = 20_000

  /// Counts how many of the mutations of a file a reader accepts.
  private func accepted(_ name: String, _ read: (String) throws(FileFailure) -> Void) throws -> Int
  {
    let folder = try TemporaryFolder()
    let path = folder.file("mutated")
    let original = try WholeFile.read(Fixture.path(name))
    var random = RandomStream(seed: 1, purpose: "mutations/" + name)
    var accepted = 0
    for _ in 0..<Self.count {
      var bytes = original
      bytes[random.integer(below: bytes.count)] = UInt8(truncatingIfNeeded: random.next())
      if random.integer(below: 4) == 0 { bytes.removeLast(random.integer(below: bytes.count)) }
      // Not atomically: twenty thousand times fsync take minutes.
      let file = try #require(fopen(path, "w"))
      fwrite(bytes, 1, bytes.count, file)
      fclose(file)
      do throws(FileFailure) {
        try read(path)
        accepted += 1
      } catch {
        #expect(error.kind == .badData)
      }
    }
    return accepted
  }

  @Test("Mutated safetensors files", arguments: ["valid_unsorted", "valid_dtypes"])
  func safetensors(name: String) throws {
    let accepted = try accepted(name + ".safetensors") { (path) throws(FileFailure) in
      let file = try SafetensorsFile(path: path)
      for entry in file.entries { _ = try file.tensor(entry.name) }
    }
    #expect(accepted > 0 && accepted < Self.count)
  }

  @Test("Mutated files of torch.save", arguments: ["views.pt", "training.pt"])
  func torch(name: String) throws {
    let accepted = try accepted(name) { (path) throws(FileFailure) in
      _ = try TorchFile(path: path)
    }
    #expect(accepted > 0 && accepted < Self.count)
  }
}
