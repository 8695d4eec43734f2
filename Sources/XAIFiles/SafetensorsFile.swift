public import XAITensor

/// A file of named tensors in the safetensors format.
///
/// Opening reads and checks the header; tensors are read when asked for. The file stays open, so
/// that what is read belongs to this header even if another file takes the name.
/// Format: https://huggingface.co/docs/safetensors.
public struct SafetensorsFile: Sendable {
  /// What the header says about a tensor.
  public struct Entry: Sendable, Equatable {
    /// The tensor's name.
    public let name: String
    let storedType: StoredType
    /// The extent of each axis, slowest first; empty for a scalar.
    public let shape: [Int]
    /// Where its bytes lie in the data after the header.
    let bytes: Range<Int>

    /// The number of elements.
    public var count: Int { 8 * bytes.count / storedType.bits }
    /// The name of the type of its elements, as the format has it.
    public var typeName: String { storedType.name }
    /// The type of its elements, nil where elements of this type are not read.
    public var type: ElementType? { storedType.element }
  }

  /// The texts stored with the tensors.
  public let metadata: [String: String]
  /// The tensors in the order of their data.
  public let entries: [Entry]

  private let file: InputFile
  private let dataStart: Int
  private let indices: [String: Int]

  /// Opens a file and checks its header.
  /// - Parameter path: The file.
  /// - Throws: `.missingInput` where it does not exist, `.badData` where it is not a whole and
  ///   valid safetensors file.
  public init(path: String) throws(FileFailure) {
    try self.init(file: try InputFile(path: path))
  }

  /// Checks the header of an open file.
  init(file: InputFile) throws(FileFailure) {
    self.file = file
    let path = file.path
    guard file.size >= 8 else {
      throw Self.invalid(path, "it has \(file.size) bytes, expected at least 8")
    }
    let length = try file.bytes(in: 0..<8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= SafetensorsHeader.longest, Int(length) <= file.size - 8 else {
      throw Self.invalid(
        path,
        "its header should have \(length) bytes, but \(file.size - 8) bytes follow its length")
    }
    dataStart = 8 + Int(length)
    let bytes = try file.bytes(in: 8..<dataStart)
    do throws(SafetensorsHeader.Problem) {
      let header = try SafetensorsHeader(bytes, dataCount: file.size - dataStart)
      metadata = header.metadata
      entries = header.entries
    } catch {
      throw Self.invalid(path, error.clause)
    }
    indices = Dictionary(uniqueKeysWithValues: zip(entries.map(\.name), entries.indices))
  }

  /// What the header says about a tensor.
  /// - Parameter name: The tensor's name.
  /// - Returns: Its entry, nil where the file has no such tensor.
  public func entry(_ name: String) -> Entry? { indices[name].map { entries[$0] } }

  /// Reads a tensor of any type as Float32.
  /// - Parameter name: The tensor's name.
  /// - Returns: The tensor, rounded to nearest where Float32 cannot hold a value.
  /// - Throws: `.badData` where the file has no such tensor or elements of its type are not read,
  ///   `.inputOutput` where reading fails.
  public func tensor(_ name: String) throws(FileFailure) -> Tensor {
    let (entry, type) = try existing(name)
    return try Tensor(shape: entry.shape) { (elements) throws(FileFailure) in
      try file.readFloats(type, at: dataStart + entry.bytes.lowerBound, into: elements)
    }
  }

  /// Reads a tensor of any type as Double.
  /// - Parameter name: The tensor's name.
  /// - Returns: The elements in row-major order.
  /// - Throws: `.badData` where the file has no such tensor or elements of its type are not read,
  ///   `.inputOutput` where reading fails.
  public func doubles(_ name: String) throws(FileFailure) -> [Double] {
    let (entry, type) = try existing(name)
    var elements = [Double](repeating: 0, count: entry.count)
    try elements.withUnsafeMutableBufferPointer { (elements) throws(FileFailure) in
      try file.readElements(
        type, at: dataStart + entry.bytes.lowerBound, into: elements,
        ElementConversion.doubles)
    }
    return elements
  }

  /// Reads a tensor of whole numbers.
  /// - Parameter name: The tensor's name.
  /// - Returns: The elements in row-major order; truth values are 0 and 1.
  /// - Throws: `.badData` where the file has no such tensor, it holds fractions, a number beyond
  ///   Int64 or a type that is not read, `.inputOutput` where reading fails.
  public func integers(_ name: String) throws(FileFailure) -> [Int64] {
    let (entry, type) = try existing(name)
    guard type.isInteger else {
      throw FileFailure(
        .badData,
        "'\(file.path)': \(quoted(name)) has the type \(type.rawValue), expected integers")
    }
    var elements = [Int64](repeating: 0, count: entry.count)
    try elements.withUnsafeMutableBufferPointer { (elements) throws(FileFailure) in
      try file.readElements(
        type, at: dataStart + entry.bytes.lowerBound, into: elements,
        ElementConversion.integers)
    }
    guard type != .uint64 || !elements.contains(-1) else {
      throw FileFailure(
        .badData, "'\(file.path)': \(quoted(name)) holds a number beyond 64 bits with sign")
    }
    return elements
  }

  private func existing(
    _ name: String
  ) throws(FileFailure) -> (entry: Entry, type: ElementType) {
    guard let entry = entry(name) else {
      throw .missingTensor(name, among: entries.map(\.name), of: file.path)
    }
    guard let type = entry.type else { throw entry.storedType.unread(name, file.path) }
    return (entry, type)
  }

  private static func invalid(_ path: String, _ problem: String) -> FileFailure {
    FileFailure(
      .badData,
      "'\(path)' is no valid safetensors file: \(problem); fetch or save the file again")
  }
}
