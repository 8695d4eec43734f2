public import XAITensor

extension TorchFile {
  /// Writes a state_dict that `torch.load(path, weights_only=True)` reads as an `OrderedDict` of
  /// tensors of type float32; the same content gives the same bytes.
  /// - Parameters:
  ///   - tensors: Tensors with unique names, in the order that the dictionary has.
  ///   - path: The file that is created or replaced.
  /// - Throws: `.cannotCreate` where the folder is missing or may not be written to,
  ///   `.inputOutput` where the disk is full or broken.
  public static func write(
    _ tensors: [(name: String, tensor: Tensor)], to path: String
  ) throws(FileFailure) {
    precondition(
      Set(tensors.map(\.name)).count == tensors.count, "tensors of a file need different names")
    let pickle = StateDictionaryPickle(tensors.map { ($0.name, $0.tensor.shape) }).bytes
    try AtomicFile.write(to: path) { (file) throws(FileFailure) in
      var archive = ZipWriter()
      func append(_ name: String, _ bytes: [UInt8]) throws(FileFailure) {
        try bytes.withUnsafeBufferPointer { (bytes) throws(FileFailure) in
          try archive.append("archive/\(name)", UnsafeRawBufferPointer(bytes), to: &file)
        }
      }
      try append("data.pkl", pickle)
      try append("byteorder", Array("little".utf8))
      for (index, tensor) in tensors.map(\.tensor).enumerated() {
        try tensor.withUnsafeElements { (elements) throws(FileFailure) in
          try archive.append(
            "archive/data/\(index)", UnsafeRawBufferPointer(elements), to: &file)
        }
      }
      try append("version", Array("3\n".utf8))
      try archive.finish(&file)
    }
  }
}

/// The pickle of a dictionary of tensors, each with a storage of its own, as `torch.save` makes it
/// (protocol 2).
struct StateDictionaryPickle {
  private(set) var bytes: [UInt8]

  init(_ tensors: [(name: String, shape: [Int])]) {
    bytes = [0x80, 2]
    global("collections", "OrderedDict")
    bytes += Array(")R(".utf8)
    for (index, tensor) in tensors.enumerated() {
      text(tensor.name)
      self.tensor(storage: index, shape: tensor.shape)
    }
    bytes += Array("u.".utf8)
  }

  /// Calls `_rebuild_tensor_v2(storage, offset, shape, strides, requires_grad, hooks)`.
  private mutating func tensor(storage: Int, shape: [Int]) {
    var strides = shape
    var stride = 1
    for axis in shape.indices.reversed() {
      strides[axis] = stride
      stride *= max(shape[axis], 1)
    }
    global("torch._utils", "_rebuild_tensor_v2")
    bytes += Array("((".utf8)
    text("storage")
    global("torch", "FloatStorage")
    text(String(storage))
    text("cpu")
    integer(shape.reduce(1, *))
    bytes += Array("tQ".utf8)
    integer(0)
    tuple(shape)
    tuple(strides)
    bytes.append(0x89)
    global("collections", "OrderedDict")
    bytes += Array(")RtR".utf8)
  }

  private mutating func global(_ module: String, _ name: String) {
    bytes += Array("c\(module)\n\(name)\n".utf8)
  }

  private mutating func text(_ text: String) {
    let content = Array(text.utf8)
    bytes.append(UInt8(ascii: "X"))
    bytes += (0..<4).map { UInt8(truncatingIfNeeded: content.count >> (8 * $0)) } + content
  }

  private mutating func integer(_ value: Int) {
    if Int32(exactly: value) != nil {
      bytes.append(UInt8(ascii: "J"))
      bytes += (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    } else {
      bytes += [0x8A, 8] + (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
  }

  private mutating func tuple(_ values: [Int]) {
    bytes.append(UInt8(ascii: "("))
    for value in values { integer(value) }
    bytes.append(UInt8(ascii: "t"))
  }
}
