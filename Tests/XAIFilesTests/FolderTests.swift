#if canImport(Glibc)
  import Glibc
#endif
import Testing
import XAIFiles
import XAITensor
import XAITestSupport

@Suite struct FolderTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test("Parents are created, and creating again changes nothing", arguments: ["a/b/c", "d//e/"])
  func create(name: String) throws {
    for _ in 0..<2 { try Folder.create(folder.file(name)) }
    #expect(Folder.exists(folder.file(name)))
  }

  @Test("A file in the way is told apart from a folder")
  func fileInTheWay() throws {
    try AtomicFile.write("", to: folder.file("file"))
    #expect(!Folder.exists(folder.file("file")))
    for name in ["file", "file/inner"] {
      let failure = try #require(throws: FileFailure.self) {
        try Folder.create(folder.file(name))
      }
      #expect(failure.kind == .cannotCreate)
      #expect(failure.description.contains("is a file"), "\(failure)")
    }
  }

  @Test("Names are listed in order without the folder itself")
  func entries() throws {
    for name in ["b", "a10", "a2", ".hidden"] { try AtomicFile.write("", to: folder.file(name)) }
    #expect(try Folder.entries(of: folder.path) == [".hidden", "a10", "a2", "b"])
  }

  @Test("A missing folder and a file cannot be listed")
  func impossibleLists() throws {
    try AtomicFile.write("", to: folder.file("file"))
    for (name, clause) in [("none", "does not exist"), ("file", "expected a folder")] {
      let failure = try #require(throws: FileFailure.self) {
        try Folder.entries(of: folder.file(name))
      }
      #expect(failure.kind == .missingInput)
      #expect(failure.description.contains(clause), "\(failure)")
    }
  }

  @Test("Files are read up to a limit")
  func limit() throws {
    let path = folder.file("ten")
    try AtomicFile.write("0123456789", to: path)
    #expect(try WholeFile.read(path, limit: 10).count == 10)
    let failure = try #require(throws: FileFailure.self) { try WholeFile.read(path, limit: 9) }
    #expect(failure.kind == .badData)
    #expect(failure.description.contains("larger than 9 bytes"))
  }

  @Test("Files that do not tell their size are read whole, pipes are refused")
  func unusualFiles() throws {
    #expect(try WholeFile.readText("/proc/self/status").contains("VmHWM"))
    #expect(mkfifo(folder.file("pipe"), 0o600) == 0)
    let failure = try #require(throws: FileFailure.self) {
      try WholeFile.read(folder.file("pipe"))
    }
    #expect(failure.kind == .missingInput)
  }

  @Test("Bytes that are no UTF-8 are no text")
  func noText() throws {
    try AtomicFile.write([0x66, 0xFF], to: folder.file("latin"))
    let failure = try #require(throws: FileFailure.self) {
      try WholeFile.readText(folder.file("latin"))
    }
    #expect(failure.kind == .badData)
  }
}
