#if canImport(Glibc)
  import Glibc
#endif

/// A dense array of Float32 in row-major order with value semantics.
///
/// The memory is 64-byte aligned and shared between copies until one of them is written.
public struct Tensor: Sendable {
  /// The extent of each axis, slowest first; empty for a scalar.
  public let shape: [Int]
  private var storage: Storage

  /// Creates a tensor filled with one value.
  /// - Parameters:
  ///   - shape: Extents, none negative.
  ///   - value: The value of every element.
  public init(shape: [Int], repeating value: Float = 0) {
    self.shape = shape
    storage = Storage(count: Self.elementCount(of: shape))
    storage.elements.initialize(repeating: value)
  }

  /// Creates a tensor whose elements a closure writes.
  /// - Parameters:
  ///   - shape: Extents, none negative.
  ///   - body: Receives the uninitialised elements in row-major order and must write all of them.
  /// - Throws: What the closure throws.
  public init<Thrown: Error>(
    shape: [Int],
    initializingWith body: (UnsafeMutableBufferPointer<Float>) throws(Thrown) -> Void
  ) throws(Thrown) {
    self.shape = shape
    storage = Storage(count: Self.elementCount(of: shape))
    try body(storage.elements)
  }

  /// Creates a tensor from its elements in row-major order.
  /// - Parameters:
  ///   - shape: Extents whose product is the number of elements.
  ///   - elements: The values.
  public init(shape: [Int], _ elements: some Collection<Float>) {
    precondition(
      elements.count == Self.elementCount(of: shape),
      "\(elements.count) elements do not fill the shape \(shape)")
    self.init(shape: shape) { _ = $0.initialize(from: elements) }
  }

  /// The number of elements.
  public var count: Int { storage.elements.count }

  /// The elements as an array, in row-major order.
  public var elements: [Float] { withUnsafeElements { Array($0) } }

  /// Whether every element is finite.
  public var isFinite: Bool { withUnsafeElements { $0.allSatisfy(\.isFinite) } }

  /// One element.
  /// - Parameter indices: One index for each axis.
  public subscript(_ indices: Int...) -> Float {
    get { storage.elements[offset(indices)] }
    set {
      let offset = offset(indices)
      withUnsafeMutableElements { $0[offset] = newValue }
    }
  }

  /// Calls a closure with the elements in row-major order; the pointer must not escape.
  /// - Parameter body: The reader.
  /// - Returns: What the closure returns.
  /// - Throws: What the closure throws.
  public func withUnsafeElements<Result, Thrown: Error>(
    _ body: (UnsafeBufferPointer<Float>) throws(Thrown) -> Result
  ) throws(Thrown) -> Result {
    try body(UnsafeBufferPointer(storage.elements))
  }

  /// Calls a closure that may write the elements; copies them first where they are shared.
  /// - Parameter body: The writer; the pointer must not escape.
  /// - Returns: What the closure returns.
  /// - Throws: What the closure throws.
  public mutating func withUnsafeMutableElements<Result, Thrown: Error>(
    _ body: (UnsafeMutableBufferPointer<Float>) throws(Thrown) -> Result
  ) throws(Thrown) -> Result {
    if !isKnownUniquelyReferenced(&storage) {
      let copy = Storage(count: count)
      _ = copy.elements.initialize(from: storage.elements)
      storage = copy
    }
    return try body(storage.elements)
  }

  /// The same elements under another shape of the same size.
  /// - Parameter shape: The new extents.
  /// - Returns: A tensor that shares the memory.
  public func reshaped(to shape: [Int]) -> Tensor {
    precondition(
      Self.elementCount(of: shape) == count, "\(self.shape) cannot be seen as \(shape)")
    return Tensor(shape: shape, storage: storage)
  }

  private init(shape: [Int], storage: Storage) {
    self.shape = shape
    self.storage = storage
  }

  private func offset(_ indices: [Int]) -> Int {
    precondition(indices.count == shape.count, "\(indices.count) indices for shape \(shape)")
    var offset = 0
    for (axis, index) in indices.enumerated() {
      precondition(0..<shape[axis] ~= index, "index \(indices) is outside of shape \(shape)")
      offset = offset * shape[axis] + index
    }
    return offset
  }

  private static func elementCount(of shape: [Int]) -> Int {
    precondition(shape.allSatisfy { $0 >= 0 }, "negative extent in shape \(shape)")
    return shape.reduce(1, *)
  }
}

extension Tensor: Equatable {
  /// Whether shapes and bits agree; a NaN equals itself, and 0 differs from -0.
  public static func == (left: Tensor, right: Tensor) -> Bool {
    left.shape == right.shape
      && zip(left.storage.elements, right.storage.elements)
        .allSatisfy { $0.bitPattern == $1.bitPattern }
  }
}

/// Owns the aligned memory of tensors.
///
/// `@unchecked Sendable`: written only while uniquely referenced or before it is shared.
private final class Storage: @unchecked Sendable {
  let elements: UnsafeMutableBufferPointer<Float>

  init(count: Int) {
    let size = max(count, 1) * MemoryLayout<Float>.stride
    // Large tensors lie on huge pages: the first touch of a page costs more than writing it.
    let isLarge = size >= 2 * Self.hugePage
    let bytes = UnsafeMutableRawBufferPointer.allocate(
      byteCount: size, alignment: isLarge ? Self.hugePage : 64)
    // Advice only: where the system declines, the memory works all the same.
    if isLarge { madvise(bytes.baseAddress, size, MADV_HUGEPAGE) }
    let start = bytes.baseAddress.map { $0.bindMemory(to: Float.self, capacity: max(count, 1)) }
    elements = UnsafeMutableBufferPointer(start: start, count: count)
  }

  deinit { UnsafeMutableRawPointer(elements.baseAddress)?.deallocate() }

  private static let hugePage = 1 << 21
}
