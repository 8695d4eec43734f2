/// What an unpickled state_dict can hold.
///
/// Containers are numbers of `PickleInterpreter.containers`, not references: a hostile pickle could
/// nest them so deeply, or in a ring, that freeing nested objects would overflow the stack or leak.
enum PickleValue {
  case none
  case boolean(Bool)
  case integer(Int)
  case real(Double)
  case text(String)
  case global(PickleGlobal)
  case tuple(Int)
  case list(Int)
  /// Keys and values alternate.
  case dictionary(Int)
  indirect case storage(TorchStorage)
  indirect case tensor(TorchTensor)
}

/// The functions and classes that a state_dict needs; no other name is ever looked up.
enum PickleGlobal: Equatable {
  case orderedDictionary
  case rebuildTensor
  case rebuildParameter
  case storage(ElementType)

  init?(module: String, name: String) {
    switch (module, name) {
    case ("collections", "OrderedDict"): self = .orderedDictionary
    case ("torch._utils", "_rebuild_tensor_v2"): self = .rebuildTensor
    case ("torch._utils", "_rebuild_parameter"): self = .rebuildParameter
    case ("torch", "FloatStorage"): self = .storage(.float32)
    case ("torch", "DoubleStorage"): self = .storage(.float64)
    case ("torch", "HalfStorage"): self = .storage(.float16)
    case ("torch", "BFloat16Storage"): self = .storage(.bfloat16)
    case ("torch", "LongStorage"): self = .storage(.int64)
    case ("torch", "IntStorage"): self = .storage(.int32)
    case ("torch", "ShortStorage"): self = .storage(.int16)
    case ("torch", "CharStorage"): self = .storage(.int8)
    case ("torch", "ByteStorage"): self = .storage(.uint8)
    case ("torch", "BoolStorage"): self = .storage(.bool)
    default: return nil
    }
  }
}

/// A stretch of elements that tensors look at: the member `data/<key>` of the archive.
struct TorchStorage {
  let type: ElementType
  let key: String
  let count: Int
}

/// A view of a storage.
struct TorchTensor {
  let storage: TorchStorage
  let offset: Int
  let shape: [Int]
  let strides: [Int]

  /// The number of elements, at most the storage's.
  let count: Int
  /// The positions in the storage between the first and the last element.
  let span: Range<Int>

  /// Checks that a view stays within its storage.
  ///
  /// A view with more elements than its storage (an expanded tensor) is refused: a few bytes of
  /// pickle could ask for any amount of memory.
  init?(storage: TorchStorage, offset: Int, shape: [Int], strides: [Int]) {
    guard shape.count == strides.count, shape.count <= 64, offset >= 0,
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
    guard count <= storage.count, count == 0 || last < storage.count else { return nil }
    self.storage = storage
    self.offset = offset
    self.shape = shape
    self.strides = strides
    self.count = count
    span = count == 0 ? 0..<0 : offset..<last + 1
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
