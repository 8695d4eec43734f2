import Testing
import XAIFiles
import XAITensor
import XAITestSupport

@Suite struct TensorArchiveTests {
  @Test("The content decides the format, and the tensors are the same")
  func formats() throws {
    let torch = try TensorArchive(path: Fixture.path("networkA.pt"))
    let safetensors = try TensorArchive(path: Fixture.path("networkA.safetensors"))
    #expect(torch.format == .torch && safetensors.format == .safetensors)
    for entry in safetensors.entries {
      #expect(torch.entry(entry.name) == entry)
      #expect(try torch.tensor(entry.name) == safetensors.tensor(entry.name))
    }
    #expect(torch.entry("none") == nil)
    #expect(throws: FileFailure.self) { try torch.tensor("none") }
  }

  @Test("A name says nothing about the format")
  func names() throws {
    let folder = try TemporaryFolder()
    for (name, other) in [("networkA.pt", "a.safetensors"), ("networkA.safetensors", "a.pt")] {
      try AtomicFile.write(try WholeFile.read(Fixture.path(name)), to: folder.file(other))
      let archive = try TensorArchive(path: folder.file(other))
      #expect(try archive.tensor("conv1.weight").count > 0)
      #expect(archive.path == folder.file(other))
    }
  }
}
