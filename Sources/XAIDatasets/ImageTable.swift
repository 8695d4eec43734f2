import Glibc
import XAITensor

/// The image files of a data set with their sizes and times, in a fixed order.
///
/// A hundred thousand names as one array of bytes: as `String`s they would take longer to make
/// than the files take to list.
package struct ImageTable: Sendable, Equatable {
  /// The paths relative to the data set's folder, each followed by a zero byte.
  package private(set) var paths: [UInt8] = []
  /// The length of each file in bytes.
  package private(set) var sizes: [Int64] = []
  /// When each file was last written, in nanoseconds since 1970.
  package private(set) var modified: [Int64] = []
  private var starts: [Int] = []

  /// An empty table.
  package init() {}

  /// The number of images.
  package var count: Int { sizes.count }

  /// The images' numbers.
  package var indices: Range<Int> { 0..<count }

  /// The path of an image relative to the data set's folder.
  /// - Parameter index: The image's number.
  /// - Returns: The path, such as `val/images/val_0.JPEG`.
  package func path(_ index: Int) -> String {
    String(decoding: paths[starts[index]..<end(of: index)], as: UTF8.self)
  }

  /// The file name of an image.
  /// - Parameter index: The image's number.
  /// - Returns: The last part of its path.
  package func name(_ index: Int) -> String {
    let path = paths[starts[index]..<end(of: index)]
    let slash = path.lastIndex(of: UInt8(ascii: "/")) ?? path.startIndex - 1
    return String(decoding: path[(slash + 1)...], as: UTF8.self)
  }

  /// Adds every file of a folder, sorted by the bytes of the name; hidden files are left out.
  /// - Parameters:
  ///   - folder: The folder, relative to the data set's.
  ///   - root: The data set's folder.
  /// - Returns: The numbers of the new images.
  /// - Throws: `DatasetFailure` if the folder cannot be read or holds no file.
  package mutating func append(
    folder: String, under root: String
  ) throws(DatasetFailure) -> Range<Int> {
    let place = "\(root)/\(folder)"
    guard let stream = opendir(place) else {
      throw .unreadable(folder: place, SystemError(), expecting: "images")
    }
    defer { closedir(stream) }
    let first = count
    for name in Self.names(in: stream) {
      var status = stat()
      guard fstatat(dirfd(stream), name, &status, 0) == 0 else {
        let file = "\(place)/\(Self.text(name))"
        throw DatasetFailure(.missingInput, "cannot read \(quoted(file)): \(SystemError())")
      }
      guard status.st_mode & S_IFMT == S_IFREG else { continue }
      starts.append(paths.count)
      paths.append(contentsOf: folder.utf8)
      paths.append(UInt8(ascii: "/"))
      paths.append(contentsOf: name.lazy.map(UInt8.init(bitPattern:)))
      sizes.append(Int64(status.st_size))
      modified.append(Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec))
    }
    guard count > first else {
      throw DatasetFailure(
        .badData,
        "'\(place)' holds no images; expected at least one JPEG file; unpack the data again")
    }
    return first..<count
  }

  /// Finds an image of a folder by its file name.
  /// - Parameters:
  ///   - name: The bytes of the file name.
  ///   - range: The images of the folder.
  ///   - prefix: The length of the folder's path.
  /// - Returns: The image's number, or nothing if it is not there.
  /// - Complexity: O(log *n*).
  package func index(
    of name: UnsafeBufferPointer<UInt8>, in range: Range<Int>, prefix: Int
  ) -> Int? {
    paths.withUnsafeBufferPointer { paths in
      var low = range.lowerBound
      var high = range.upperBound
      while low < high {
        let middle = (low + high) / 2
        let start = starts[middle] + prefix + 1
        let candidate = UnsafeBufferPointer(rebasing: paths[start..<end(of: middle)])
        let order = Self.compare(candidate, name)
        if order == 0 { return middle }
        if order < 0 { low = middle + 1 } else { high = middle }
      }
      return nil
    }
  }

  /// Orders names by their bytes, as `strcmp` does.
  private static func compare(
    _ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>
  ) -> Int {
    guard let leftStart = left.baseAddress, let rightStart = right.baseAddress else {
      return left.count - right.count
    }
    let order = Int(memcmp(leftStart, rightStart, min(left.count, right.count)))
    return order == 0 ? left.count - right.count : order
  }

  private func end(of index: Int) -> Int {
    (index + 1 < starts.count ? starts[index + 1] : paths.count) - 1
  }

  /// A name without its zero byte.
  static func text(_ name: [CChar]) -> String {
    String(decoding: name.dropLast().lazy.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// The names in a folder that are not hidden, each with its zero byte, sorted.
  static func names(in stream: OpaquePointer) -> [[CChar]] {
    var names: [[CChar]] = []
    while let entry = readdir(stream) {
      // Through the pointer: the record is shorter than the type that declares 256 bytes of name.
      guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else { continue }
      let name = (UnsafeRawPointer(entry) + offset).assumingMemoryBound(to: CChar.self)
      guard name[0] != CChar(UInt8(ascii: ".")) else { continue }
      names.append(Array(UnsafeBufferPointer(start: name, count: strlen(name) + 1)))
    }
    names.sort { strcmp($0, $1) < 0 }
    return names
  }
}

extension DatasetFailure {
  /// A folder that cannot be listed.
  static func unreadable(
    folder: String, _ reason: SystemError, expecting content: String
  ) -> DatasetFailure {
    DatasetFailure(
      .missingInput,
      "cannot read the folder '\(folder)': \(reason); a folder of \(content) is expected there, "
        + "in the layout of Tiny ImageNet")
  }
}
