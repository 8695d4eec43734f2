#if canImport(Glibc)
  import Glibc
#endif
import Testing
import XAIFiles
import XAITensor
import XAITestSupport

@Suite struct AtomicFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test("What is written is read again, and nothing else is left in the folder")
  func roundTrip() throws {
    let path = folder.file("a.bin")
    try AtomicFile.write([1, 2, 3], to: path)
    try AtomicFile.write("zwölf", to: path)
    #expect(try WholeFile.readText(path) == "zwölf")
    #expect(try Folder.entries(of: folder.path) == ["a.bin"])
  }

  @Test("A check leaves nothing behind, and fails where writing would")
  func check() throws {
    let path = folder.file("a.bin")
    try AtomicFile.check(path)
    #expect(try Folder.entries(of: folder.path).isEmpty)
    try AtomicFile.write("old", to: path)
    try AtomicFile.check(path)
    #expect(try WholeFile.readText(path) == "old")
    for place in [folder.path, folder.file("none/a.bin"), "\(path)/b.bin"] {
      let failure = #expect(throws: FileFailure.self) { try AtomicFile.check(place) }
      #expect(failure?.kind == .cannotCreate)
    }
    #expect(try Folder.entries(of: folder.path) == ["a.bin"])
  }

  @Test("Pieces smaller and larger than the buffer arrive in order")
  func pieces() throws {
    let path = folder.file("pieces")
    let sizes = [1, 70_000, 3, 65_536, 65_535, 1, 200_000, 0, 5]
    let pieces = sizes.enumerated().map { index, size in
      (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ index) }
    }
    try AtomicFile.write(to: path) { (file) throws(FileFailure) in
      for piece in pieces { try file.write(piece) }
    }
    #expect(try WholeFile.read(path) == pieces.flatMap { $0 })
  }

  @Test("A failure in the body leaves the old file and no temporary one")
  func failingBody() throws {
    let path = folder.file("kept")
    try AtomicFile.write("old", to: path)
    let failure = FileFailure(.badData, "stop")
    #expect(throws: failure) {
      try AtomicFile.write(to: path) { (file) throws(FileFailure) in
        try file.write([UInt8](repeating: 7, count: 100_000))
        throw failure
      }
    }
    #expect(try WholeFile.readText(path) == "old")
    #expect(try Folder.entries(of: folder.path) == ["kept"])
  }

  @Test("A file that is open keeps its content while another takes its name")
  func replacement() throws {
    let path = folder.file("a.safetensors")
    try SafetensorsFile.write([("x", .float32(Tensor(shape: [2], [1, 2])))], to: path)
    let file = try SafetensorsFile(path: path)
    try AtomicFile.write("other", to: path)
    #expect(try file.tensor("x").elements == [1, 2])
  }

  @Test("A missing folder, a file as a folder, and a folder as a file cannot be created")
  func impossiblePaths() throws {
    try AtomicFile.write("", to: folder.file("file"))
    for (name, clause) in [
      ("missing/a", "folder does not exist"), ("file/a", "is a file, not a folder"),
      ("", "a folder of this name exists"),
    ] {
      let failure = try #require(throws: FileFailure.self) {
        try AtomicFile.write("x", to: folder.file(name))
      }
      #expect(failure.kind == .cannotCreate)
      #expect(failure.description.contains(clause), "\(failure)")
      #expect(failure.description.contains(folder.file(name)))
    }
    #expect(try Folder.entries(of: folder.path) == ["file"])
  }

  @Test("A folder without permission to write is named as such", .enabled(if: geteuid() != 0))
  func unwritableFolder() throws {
    chmod(folder.path, 0o500)
    let failure = try #require(throws: FileFailure.self) {
      try AtomicFile.write("x", to: folder.file("a"))
    }
    #expect(failure.kind == .cannotCreate)
    #expect(failure.description.contains("permission denied"))
  }

  @Test("A full disk is a failure of writing, and devices are never replaced")
  func fullDisk() throws {
    let failure = try #require(throws: FileFailure.self) {
      try AtomicFile.write("x", to: "/dev/full")
    }
    #expect(failure.kind == .inputOutput)
    #expect(failure.description.contains("the disk is full"), "\(failure)")
    var status = stat()
    #expect(stat("/dev/full", &status) == 0)
    #expect(status.st_mode & S_IFMT == S_IFCHR)
  }

  @Test("A link is followed, and the file keeps its permissions")
  func links() throws {
    try AtomicFile.write("old", to: folder.file("target"))
    chmod(folder.file("target"), 0o640)
    #expect(symlink("target", folder.file("link")) == 0)
    try AtomicFile.write("new", to: folder.file("link"))
    #expect(try WholeFile.readText(folder.file("target")) == "new")
    var status = stat()
    #expect(lstat(folder.file("link"), &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
    #expect(stat(folder.file("target"), &status) == 0 && status.st_mode & 0o777 == 0o640)
  }

  @Test("Many writers of one file leave one of their contents whole")
  func concurrentWriters() async throws {
    let path = folder.file("contested")
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<8 {
        group.addTask {
          try AtomicFile.write([UInt8](repeating: UInt8(writer), count: 100_000), to: path)
        }
      }
      try await group.waitForAll()
    }
    let bytes = try WholeFile.read(path)
    #expect(bytes.count == 100_000 && Set(bytes).count == 1)
    #expect(try Folder.entries(of: folder.path) == ["contested"])
  }

  @Test("Files that become durable later are whole at once")
  func later() throws {
    let folder = try TemporaryFolder()
    try Folder.create(folder.file("a/b"), durability: .later)
    for name in ["x", "y"] {
      try AtomicFile.write(name, to: folder.file("a/b/\(name)"), durability: .later)
    }
    #expect(try Folder.entries(of: folder.file("a/b")) == ["x", "y"])
    try Folder.synchronizeAll(in: folder.file("a"))
    #expect(try WholeFile.readText(folder.file("a/b/y")) == "y")
    #expect(throws: FileFailure.self) { try Folder.synchronizeAll(in: folder.file("none")) }
    #expect(throws: FileFailure.self) {
      try AtomicFile.write("x", to: folder.file("none/x"), durability: .later)
    }
  }
}
