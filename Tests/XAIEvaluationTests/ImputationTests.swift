#if canImport(Glibc)
  import Glibc
#endif
import Testing
import XAIEvaluation
import XAIMetrics
import XAITensor

/// Imputation against elimination on the whole system, coded lengths by hand.
@Suite struct ImputationTests {
  /// The solution by Gaussian elimination.
  private func literal(_ values: [Double], missing: [Bool], height: Int, width: Int) -> [Double] {
    let holes = missing.indices.filter { missing[$0] }
    var rows = holes.map { hole -> [Double] in
      var row = Array(repeating: 0.0, count: holes.count + 1)
      let (y, x) = (hole / width, hole % width)
      for dy in -1...1 {
        for dx in -1...1 where (dy, dx) != (0, 0) {
          guard 0..<height ~= y + dy, 0..<width ~= x + dx else { continue }
          let (weight, other) = (dy == 0 || dx == 0 ? 1.0 / 6 : 1.0 / 12, (y + dy) * width + x + dx)
          row[holes.firstIndex(of: hole) ?? 0] += weight
          if let place = holes.firstIndex(of: other) {
            row[place] -= weight
          } else {
            row[holes.count] += weight * values[other]
          }
        }
      }
      return row
    }
    for pivot in holes.indices {
      for row in holes.indices where row != pivot {
        let factor = rows[row][pivot] / rows[pivot][pivot]
        for column in rows[row].indices { rows[row][column] -= factor * rows[pivot][column] }
      }
    }
    var filled = values
    for (place, hole) in holes.enumerated() {
      filled[hole] = rows[place][holes.count] / rows[place][place]
    }
    return filled
  }

  @Test(arguments: [0.1, 0.5, 0.9, 0.98])
  func `imputed pixels solve the system`(_ share: Double) {
    let shape = [5, 6, 7]
    var stream = RandomStream(seed: 4, purpose: "test/imputation")
    let image = stream.normal(shape: shape)
    let mask = EvaluationDraws().subset(share: share, pixels: 42, image: 0, level: 0, sample: 0)
    let filled = LinearImputation().filled(image, missing: mask)
    for channel in 0..<5 {
      let plane = image.elements[channel * 42..<(channel + 1) * 42].map(Double.init)
      let solution = literal(plane, missing: (0..<42).map { mask[$0] }, height: 6, width: 7)
      for pixel in 0..<42 {
        #expect(filled[channel * 42 + pixel].isClose(to: solution[pixel], within: 1e-9))
      }
    }
  }

  @Test
  func
    `where everything is missing each channel has its mean, and nothing changes where nothing is`()
  {
    let image = Tensor(shape: [2, 1, 3], [1, 2, 6, 4, 4, 4])
    let all = PixelMask(count: 3).complement
    #expect(LinearImputation().filled(image, missing: all) == [3, 3, 3, 4, 4, 4])
    #expect(LinearImputation().filled(image, missing: PixelMask(count: 3)) == [1, 2, 6, 4, 4, 4])
  }

  @Test func `noise is added to missing pixels alone`() {
    let image = Tensor(shape: [1, 2, 2], [1, 1, 1, 1])
    let fill = ImputationFill(noise: Tensor(shape: [1, 2, 2], [10, 20, 30, 40]))
    let values = fill.values(image, without: PixelMask([1, 2], count: 4))
    for (value, expected) in zip(values, [1, 1.2, 1.3, 1]) {
      #expect(value.isClose(to: expected, within: 1e-9))
    }
  }

  @Test func `a share is a number of pixels, rounded down`() throws {
    let order = try PixelOrder([3, 1, 0, 2, 4], subject: "order")
    #expect(ROAD(shares: [0, 0.3, 0.6, 1]).masks(order).map(\.size) == [0, 1, 3, 5])
    #expect(ROAD(shares: [0.6]).masks(order)[0].pixels == [0, 1, 3])
    #expect(ROAD().shares.count == 9)
  }

  @Test func `the coded length is the entropy of residuals`() {
    // Predictions 0, 10, 10 | 10, max(20, 10) = 20, 25: residuals 10, 0, 15 | 10, 0, 5.
    let pixels: [UInt8] = [10, 10, 25, 20, 20, 30]
    // 10 twice, 0 twice, 15 and 5 once each: 2 (2/6) log2 3 + 2 (1/6) log2 6 bits for each of 6.
    let bits = 6 * (2.0 / 3 * 1.584962500721156 + 1.0 / 3 * 2.584962500721156)
    #expect(CodedLength.bytes(pixels, height: 2, width: 3).isClose(to: bits / 8, within: 1e-12))
    #expect(CodedLength.bytes(Array(repeating: 0, count: 6), height: 2, width: 3) == 0)
  }

  @Test func `pixels come back from their normalization, and from the images alone`() throws {
    var stream = RandomStream(seed: 1, purpose: "test/pixels")
    let pixels = (0..<3 * 40).map { _ in UInt8(stream.integer(below: 256)) }
    let (mean, deviation) = (
      Tensor(shape: [3], [0.48, 0.45, 0.4]), Tensor(shape: [3], [0.28, 0.27, 0.3])
    )
    func normalized(_ pixel: UInt8, _ index: Int) -> Float {
      (Float(pixel) / 255 - mean[index / 40]) / deviation[index / 40]
    }
    let values = pixels.enumerated().map { normalized($1, $0) }
    let known = try PixelCode(mean: mean, standardDeviation: deviation, shape: [3, 5, 8])
    #expect(known.pixels(values.map(Double.init)) == pixels)
    let found = try #require(
      PixelCode(
        latticeOf: Tensor(shape: [1, 3, 5, 8], values),
        black: Tensor(shape: [3, 5, 8], (0..<120).map { normalized(0, $0) })))
    #expect(found.pixels(values.map(Double.init)) == pixels)
    let noise = stream.normal(shape: [1, 3, 5, 8])
    #expect(PixelCode(latticeOf: noise, black: Tensor(shape: [3, 5, 8], repeating: -9)) == nil)
  }

  @Test
  func `information curves keep the highest, and are undefined where nothing is to be gained`() {
    func logits(_ probabilities: [Double]) -> [[Float]] {
      probabilities.map { [Float(log($0 / (1 - $0))), 0] }
    }
    let curves = InformationCurves(
      lengths: [100, 150, 150, 240, 200], logits: logits([0.2, 0.4, 0.7, 0.6, 0.7]), target: 0)
    // Points (0, 0), (0.5, 1), (1, 1).
    #expect(curves.softmaxArea.isClose(to: 0.75, within: 1e-6))
    #expect(curves.accuracyArea.isClose(to: 0.75, within: 1e-6))
    #expect(curves.clippedShare == 1.0 / 3)
    let longer = InformationCurves(
      lengths: [200, 150, 200], logits: logits([0.2, 0.4, 0.7]), target: 0)
    #expect(longer.softmaxArea == nil && longer.accuracyArea == nil)
    let convincing = InformationCurves(
      lengths: [100, 150, 200], logits: logits([0.7, 0.4, 0.7]), target: 0)
    #expect(convincing.softmaxArea == nil)
  }
}
