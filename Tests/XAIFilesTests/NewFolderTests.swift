import Testing
import XAIFiles
import XAITensor
import XAITestSupport

#if canImport(Glibc)
  import Glibc
#endif

@Suite struct NewFolderTests {
  private let parent: TemporaryFolder

  init() throws { parent = try TemporaryFolder() }

  private func names() throws -> [String] { try Folder.entries(of: parent.path) }

  @Test func `a folder appears with all its files or not at all`() throws {
    do {
      let folder = try NewFolder(parent.file("out"), work: "writing")
      try Folder.create(folder.draft + "/a/b")
      try AtomicFile.write("one", to: folder.draft + "/a/b/one")
      #expect(symlink(parent.path, folder.draft + "/link") == 0)
      #expect(try names() == [".out.part"])
    }
    #expect(try names().isEmpty)
    let folder = try NewFolder(parent.file("out/"), work: "writing")
    try AtomicFile.write("two", to: folder.draft + "/two")
    try folder.finish()
    #expect(try names() == ["out"])
    #expect(try Folder.entries(of: parent.file("out")) == ["two"])
  }

  @Test func `an empty folder is taken, a full one and a file are not`() throws {
    try Folder.create(parent.file("empty"))
    #expect(symlink(parent.file("empty"), parent.file("link")) == 0)
    let folder = try NewFolder(parent.file("link"), work: "writing")
    try AtomicFile.write("two", to: folder.draft + "/two")
    try folder.finish()
    #expect(try Folder.entries(of: parent.file("empty")) == ["two"])
    let full = #expect(throws: FileFailure.self) {
      try NewFolder(parent.file("empty"), work: "writing")
    }
    #expect(full?.kind == .cannotCreate && full?.description.contains("is not empty") == true)
    try AtomicFile.write("", to: parent.file("file"))
    let file = #expect(throws: FileFailure.self) {
      try NewFolder(parent.file("file"), work: "writing")
    }
    #expect(file?.description.contains("is a file") == true)
    let below = #expect(throws: FileFailure.self) {
      try NewFolder(parent.file("file/out"), work: "writing")
    }
    #expect(below?.kind == .cannotCreate)
    #expect(throws: FileFailure.self) { try NewFolder("", work: "writing") }
  }

  @Test func `what a killed program left behind is gone, what another one is making is not`() throws
  {
    try Folder.create(parent.file(".out.part/old"))
    try AtomicFile.write("", to: parent.file(".out.part/old/file"))
    // By its lock a draft is known; what has none is somebody else's.
    let foreign = #expect(throws: FileFailure.self) {
      try NewFolder(parent.file("out"), work: "writing")
    }
    #expect(foreign?.kind == .cannotCreate && foreign?.description.contains("move it away") == true)
    #expect(try Folder.entries(of: parent.file(".out.part")) == ["old"])
    try AtomicFile.write("", to: parent.file(".out.part/.lock"))
    let folder = try NewFolder(parent.file("out"), work: "writing")
    #expect(try Folder.entries(of: parent.file(".out.part")) == [".lock"])
    let busy = #expect(throws: FileFailure.self) {
      try NewFolder(parent.file("out"), work: "writing")
    }
    let words = "\(parent.file("out")): process \(getpid()) is writing this folder"
    #expect(busy?.description.hasPrefix(words) == true, "\(String(describing: busy))")
    try folder.finish()
    #expect(try Folder.entries(of: parent.file("out")).isEmpty)
  }

  @Test func `a draft whose name was taken meanwhile stays locked`() throws {
    let folder = try NewFolder(parent.file("out"), work: "writing")
    try AtomicFile.write("mine", to: folder.draft + "/file")
    try Folder.create(parent.file("out"))
    try AtomicFile.write("other", to: parent.file("out/file"))
    let taken = #expect(throws: FileFailure.self) { try folder.finish() }
    #expect(taken?.kind == .cannotCreate && taken?.description.contains("is not empty") == true)
    let late = #expect(throws: FileFailure.self) {
      try FolderLock(folder.draft, work: "writing")
    }
    #expect(late?.description.contains("is writing this folder") == true)
    #expect(try WholeFile.readText(parent.file("out/file")) == "other")
  }

  @Test func `a draft that was removed under way does not take the name with what came after`()
    throws
  {
    let folder = try NewFolder(parent.file("out"), work: "writing")
    try AtomicFile.write("one", to: folder.draft + "/one")
    #expect(rename(folder.draft, parent.file("elsewhere")) == 0)
    try Folder.create(folder.draft)
    try AtomicFile.write("two", to: folder.draft + "/two")
    let failure = #expect(throws: FileFailure.self) { try folder.finish() }
    #expect(
      failure?.description.hasPrefix("\(parent.file("out")): this folder was removed") == true)
    #expect(!Folder.exists(parent.file("out")))
  }

  @Test func `an older folder stays until the new one is complete`() throws {
    let out = parent.file("out")
    try Folder.create(out)
    try AtomicFile.write("old", to: out + "/old")
    do {
      let folder = try NewFolder(out, work: "writing", replacing: { $0 == out })
      try AtomicFile.write("new", to: folder.draft + "/new")
      #expect(try WholeFile.readText(out + "/old") == "old")
      // Nobody else writes into it meanwhile.
      #expect(throws: FileFailure.self) { try FolderLock(out, work: "writing") }
    }
    #expect(try Folder.entries(of: out).contains("old"))
    let folder = try NewFolder(out, work: "writing", replacing: { _ in true })
    try AtomicFile.write("new", to: folder.draft + "/new")
    try folder.finish()
    #expect(try Folder.entries(of: out) == ["new"])
    #expect(try names() == ["out"])
  }

  @Test func `a folder of another kind is not replaced, and the option is named`() throws {
    let out = parent.file("out")
    try Folder.create(out)
    try AtomicFile.write("mine", to: out + "/letter.txt")
    let plain = #expect(throws: FileFailure.self) { try NewFolder(out, work: "writing") }
    #expect(plain?.code == .notEmpty && plain?.context.path != nil)
    let other = #expect(throws: FileFailure.self) {
      try NewFolder(out, work: "writing", replacing: { _ in false })
    }
    #expect(other?.kind == .cannotCreate)
    #expect(other?.code == .holdsOther)
    #expect(try names() == ["out"])
    #expect(try Folder.entries(of: out) == ["letter.txt"])
  }

  @Test func `what a program left that was killed while it removed the older folder is removed`()
    throws
  {
    // After the exchange the draft holds the older files and the lock.
    try Folder.create(parent.file("out"))
    try AtomicFile.write("new", to: parent.file("out/new"))
    try Folder.create(parent.file(".out.part"))
    try AtomicFile.write("old", to: parent.file(".out.part/old"))
    try AtomicFile.write("", to: parent.file(".out.part/.lock"))
    let folder = try NewFolder(parent.file("out"), work: "writing", replacing: { _ in true })
    #expect(try Folder.entries(of: folder.draft) == [".lock"])
    #expect(try WholeFile.readText(parent.file("out/new")) == "new")
  }
}
