public import XAIFiles
public import XAITensor

/// A tensor in a safetensors file, written as `FILE:NAME`.
public struct TensorReference: Sendable, Equatable, Codable {
  /// The file.
  public let path: String
  /// The tensor's name in it.
  public let name: String

  /// Reads `FILE:NAME`; the file's name may hold colons, the tensor's may not.
  /// - Parameter text: The text.
  /// - Throws: Where one of the two is missing.
  public init(_ text: String) throws(AttributionFailure) {
    guard let colon = text.lastIndex(of: ":"), colon != text.startIndex,
      text.index(after: colon) != text.endIndex
    else {
      throw AttributionFailure(
        .usage, "'\(text)' names no tensor; write FILE.safetensors:NAME")
    }
    path = String(text[..<colon])
    name = String(text[text.index(after: colon)...])
  }

  /// Decodes `"FILE:NAME"`.
  /// - Parameter decoder: Holds a string.
  /// - Throws: Where it is no such string.
  public init(from decoder: any Decoder) throws {
    try self.init(try decoder.singleValueContainer().decode(String.self))
  }

  /// Encodes `"FILE:NAME"`.
  /// - Parameter encoder: Takes a string.
  /// - Throws: What the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode("\(path):\(name)")
  }

  /// Reads the tensor as Float32.
  /// - Returns: The tensor.
  /// - Throws: What is missing or damaged.
  public func tensor() throws(FileFailure) -> Tensor {
    try SafetensorsFile(path: path).tensor(name)
  }

  /// Reads a tensor of integers.
  /// - Returns: Its elements in row-major order, and its shape.
  /// - Throws: What is missing or damaged.
  public func integers() throws(FileFailure) -> (values: [Int], shape: [Int]) {
    let file = try SafetensorsFile(path: path)
    return (try file.integers(name).map { Int($0) }, file.entry(name)?.shape ?? [])
  }
}
