import XAITensor

/// An image cut into square windows, row by row; the last of a row or column may be smaller.
struct WindowGrid: Equatable {
  let height: Int
  let width: Int
  let window: Int

  /// The number of windows.
  var count: Int { rows * columns }

  private var rows: Int { (height + window - 1) / window }
  private var columns: Int { (width + window - 1) / window }

  /// The pixels of a window.
  func extent(of index: Int) -> (rows: Range<Int>, columns: Range<Int>) {
    let (row, column) = (index / columns * window, index % columns * window)
    return (row..<min(row + window, height), column..<min(column + window, width))
  }

  /// Copies of an image `[1, C, H, W]`, each with one window set to 0.
  func images(_ image: Tensor, without windows: Range<Int>) -> Tensor {
    let channels = image.shape[1]
    var copies = image.rows(at: windows.map { _ in 0 })
    copies.withUnsafeMutableElements { elements in
      for (copy, window) in windows.enumerated() {
        let (rows, columns) = extent(of: window)
        for channel in 0..<channels {
          for row in rows {
            let start = ((copy * channels + channel) * height + row) * width
            for column in columns { elements[start + column] = 0 }
          }
        }
      }
    }
    return copies
  }

  /// How many pixels of the image, but not of a window, a convolution's kernel reads at each position:
  /// `[windows, H * W]`.
  func pixelsRead(kernel: Int, without windows: Range<Int>) -> Tensor {
    let reach = kernel / 2
    func overlap(_ range: Range<Int>, at position: Int) -> Int {
      range.clamped(to: position - reach..<position + reach + 1).count
    }
    return Tensor(shape: [windows.count, height * width]) { counts in
      for (copy, window) in windows.enumerated() {
        let (rows, columns) = extent(of: window)
        for row in 0..<height {
          for column in 0..<width {
            let all = overlap(0..<height, at: row) * overlap(0..<width, at: column)
            let own = overlap(rows, at: row) * overlap(columns, at: column)
            counts[(copy * height + row) * width + column] = Float(all - own)
          }
        }
      }
    }
  }

  /// Values of windows spread evenly over their pixels, `[1, 1, H, W]`.
  func spread(_ values: [Double]) -> Tensor {
    var map = Tensor(shape: [1, 1, height, width])
    for (index, value) in values.enumerated() {
      let (rows, columns) = extent(of: index)
      let each = Float(value / Double(rows.count * columns.count))
      for row in rows { for column in columns { map[0, 0, row, column] = each } }
    }
    return map
  }
}
