public import XAITensor

/// A tensor of a file, and where the bytes of its storage lie.
struct TorchView: Sendable {
  let tensor: TorchTensor
  let start: Int
}

extension TorchFile {
  /// How many times the size of the file its tensors may take in memory.
  ///
  /// Tensors may share a storage, so that a small file could otherwise ask for any amount.
  private static let largestGrowth = 16

  /// Finds the bytes of tensors, and checks that all of them together fit the file.
  static func views(
    _ tensors: [(name: String, tensor: TorchTensor)], _ container: TorchContainer,
    _ file: InputFile
  ) throws(FileFailure) -> [(String, TorchView)] {
    var remaining = file.size * largestGrowth / MemoryLayout<Float>.size
    var views: [(String, TorchView)] = []
    for (name, tensor) in tensors {
      let storage = tensor.storage
      guard let place = container.storages[storage.key] else {
        throw invalid(file, "the data \(quoted(storage.key)) of \(quoted(name)) are missing")
      }
      guard storage.byteCount == place.count else {
        throw invalid(
          file,
          "the data of \(quoted(name)) has \(place.count) bytes, expected"
            + " \(storage.byteCount * 8 / storage.type.bits) elements of \(storage.type.name)")
      }
      guard tensor.count <= remaining, tensor.span.count <= remaining - tensor.count else {
        throw invalid(file, "its tensors share so much that they outgrow the file")
      }
      remaining -= tensor.count + tensor.span.count
      views.append((name, TorchView(tensor: tensor, start: place.lowerBound)))
    }
    return views
  }

  /// Reads a tensor as Float32.
  /// - Parameter name: The tensor's name.
  /// - Returns: The tensor, rounded to nearest where Float32 cannot hold a value.
  /// - Throws: `.badData` where the file has no such tensor or its type is not read,
  ///   `.inputOutput` where reading fails.
  public func tensor(_ name: String) throws(FileFailure) -> Tensor {
    guard let view = views[name] else {
      throw .missingTensor(name, among: entries.map(\.name), of: file.path)
    }
    let storage = view.tensor.storage
    guard let type = storage.type.element else { throw storage.type.unread(name, file.path) }
    return try read(view.tensor, type, at: view.start)
  }

  private func read(
    _ view: TorchTensor, _ type: ElementType, at start: Int
  ) throws(FileFailure) -> Tensor {
    let offset = start + view.span.lowerBound * type.size
    if view.isContiguous {
      return try Tensor(shape: view.shape) { (elements) throws(FileFailure) in
        try file.readFloats(type, at: offset, into: elements)
      }
    }
    let stretch = try Tensor(shape: [view.span.count]) { (elements) throws(FileFailure) in
      try file.readFloats(type, at: offset, into: elements)
    }
    return stretch.withUnsafeElements { stored in
      Tensor(shape: view.shape) { elements in Self.gather(view, from: stored, into: elements) }
    }
  }

  /// Walks the indices in row-major order, keeping the position in the storage beside them.
  private static func gather(
    _ view: TorchTensor, from stored: UnsafeBufferPointer<Float>,
    into elements: UnsafeMutableBufferPointer<Float>
  ) {
    var indices = [Int](repeating: 0, count: view.shape.count)
    var position = 0
    for target in elements.indices {
      elements.initializeElement(at: target, to: stored[position])
      for axis in indices.indices.reversed() {
        indices[axis] += 1
        position += view.strides[axis]
        if indices[axis] < view.shape[axis] { break }
        position -= view.shape[axis] * view.strides[axis]
        indices[axis] = 0
      }
    }
  }
}
