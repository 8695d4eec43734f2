import Testing
import XAIAttribution
import XAIFiles
import XAITensor
import XAITestSupport

@Suite struct PixelBaselinesTests {
  private static let mean = Tensor(shape: [3], [0.4802, 0.4481, 0.3975])
  private static let deviation = Tensor(shape: [3], [0.277, 0.2691, 0.2821])

  @Test(arguments: ["A", "B"])
  func `blurred and black images agree with torchvision`(network: String) throws {
    let fixture = try FixtureNetwork(network)
    let makes = try PixelBaselines(
      mean: Self.mean, standardDeviation: Self.deviation,
      shape: Array(fixture.images.shape.dropFirst()))
    let blurred = try fixture.inputs.tensor("baseline.blurred")
    expectClose(makes.blurred(fixture.images), blurred, relative: 1e-6, "blurred")
    let black = try fixture.inputs.tensor("baseline.black")
    expectClose(
      makes.uniform(0).rows(at: Array(repeating: 0, count: black.rows)), black, relative: 1e-6,
      "black")
    // Another sigma is told apart.
    let other = try GaussianBlur(sigma: 2)(fixture.images)
    #expect(zip(other.elements, blurred.elements).contains { abs($0 - $1) > 1e-3 })
  }

  @Test(arguments: [(1, 1), (1, 5), (2, 3), (6, 6)])
  func `images smaller than the kernel are reflected more than once`(height: Int, width: Int) {
    var stream = RandomStream(seed: 5, purpose: "blur")
    let image = stream.normal(shape: [1, 1, height, width])
    func reflected(_ position: Int, _ extent: Int) -> Int {
      var place = position
      while extent > 1, !(0..<extent ~= place) {
        place = place < 0 ? -place : 2 * (extent - 1) - place
      }
      return extent == 1 ? 0 : place
    }
    let weights = (-7...7).map { exponential(-Double($0 * $0) / (2 * 2.6 * 2.6)) }
    let sum = weights.reduce(0, +)
    let blurred = GaussianBlur()(image)
    for y in 0..<height {
      for x in 0..<width {
        var expected = 0.0
        for (i, vertical) in weights.enumerated() {
          for (j, horizontal) in weights.enumerated() {
            let value = image[0, 0, reflected(y + i - 7, height), reflected(x + j - 7, width)]
            expected += vertical * horizontal * Double(value) / (sum * sum)
          }
        }
        #expect(abs(Double(blurred[0, 0, y, x]) - expected) < 1e-6)
      }
    }
  }

  /// By its series, so that the oracle shares nothing with what it tests.
  private func exponential(_ x: Double) -> Double {
    var (sum, term) = (1.0, 1.0)
    for k in 1..<60 {
      term *= x / Double(k)
      sum += term
    }
    return sum
  }
}
