/// A stretch of bytes that tensors look at.
struct TorchStorage {
  /// The name under which the file keeps it.
  let key: String
  /// The size of what the file keeps.
  let byteCount: Int
  let type: StoredType
  /// The elements that tensors may look at, counted in elements of the type.
  let elements: Range<Int>

  /// A whole storage of `count` elements; nil where no memory could hold it.
  init?(key: String, type: StoredType, count: Int) {
    let (size, overflow) = count.multipliedReportingOverflow(by: type.bits / 8)
    guard count >= 0, !overflow else { return nil }
    (self.key, byteCount, self.type, elements) = (key, size, type, 0..<count)
  }

  private init(_ storage: TorchStorage, type: StoredType, elements: Range<Int>) {
    (key, byteCount) = (storage.key, storage.byteCount)
    (self.type, self.elements) = (type, elements)
  }

  /// A part of it, as files kept storages that look at others until 2017.
  func view(offset: Int, count: Int) -> TorchStorage? {
    guard offset >= 0, count >= 0, offset <= elements.count, count <= elements.count - offset else {
      return nil
    }
    let start = elements.lowerBound + offset
    return TorchStorage(self, type: type, elements: start..<start + count)
  }

  /// The same bytes as elements of another type.
  func retyped(_ type: StoredType) -> TorchStorage {
    TorchStorage(self, type: type, elements: 0..<byteCount / (type.bits / 8))
  }
}

/// A view of a storage.
struct TorchTensor {
  /// More axes than PyTorch allows are none.
  static let mostAxes = 64

  let storage: TorchStorage
  let shape: [Int]
  let strides: [Int]

  /// The number of elements; more than the storage's where a view repeats them.
  let count: Int
  /// The positions in the storage between the first and the last element.
  let span: Range<Int>

  /// Checks that a view stays within its storage.
  init?(storage: TorchStorage, offset: Int, shape: [Int], strides: [Int]) {
    guard shape.count == strides.count, shape.count <= Self.mostAxes, offset >= 0,
      (shape + strides).allSatisfy({ $0 >= 0 })
    else { return nil }
    var count = 1
    var last = offset
    for (extent, stride) in zip(shape, strides) {
      let (product, wide) = count.multipliedReportingOverflow(by: extent)
      let (reach, far) = max(extent - 1, 0).multipliedReportingOverflow(by: stride)
      let (sum, farther) = last.addingReportingOverflow(reach)
      if wide || far || farther { return nil }
      count = product
      last = sum
    }
    guard count == 0 || last < storage.elements.count else { return nil }
    self.storage = storage
    self.shape = shape
    self.strides = strides
    self.count = count
    let start = storage.elements.lowerBound
    span = count == 0 ? 0..<0 : start + offset..<start + last + 1
  }

  /// Whether the elements lie in row-major order without gaps.
  var isContiguous: Bool {
    if count == 0 { return true }
    var expected = 1
    for (extent, stride) in zip(shape, strides).reversed() where extent != 1 {
      if stride != expected { return false }
      expected *= extent
    }
    return true
  }
}
