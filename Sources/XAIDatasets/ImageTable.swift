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

  /// The path of an image relative to the data set's folder, in words.
  /// - Parameter index: The image's number.
  /// - Returns: The path, such as `val/images/val_0.JPEG`.
  package func path(_ index: Int) -> String { rawPath(index).text }

  /// The path of an image relative to the data set's folder, as the system has it.
  func rawPath(_ index: Int) -> RawName { RawName(paths[starts[index]..<end(of: index)]) }

  /// The file name of an image.
  /// - Parameter index: The image's number.
  /// - Returns: The last part of its path.
  package func name(_ index: Int) -> String { RawName(nameBytes(index)).text }

  /// Adds a file.
  /// - Parameters:
  ///   - file: The file.
  ///   - folder: Its folder, relative to the data set's.
  mutating func append(_ file: FolderContents.File, in folder: RawName) {
    starts.append(paths.count)
    paths.append(contentsOf: folder.appending(file.name).bytes)
    paths.append(0)
    sizes.append(file.size)
    modified.append(file.modified)
  }

  /// Which of some images lie in a folder itself; they follow one another.
  /// - Parameters:
  ///   - folder: The folder, relative to the data set's.
  ///   - range: The images.
  /// - Returns: Their numbers.
  func range(of folder: RawName, in range: Range<Int>) -> Range<Int> {
    let prefix = folder.bytes + [UInt8(ascii: "/")]
    func lies(_ index: Int) -> Bool {
      let path = paths[starts[index]..<end(of: index)]
      return path.starts(with: prefix)
        && !path.dropFirst(prefix.count).contains(UInt8(ascii: "/"))
    }
    guard let first = range.first(where: lies) else { return range.lowerBound..<range.lowerBound }
    return first..<((first..<range.upperBound).first { !lies($0) } ?? range.upperBound)
  }

  /// Whether no two of some images have the same file name.
  func haveDistinctNames(_ range: Range<Int>) -> Bool {
    var seen = Set<UInt64>(minimumCapacity: range.count)
    return range.allSatisfy { index in
      // FNV-1a; that two names share one only costs a longer name.
      let hash = nameBytes(index).reduce(0xCBF2_9CE4_8422_2325 as UInt64) {
        ($0 ^ UInt64($1)) &* 0x100_0000_01B3
      }
      return seen.insert(hash).inserted
    }
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

  private func nameBytes(_ index: Int) -> ArraySlice<UInt8> {
    let path = paths[starts[index]..<end(of: index)]
    let slash = path.lastIndex(of: UInt8(ascii: "/")) ?? path.startIndex - 1
    return path[(slash + 1)...]
  }

  private func end(of index: Int) -> Int {
    (index + 1 < starts.count ? starts[index + 1] : paths.count) - 1
  }
}
