import Glibc
import XAIFiles
package import XAIImages
import XAITensor

/// Where the decoded pixels of a data set are kept.
public enum CachePlace: Sendable, Equatable {
  /// In the data set's folder if that can be written to, else in the user's folder for caches.
  case automatic
  /// In a file of this path.
  case file(String)
  /// Nowhere: every image is decoded whenever it is read.
  case none

  /// The files that may be the cache, best first.
  /// - Parameters:
  ///   - root: The data set's folder.
  ///   - fitting: How its images got their size.
  ///   - variable: Looks up environment variables.
  /// - Returns: Their paths; none if there should be no cache.
  package func candidates(
    root: String, fitting: ImageFitting,
    variable: (String) -> String? = { getenv($0).map { String(cString: $0) } }
  ) -> [String] {
    switch self {
    case .none: return []
    case .file(let path): return [path]
    case .automatic:
      var size = "\(fitting.height)x\(fitting.width)"
      if let shorterSide = fitting.shorterSide { size += "-of-\(shorterSide)" }
      if let resized = fitting.resized { size += "-of-\(resized.height)x\(resized.width)" }
      if fitting.interpolation != .bilinear { size += "-\(fitting.interpolation.rawValue)" }
      let beside = "\(root)/.xai-cache-\(size)"
      let chosen = variable("XDG_CACHE_HOME").flatMap { $0.hasPrefix("/") ? $0 : nil }
      guard let folder = chosen ?? variable("HOME").map({ $0 + "/.cache" }) else { return [beside] }
      return [beside, "\(folder)/swift-xai/\(Self.uniqueName(of: root))-\(size)"]
    }
  }

  /// Makes sure that a place that a user named holds a cache, nothing, or an empty file, and so the file
  /// beside it that the cache is written to: no other file may be lost, no device such as `/dev/null`
  /// replaced, and reading a pipe never ends.
  /// - Throws: `DatasetFailure` of kind `cannotCreate` that names what is there.
  func requireFree() throws(DatasetFailure) {
    guard case .file(let path) = self else { return }
    try Self.requireFree(path)
    try Self.requireFree(PixelCache.unfinished(path))
  }

  private static func requireFree(_ path: String) throws(DatasetFailure) {
    var status = stat()
    guard stat(path, &status) == 0 else { return }
    let isFile = status.st_mode & S_IFMT == S_IFREG
    if isFile && (status.st_size == 0 || PixelCache.isCache(path)) { return }
    throw DatasetFailure(
      .cannotCreate,
      "cannot write the cache of decoded images '\(path)': "
        + (isFile ? "this file is no such cache" : "it is there and no regular file")
        + "; name another or work without a cache", code: .cache)
  }

  /// The folder's name and a hash of its whole path, which tells folders of one name apart.
  private static func uniqueName(of root: String) -> String {
    let resolved = realpath(root, nil)
    defer { free(resolved) }
    let path = resolved.map { String(cString: $0) } ?? root
    let hash = Array(path.utf8).withUnsafeBytes { PixelCache.checksum($0) }
    return "\(path.split(separator: "/").last ?? "data")-\(String(hash, radix: 16))"
  }
}

/// What opening a data set did about its cache.
public struct CacheReport: Sendable, Equatable {
  /// The file, or nothing if every image is decoded when it is read.
  public var path: String?
  /// Why the cache was made anew, in a few words; nothing if it was there already.
  public var rebuiltBecause: String?

  /// Describes a cache.
  /// - Parameters:
  ///   - path: The file, or nothing if there is none.
  ///   - rebuiltBecause: Why the cache was made anew.
  public init(path: String? = nil, rebuiltBecause: String? = nil) {
    self.path = path
    self.rebuiltBecause = rebuiltBecause
  }
}

extension PixelCache {
  /// Opens the cache of the present images, making it if necessary.
  ///
  /// Of several processes that want the same cache at once, one makes it and the others wait.
  static func openOrBuild(
    _ candidates: [String], by pass: DecodingPass
  ) throws(DatasetFailure) -> (cache: PixelCache, report: CacheReport) {
    func open(_ path: String) throws(Mismatch) -> PixelCache {
      let cache = try PixelCache(path, of: pass.images, fitting: pass.decoder.fitting)
      let images = pass.images
      let readable = images.indices.first {
        cache.extent($0) == .unreadable && pass.decoder.failure(of: images.rawPath($0)) == nil
      }
      // Left out by a version, or for a permission, that was less able to read.
      if let readable { throw Mismatch(reason: "\(images.path(readable)) can be read now") }
      return cache
    }
    for path in candidates {
      if let cache = try? open(path) { return (cache, CacheReport(path: path)) }
    }
    var lock: (path: String, file: OpenFile)?
    for path in candidates where lock == nil {
      do {
        lock = (path, try takeLock(beside: path))
      } catch {
        if path == candidates.last { throw error }
      }
    }
    guard let lock else { throw DatasetFailure(.software, "a cache without a place was asked for") }
    // The lock lasts until the cache is there: it is released when the file is closed.
    return try withExtendedLifetime(lock.file) { () throws(DatasetFailure) in
      let reason: String
      do throws(Mismatch) {
        return (try open(lock.path), CacheReport(path: lock.path))
      } catch {
        reason = error.reason
      }
      try build(lock.path, by: pass)
      do throws(Mismatch) {
        let report = CacheReport(path: lock.path, rebuiltBecause: reason)
        return (try open(lock.path), report)
      } catch {
        throw DatasetFailure(
          .inputOutput,
          "the cache of decoded images '\(lock.path)' was written but cannot be used "
            + "because \(error.reason); remove it and start again")
      }
    }
  }

  private static func takeLock(beside path: String) throws(DatasetFailure) -> OpenFile {
    if let slash = path.lastIndex(of: "/"), slash != path.startIndex {
      do {
        try Folder.create(String(path[..<slash]))
      } catch {
        throw DatasetFailure(
          error.kind,
          "no place for the cache of decoded images: \(error.description), choose another place or "
            + "work without a cache", code: .cache)
      }
    }
    do {
      let file = try OpenFile(path + ".lock", flags: O_RDWR | O_CREAT)
      try file.lock()
      return file
    } catch {
      throw .cache(path, error)
    }
  }
}
