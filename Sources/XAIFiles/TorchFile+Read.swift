import XAITensor

extension TorchFile {
  /// How many times the size of the file its tensors may take in memory.
  ///
  /// Tensors may share a storage, so that a small file could otherwise ask for any amount.
  private static let largestGrowth = 16

  /// Reads the elements that the pickle described.
  static func read(
    _ tensors: [(name: String, tensor: TorchTensor)], _ archive: ZipArchive, folder: String,
    _ file: InputFile
  ) throws(FileFailure) -> [(name: String, tensor: Tensor)] {
    var remaining = file.size * largestGrowth
    var entries: [(name: String, tensor: Tensor)] = []
    for (name, view) in tensors {
      let storage = view.storage
      let member = "\(folder)/data/\(storage.key)"
      guard let place = archive.members[member] else {
        throw ZipArchive.invalid(file, "the data \(quoted(member)) of \(quoted(name)) is missing")
      }
      let (size, overflow) = storage.count.multipliedReportingOverflow(by: storage.type.size)
      guard !overflow, size == place.count else {
        throw ZipArchive.invalid(
          file,
          "the data of \(quoted(name)) has \(place.count) bytes, expected"
            + " \(storage.count) elements of \(storage.type.rawValue)")
      }
      // The size of the storage is the size of a member, so these sums cannot overflow.
      remaining -= (view.count + view.span.count) * MemoryLayout<Float>.size
      guard remaining >= 0 else {
        throw ZipArchive.invalid(file, "its tensors share so much that they outgrow the file")
      }
      entries.append((name, try read(view, at: place.lowerBound, file)))
    }
    return entries
  }

  private static func read(
    _ view: TorchTensor, at start: Int, _ file: InputFile
  ) throws(FileFailure) -> Tensor {
    let type = view.storage.type
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
      Tensor(shape: view.shape) { elements in gather(view, from: stored, into: elements) }
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
