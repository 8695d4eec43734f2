extension RGBImage {
  /// The picture at another size, antialiased.
  ///
  /// A triangle filter whose support grows with the reduction, first along rows and then along
  /// columns with 8 bits between them, in 22-bit fixed point: the arithmetic of Pillow's
  /// `resize(..., BILINEAR)` (Pillow, `src/libImaging/Resample.c`).
  /// - Note: Deviation: Pillow 13 begins with the columns where that is cheaper, which changes some
  ///   values by one level; earlier versions agree bit for bit.
  /// - Parameters:
  ///   - newHeight: The number of rows, positive.
  ///   - newWidth: The number of columns, positive.
  /// - Returns: The scaled picture.
  public func resized(toHeight newHeight: Int, width newWidth: Int) -> RGBImage {
    precondition(
      newHeight > 0 && newWidth > 0, "cannot resize to \(newHeight) x \(newWidth) pixels")
    var result = self
    if newWidth != width { result = result.resampledRows(to: newWidth) }
    if newHeight != height { result = result.resampledColumns(to: newHeight) }
    return result
  }

  private func resampledRows(to newWidth: Int) -> RGBImage {
    let windows = FilterWindow.triangle(from: width, to: newWidth)
    var output: [UInt8] = []
    output.reserveCapacity(height * newWidth * 3)
    for row in 0..<height {
      for window in windows {
        let start = (row * width + window.start) * 3
        for channel in 0..<3 {
          output.append(window.sum(of: pixels, at: start + channel, stride: 3))
        }
      }
    }
    return RGBImage(height: height, width: newWidth, pixels: output)
  }

  private func resampledColumns(to newHeight: Int) -> RGBImage {
    let stride = width * 3
    var output: [UInt8] = []
    output.reserveCapacity(newHeight * stride)
    for window in FilterWindow.triangle(from: height, to: newHeight) {
      for offset in 0..<stride {
        output.append(
          window.sum(of: pixels, at: window.start * stride + offset, stride: stride))
      }
    }
    return RGBImage(height: newHeight, width: width, pixels: output)
  }
}

/// The source samples that make one target sample, and their weights in fixed point.
private struct FilterWindow {
  static let precision = 22
  let start: Int
  let weights: [Int32]

  static func triangle(from count: Int, to newCount: Int) -> [FilterWindow] {
    let scale = Double(count) / Double(newCount)
    let support = max(scale, 1)
    return (0..<newCount).map { index in
      let center = (Double(index) + 0.5) * scale
      let first = max(Int(center - support + 0.5), 0)
      let end = min(Int(center + support + 0.5), count)
      let weights = (first..<end).map { position in
        max(0, 1 - abs((Double(position) - center + 0.5) * (1 / support)))
      }
      let sum = weights.reduce(0, +)
      return FilterWindow(
        start: first,
        weights: weights.map { Int32($0 / sum * Double(1 << precision) + 0.5) })
    }
  }

  func sum(of values: [UInt8], at offset: Int, stride: Int) -> UInt8 {
    var sum: Int32 = 1 << Int32(Self.precision - 1)
    var position = offset
    for weight in weights {
      sum += Int32(values[position]) * weight
      position += stride
    }
    return UInt8(clamping: sum >> Int32(Self.precision))
  }
}
