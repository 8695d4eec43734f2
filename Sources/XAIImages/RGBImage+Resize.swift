extension RGBImage {
  /// The picture at another size, antialiased: the arithmetic of Pillow's `resize(..., BILINEAR)`.
  /// - Note: Deviation: Pillow 13 begins with the columns where that is cheaper, which changes some
  ///   values by one level; earlier versions agree bit for bit.
  /// - Parameters:
  ///   - newHeight: The number of rows, positive.
  ///   - newWidth: The number of columns, positive.
  /// - Returns: The scaled picture.
  public func resized(toHeight newHeight: Int, width newWidth: Int) -> RGBImage {
    fitted(ImageFitting(height: newHeight, width: newWidth))
  }

  /// A part of the picture at another size; what is outside of the part is not computed.
  /// - Parameters:
  ///   - size: The size of the whole: rows and columns.
  ///   - rows: The part's rows within the whole.
  ///   - columns: The part's columns within the whole.
  ///   - interpolation: How pixels between pixels are made.
  /// - Returns: The part.
  func resampled(
    to size: (height: Int, width: Int), rows: Range<Int>, columns: Range<Int>,
    by interpolation: ImageFitting.Interpolation
  ) -> RGBImage {
    let vertical = Resampling(from: height, to: size.height, range: rows, by: interpolation)
    let horizontal = Resampling(from: width, to: size.width, range: columns, by: interpolation)
    // Rows first, and of these only what the columns need.
    let needed = vertical.sources
    var result = self
    if !horizontal.isIdentity || needed != 0..<height {
      result = result.resampledAlongRows(horizontal, rows: needed)
    }
    if !vertical.isIdentity || needed.lowerBound != 0 {
      result = result.resampledAlongColumns(vertical, firstRow: needed.lowerBound)
    }
    return result
  }

  private func resampledAlongRows(_ filter: Resampling, rows: Range<Int>) -> RGBImage {
    let newWidth = filter.count
    let count = rows.count * newWidth * 3
    let output = [UInt8](unsafeUninitializedCapacity: count) { output, written in
      pixels.withUnsafeBufferPointer { source in
        var target = 0
        for row in rows {
          for index in 0..<newWidth {
            var position = (row * width + filter.starts[index]) * 3
            var (red, green, blue) = (Resampling.half, Resampling.half, Resampling.half)
            for weight in filter.range(index) {
              let factor = filter.weights[weight]
              red &+= Int32(source[position]) &* factor
              green &+= Int32(source[position + 1]) &* factor
              blue &+= Int32(source[position + 2]) &* factor
              position += 3
            }
            output[target] = Resampling.level(red)
            output[target + 1] = Resampling.level(green)
            output[target + 2] = Resampling.level(blue)
            target += 3
          }
        }
      }
      written = count
    }
    return RGBImage(height: rows.count, width: newWidth, pixels: output)
  }

  private func resampledAlongColumns(_ filter: Resampling, firstRow: Int) -> RGBImage {
    let stride = width * 3
    let count = filter.count * stride
    var sums = [Int32](repeating: 0, count: stride)
    let output = [UInt8](unsafeUninitializedCapacity: count) { output, written in
      pixels.withUnsafeBufferPointer { source in
        sums.withUnsafeMutableBufferPointer { sums in
          for index in 0..<filter.count {
            sums.update(repeating: Resampling.half)
            var start = (filter.starts[index] - firstRow) * stride
            for weight in filter.range(index) {
              let factor = filter.weights[weight]
              for offset in 0..<stride { sums[offset] &+= Int32(source[start + offset]) &* factor }
              start += stride
            }
            for offset in 0..<stride {
              output[index * stride + offset] = Resampling.level(sums[offset])
            }
          }
        }
      }
      written = count
    }
    return RGBImage(height: filter.count, width: width, pixels: output)
  }
}
