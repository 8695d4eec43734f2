import Testing
import XAIFiles
import XAITensor
import XAITestSupport

#if canImport(Glibc)
  import Glibc
#endif

@Suite struct FolderLockTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// What is said while the lock's file is held, with this content, by nobody who writes his number.
  private func refusal(_ content: String) throws -> String {
    try AtomicFile.write(content, to: folder.file(".lock"))
    let descriptor = open(folder.file(".lock"), O_RDWR)
    defer { close(descriptor) }
    #expect(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
    let failure = #expect(throws: FileFailure.self) {
      try FolderLock(folder.path, work: "training into")
    }
    #expect(failure?.kind == .cannotCreate)
    return (failure?.description ?? "").replacing(folder.path, with: "ROOT")
  }

  @Test func `a lock that ended is free, even while a forked process still has its file`() throws {
    var lock: FolderLock? = try FolderLock(folder.path, work: "writing")
    let file = folder.file(".lock")
    let numbers = try Folder.entries(of: "/proc/self/fd").compactMap { Int32($0) }
    let held = numbers.filter { number in
      var (there, here) = (stat(), stat())
      return fstat(number, &here) == 0 && stat(file, &there) == 0 && here.st_ino == there.st_ino
        && here.st_dev == there.st_dev
    }
    // As fork does it.
    let copies = held.map { dup($0) }
    defer { for copy in copies { close(copy) } }
    #expect(!copies.isEmpty && lock != nil)
    lock = nil
    _ = try FolderLock(folder.path, work: "writing")
  }

  @Test func `the process that holds a folder is named`() throws {
    let lock = try FolderLock(folder.path, work: "writing")
    let failure = #expect(throws: FileFailure.self) {
      try FolderLock(folder.path, work: "training into")
    }
    #expect(
      failure?.description
        == "\(folder.path): process \(getpid()) is training into this folder; wait for it or choose "
        + "another folder")
    withExtendedLifetime(lock) {}
  }

  /// No process has a number that large.
  @Test(arguments: ["", "2147483647", "nobody"])
  func `a number that is not there yet, or of a process that has ended, is not told`(
    content: String
  ) throws {
    #expect(
      try refusal(content)
        == "ROOT: another process is training into this folder; wait for it or choose another folder"
    )
  }

  @Test func `no file of another purpose becomes a lock`() throws {
    try AtomicFile.write("precious", to: folder.file("precious"))
    #expect(symlink("precious", folder.file(".lock")) == 0)
    let linked = #expect(throws: FileFailure.self) { try FolderLock(folder.path, work: "writing") }
    #expect(linked?.kind == .cannotCreate)
    #expect(unlink(folder.file(".lock")) == 0)
    for content in ["precious", String(repeating: "1", count: 40)] {
      try AtomicFile.write(content, to: folder.file(".lock"))
      let other = #expect(throws: FileFailure.self) { try FolderLock(folder.path, work: "writing") }
      #expect(other?.kind == .cannotCreate && other?.description.contains("is no lock") == true)
      #expect(try WholeFile.readText(folder.file(".lock")) == content)
    }
    #expect(try WholeFile.readText(folder.file("precious")) == "precious")
  }

  @Test func `a folder that was renamed under its owner can be made anew`() throws {
    let place = folder.file("run")
    let first = try FolderLock(place, work: "writing")
    #expect(rename(place, folder.file("moved")) == 0)
    let second = try FolderLock(place, work: "writing")
    #expect(Folder.exists(place) && Folder.exists(folder.file("moved")))
    withExtendedLifetime((first, second)) {}
  }

  @Test func `a folder that was removed or renamed meanwhile is missed`() throws {
    let place = folder.file("run")
    let lock = try FolderLock(place, work: "writing")
    unlink("\(place)/.lock")
    #expect(throws: Never.self) { try lock.requireFolder() }
    #expect(rmdir(place) == 0 && mkdir(place, 0o777) == 0)
    let failure = #expect(throws: FileFailure.self) { try lock.requireFolder() }
    #expect(failure?.kind == .cannotCreate)
    #expect(failure?.description.hasPrefix("\(place): this folder was removed or renamed") == true)
    #expect(rename(place, folder.file("moved")) == 0)
    #expect(throws: FileFailure.self) { try lock.requireFolder() }
  }

  /// What stands for this machine in names of files, as a file that is being written shows it.
  private func mark() throws -> Substring {
    var name = ""
    try AtomicFile.write(to: folder.file("name")) { _ throws(FileFailure) in
      name = try Folder.entries(of: folder.path).first { $0.hasPrefix(".name.") } ?? ""
    }
    return try #require(name.split(separator: ".").dropFirst().first?.split(separator: "-").first)
  }

  @Test func `a process on another machine is named with it`() throws {
    #expect(
      try refusal("node7.cluster 1")
        == "ROOT: process 1 on node7.cluster is training into this folder; wait for it or choose "
        + "another folder")
  }

  @Test func `what a killed process was writing is removed, and nothing else`() throws {
    // No process has a number that large.
    let (dead, alive) = ("2147483647", "\(getpid())")
    // Nobody knows what runs on another machine, whose mark is not this one's.
    let (here, there) = (try mark(), "00000000")
    let old = ".old.\(there)-\(dead)-0f.part"
    let kept = [
      ".a.\(alive)-0f.part", ".a.\(here)-\(alive)-0f.part", ".a.\(there)-\(dead)-0f.part",
      ".a.other-\(dead)-0f.part", ".download.part", ".b.\(dead)-0f.partial", "c.\(dead)-0f.part",
    ]
    let gone = [
      old, ".d.csv.\(here)-\(dead)-0f.part", ".d.csv.\(dead)-0f.part", ".e.99999999999-0f.part",
      "units/.f.\(dead)-a1.part",
    ]
    let elsewhere = "other/.g.\(dead)-0f.part"
    for name in ["units", "other"] { try Folder.create(folder.file(name)) }
    for name in kept + gone + [elsewhere] { try AtomicFile.write("", to: folder.file(name)) }
    // Two days ago.
    var times = [timeval(tv_sec: time(nil) - 2 * 86400, tv_usec: 0)]
    times.append(times[0])
    #expect(utimes(folder.file(old), times) == 0)
    _ = try FolderLock(folder.path, work: "writing", alsoIn: ["units"])
    #expect(
      try Folder.entries(of: folder.path) == (kept + [".lock", "name", "other", "units"]).sorted())
    #expect(try Folder.entries(of: folder.file("units")).isEmpty)
    #expect(try Folder.entries(of: folder.file("other")).count == 1)
  }
}
