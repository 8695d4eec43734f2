#if canImport(Glibc)
  import Glibc
#endif
import Testing
import XAIFiles
import XAITensor
import XAITestSupport

/// Files with single bytes changed: each is read or refused, and none ends the program.
@Suite struct MutationTests {
  /// Counts how many of the mutations of a file a reader accepts.
  private func accepted(
    _ name: String, of count: Int, _ read: (String) throws(FileFailure) -> Void
  ) throws -> Int {
    let folder = try TemporaryFolder()
    let path = folder.file("mutated")
    let original = try WholeFile.read(Fixture.path(name))
    var random = RandomStream(seed: 1, purpose: "mutations/" + name)
    var accepted = 0
    for _ in 0..<count {
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
        if error.kind != .badData { Issue.record(error) }
      }
    }
    return accepted
  }

  @Test(
    "Mutated safetensors files", arguments: [("valid_unsorted", 20_000), ("valid_dtypes", 5_000)])
  func safetensors(name: String, count: Int) throws {
    let accepted = try accepted(name + ".safetensors", of: count) { (path) throws(FileFailure) in
      let file = try SafetensorsFile(path: path)
      for entry in file.entries { _ = try file.tensor(entry.name) }
    }
    #expect(accepted > 0 && accepted < count)
  }

  @Test("Mutated files of torch.save", arguments: [("views.pt", 10_000), ("training.pt", 5_000)])
  func torch(name: String, count: Int) throws {
    let accepted = try accepted(name, of: count) { (path) throws(FileFailure) in
      _ = try TorchFile(path: path)
    }
    #expect(accepted > 0 && accepted < count)
  }
}
