import Foundation
import Synchronization
import Testing
import XAIDatasets
import XAIFiles
import XAIImages
import XAITensor

@Suite struct PixelCacheTests {
  static let file = ".xai-cache-8x8"

  @Test func `the second opening uses the cache of the first`() throws {
    let folder = try DataFolder()
    let first = try folder.open()
    let path = folder.path(Self.file)
    #expect(first.cacheReport == CacheReport(path: path, rebuiltBecause: "there was none yet"))
    let second = try folder.open()
    #expect(second.cacheReport == CacheReport(path: path, rebuiltBecause: nil))
    #expect(try second.everything() == first.everything())
    let entries = try Folder.entries(of: folder.root)
    #expect(entries.filter { $0.hasPrefix(".xai") }.sorted() == [Self.file, Self.file + ".lock"])
  }

  struct Change: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var make: @Sendable (DataFolder) throws -> Void

    init(_ reason: String, _ make: @escaping @Sendable (DataFolder) throws -> Void) {
      (testDescription, self.make) = (reason, make)
    }
  }

  static let changes: [Change] = [
    Change("train/n01/images/n01_3.JPEG changed since") { folder in
      let name = folder.path("train/n01/images/n01_3.JPEG")
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSince1970: 1)], ofItemAtPath: name)
    },
    Change("val/images/val_2.JPEG changed since") {
      try $0.writeImage("val/images/val_2.JPEG", seed: 4321)
    },
    Change("it was made from 36 images and there are 37 now") {
      try $0.writeImage("train/n02/images/n02_77.JPEG", seed: 77)
    },
    Change("files were renamed") {
      try $0.write("n01\nn02\nn03\n", "wnids.txt")
    },
    Change("it is cut short") { try $0.write([1, 2, 3], file) },
    Change("its length is not the expected one") { folder in
      try folder.write(folder.bytes(file).dropLast(), file)
    },
    Change("it is not a cache of this version") { folder in
      try folder.write([UInt8](repeating: 7, count: folder.bytes(file).count), file)
    },
    Change("its list of files is damaged") { folder in
      var bytes = try folder.bytes(file)
      bytes[64 + 36 * 8 * 2 + 5] ^= 1
      try folder.write(bytes, file)
    },
    Change("it cannot be opened: Too many levels of symbolic links") { folder in
      try folder.remove(file)
      try FileManager.default.createSymbolicLink(
        atPath: folder.path(file), withDestinationPath: file)
    },
  ]

  @Test(arguments: changes)
  func `a cache that does not fit the data is made again`(_ change: Change) throws {
    let folder = try DataFolder()
    _ = try folder.open()
    try change.make(folder)
    let data = try folder.open()
    #expect(data.cacheReport.rebuiltBecause == change.testDescription)
    #expect(try data.everything() == folder.open { $0.cache = .none }.everything())
    #expect(try folder.open().cacheReport.rebuiltBecause == nil)
  }

  @Test func `spoilt pixels are noticed and read from the image itself`() throws {
    let folder = try DataFolder()
    let wanted = try folder.open().everything()
    var bytes = try folder.bytes(Self.file)
    for index in (bytes.count - 36 * 192)..<bytes.count where index % 96 == 5 { bytes[index] ^= 64 }
    try folder.write(bytes, Self.file)
    let data = try folder.open()
    #expect(data.cacheReport.rebuiltBecause == nil)
    #expect(try data.everything() == wanted)
  }

  @Test func `a cache that a killed process left unfinished is not used`() throws {
    let folder = try DataFolder()
    try folder.write([UInt8](repeating: 1, count: 100_000), Self.file + ".partial")
    let data = try folder.open()
    #expect(data.cacheReport.rebuiltBecause == "there was none yet")
    #expect(try Folder.entries(of: folder.root).allSatisfy { !$0.hasSuffix(".partial") })
    #expect(try folder.open().everything() == folder.open { $0.cache = .none }.everything())
  }

  @Test func `of openings at the same time one makes the cache and all use it`() async throws {
    let folder = try DataFolder(imagesPerClass: 200)
    let opened = try await withThrowingTaskGroup(of: FolderDataset.self) { group in
      for _ in 0..<4 { group.addTask { try folder.open() } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(opened.count { $0.cacheReport.rebuiltBecause != nil } == 1)
    #expect(Set(opened.map(\.cacheReport.path)) == [folder.path(Self.file)])
    let wanted = try opened[0].everything()
    for data in opened { #expect(try data.everything() == wanted) }
  }

  @Test func `a failed decoding leaves nothing behind`() throws {
    let folder = try DataFolder()
    try folder.write([], "val/images/val_0.JPEG")
    #expect(throws: DatasetFailure.self) { try folder.open() }
    #expect(
      try Folder.entries(of: folder.root).filter { $0.hasPrefix(".xai") } == [Self.file + ".lock"])
  }

  @Test func `the cache goes where it is told to`() throws {
    let folder = try DataFolder()
    let place = folder.path("somewhere/else.cache")
    let data = try folder.open { $0.cache = .file(place) }
    #expect(data.cacheReport.path == place)
    let again = try folder.open { $0.cache = .file(place) }
    #expect(again.cacheReport.rebuiltBecause == nil)
    let other = try folder.open {
      $0.cache = .file(place)
      $0.fitting.height = 4
    }
    #expect(other.cacheReport.rebuiltBecause == "its images are not 4 x 8 pixels")
    #expect(try folder.open { $0.cache = .none }.cacheReport == CacheReport())
  }

  @Test func `without a choice it goes beside the data, else to the user's caches`() throws {
    let folder = try DataFolder()
    func places(_ variables: [String: String]) -> [String] {
      CachePlace.automatic.candidates(
        root: folder.root, fitting: ImageFitting(height: 8, width: 8), variable: { variables[$0] })
    }
    #expect(places([:]) == [folder.path(Self.file)])
    let home = places(["HOME": "/home/me", "XDG_CACHE_HOME": "relative"])
    #expect(home[0] == folder.path(Self.file))
    let name = try #require(folder.root.split(separator: "/").last)
    #expect(home[1].hasPrefix("/home/me/.cache/swift-xai/\(name)-"))
    #expect(home[1].hasSuffix("-8x8"))
    #expect(places(["HOME": "/home/me", "XDG_CACHE_HOME": "/big"])[1].hasPrefix("/big/swift-xai/"))
  }

  @Test func `a place that cannot be written to is a failure that names it`() throws {
    let folder = try DataFolder()
    try folder.write("", "file")
    let failure = try folder.failure { $0.cache = .file(folder.path("file/cache")) }
    #expect(failure?.kind == .cannotCreate)
    #expect(failure?.description.contains("DATA/file") == true)
    try Folder.create(folder.path("taken.partial"))
    #expect(
      try folder.failure { $0.cache = .file(folder.path("taken")) }
        == DatasetFailure(
          .cannotCreate,
          "cannot write the cache of decoded images 'DATA/taken.partial': it is there and no regular "
            + "file; name another or work without a cache"))
  }

  @Test func `a file beside the place that is not the beginning of a cache is kept`() throws {
    let folder = try DataFolder()
    try folder.write("half a film", "cache.partial")
    let failure = try folder.failure { $0.cache = .file(folder.path("cache")) }
    #expect(failure?.kind == .cannotCreate)
    #expect(
      failure?.description.contains("'DATA/cache.partial': this file is no such cache") == true)
    #expect(try folder.bytes("cache.partial") == Array("half a film".utf8))
    // What a killed program leaves begins with nothing: its beginning is written last.
    try folder.write([UInt8](repeating: 0, count: 5000), "cache.partial")
    #expect(
      try folder.open { $0.cache = .file(folder.path("cache")) }.cacheReport.path
        == folder.path("cache"))
  }

  @Test func `progress counts up to the number of images`() throws {
    let folder = try DataFolder(imagesPerClass: 50)
    let reports = Mutex<[Int]>([])
    var options = DatasetOptions()
    options.fitting = ImageFitting(height: 8, width: 8)
    _ = try TinyImageNet.folder(folder.root, options: options) { done, total in
      #expect(total == 156)
      reports.withLock { $0.append(done) }
    }
    let counts = reports.withLock { $0 }
    #expect(counts == counts.sorted())
    #expect(counts.last == 156)
  }
}
