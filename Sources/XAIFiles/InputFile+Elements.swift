extension InputFile {
  /// Reads elements of any type as Float32; those of that type go straight to their place.
  func readFloats(
    _ type: ElementType, at offset: Int, into output: UnsafeMutableBufferPointer<Float>
  ) throws(FileFailure) {
    if type == .float32 {
      try read(into: UnsafeMutableRawBufferPointer(output), at: offset)
    } else {
      try readElements(type, at: offset, into: output, ElementConversion.floats)
    }
  }

  /// Reads and converts piece by piece, so that no second copy of a large tensor is held.
  func readElements<Element>(
    _ type: ElementType, at offset: Int, into output: UnsafeMutableBufferPointer<Element>,
    _ convert: (ElementType, UnsafeRawBufferPointer, UnsafeMutableBufferPointer<Element>) -> Void
  ) throws(FileFailure) {
    let piece = (1 << 18) / type.size
    for start in stride(from: 0, to: output.count, by: piece) {
      let end = min(start + piece, output.count)
      let first = offset + start * type.size
      let bytes = try bytes(in: first..<first + (end - start) * type.size)
      bytes.withUnsafeBytes { raw in
        convert(type, raw, UnsafeMutableBufferPointer(rebasing: output[start..<end]))
      }
    }
  }
}
