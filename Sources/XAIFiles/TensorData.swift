public import XAITensor

/// What a tensor of a file holds, in the type in which it is stored.
public enum TensorData: Sendable, Equatable {
  /// Numbers of 32 bits.
  case float32(Tensor)
  /// Numbers that are written in 16 bits, rounded to nearest, ties to even (IEEE 754 binary16).
  case float16(Tensor)
  /// Numbers of 64 bits, in row-major order.
  case float64(shape: [Int], [Double])
  /// Signed integers of 64 bits, in row-major order.
  case int64(shape: [Int], [Int64])
  /// Bytes, in row-major order.
  case uint8(shape: [Int], [UInt8])

  /// The extent of each axis, slowest first.
  public var shape: [Int] {
    switch self {
    case .float32(let tensor), .float16(let tensor): tensor.shape
    case .float64(let shape, _), .int64(let shape, _), .uint8(let shape, _): shape
    }
  }

  /// The type of an element.
  public var type: ElementType {
    switch self {
    case .float32: .float32
    case .float16: .float16
    case .float64: .float64
    case .int64: .int64
    case .uint8: .uint8
    }
  }

  var byteCount: Int { count * type.size }

  private var count: Int {
    switch self {
    case .float32(let tensor), .float16(let tensor): tensor.count
    case .float64(_, let elements): elements.count
    case .int64(_, let elements): elements.count
    case .uint8(_, let elements): elements.count
    }
  }

  /// Whether the number of elements is the product of the shape.
  var isConsistent: Bool { shape.reduce(1, *) == count }

  func write(to file: inout FileWriter) throws(FileFailure) {
    switch self {
    case .float32(let tensor):
      try tensor.withUnsafeElements { (elements) throws(FileFailure) in
        try file.write(UnsafeRawBufferPointer(elements))
      }
    case .float16(let tensor):
      try Self.write(tensor.elements.map(ElementConversion.halfBits), to: &file)
    case .float64(_, let elements): try Self.write(elements, to: &file)
    case .int64(_, let elements): try Self.write(elements, to: &file)
    case .uint8(_, let elements): try file.write(elements)
    }
  }

  private static func write<Element: BitwiseCopyable>(
    _ elements: [Element], to file: inout FileWriter
  ) throws(FileFailure) {
    try elements.withUnsafeBufferPointer { (elements) throws(FileFailure) in
      try file.write(UnsafeRawBufferPointer(elements))
    }
  }
}
