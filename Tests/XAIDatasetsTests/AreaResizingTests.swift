import Testing
import XAIDatasets
import XAITensor

@Suite struct AreaResizingTests {
  private func resized(
    _ image: [Float], _ height: Int, _ width: Int, to extent: (height: Int, width: Int)
  ) -> [Float] {
    let channels = image.count / (height * width)
    var output = [Float](repeating: .nan, count: channels * extent.height * extent.width)
    image.withUnsafeBufferPointer { image in
      output.withUnsafeMutableBufferPointer { output in
        AreaResizing(height: height, width: width, to: extent).apply(image, into: output)
      }
    }
    return output
  }

  /// The mean over the area of each output pixel, by sixtieths of a pixel in each direction.
  private func counted(
    _ image: [Float], _ height: Int, _ width: Int, to extent: (height: Int, width: Int)
  ) -> [Double] {
    let channels = image.count / (height * width)
    var output: [Double] = []
    for channel in 0..<channels {
      for row in 0..<extent.height {
        for column in 0..<extent.width {
          var sum = 0.0
          // Each output is divided into height x width cells, of which each lies in one pixel.
          for y in 0..<height {
            for x in 0..<width {
              let source = (
                (row * height + y) / extent.height, (column * width + x) / extent.width
              )
              sum += Double(image[(channel * height + source.0) * width + source.1])
            }
          }
          output.append(sum / Double(height * width))
        }
      }
    }
    return output
  }

  @Test(arguments: [
    (4, 4, 2, 2), (6, 4, 3, 3), (8, 8, 6, 6), (5, 7, 4, 3), (5, 7, 1, 1), (7, 5, 7, 5),
    (9, 8, 5, 8),
  ])
  func `each pixel is the mean of the area that it covers`(
    height: Int, width: Int, rows: Int, columns: Int
  ) {
    var stream = RandomStream(seed: 4, purpose: "area", height, width)
    let image = (0..<(2 * height * width)).map { _ in Float(stream.integer(below: 1000)) / 500 - 1 }
    let found = resized(image, height, width, to: (rows, columns))
    let expected = counted(image, height, width, to: (rows, columns))
    #expect(found.count == expected.count)
    for (found, expected) in zip(found, expected) {
      #expect(abs(Double(found) - expected) < 1e-6)
    }
  }

  @Test func `half the size is the mean of four`() {
    #expect(resized([1, 2, 5, 6, 3, 4, 7, 8], 2, 4, to: (1, 2)) == [2.5, 6.5])
  }
}
