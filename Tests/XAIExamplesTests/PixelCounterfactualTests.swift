import Testing
import XAIAttribution
import XAIExamples
import XAIKernels
import XAINetworks
import XAIRepresentations
import XAITensor
import XAITestSupport

@Suite struct PixelCounterfactualTests {
  private func search(_ fixture: FixtureNetwork) throws -> PixelCounterfactual {
    let shape = fixture.explained.network.architecture.input
    let plane = shape[1] * shape[2]
    func ends(_ byte: UInt8) throws -> [Double] {
      let picture = try PixelImages(
        shape: [1, shape[1], shape[2], shape[0]],
        Array(repeating: byte, count: plane * shape[0]))
      return picture.normalized(by: fixture.normalization).elements.map(Double.init)
    }
    let descent = try ProximalDescent(
      deviation: Array(repeating: 0.5, count: plane * shape[0]),
      bounds: (try ends(0), try ends(255)),
      on: fixture.explained, algorithm: .direct)
    var search = PixelCounterfactual(descent, fixture.normalization, on: fixture.explained)
    search.steps = 40
    search.halvings = 3
    return search
  }

  @Test(arguments: [0, 1, 2])
  func `an answer is valid as a picture of bytes, and nearer than any other that was found`(
    image: Int
  ) throws {
    let fixture = try FixtureNetwork("A")
    let original = fixture.images.row(image)
    let result = try search(fixture).search(original)
    let again = try fixture.reader.logits(
      of: result.picture.normalized(by: fixture.normalization)
    ).largestOfRow(0)
    #expect(again == result.changed && result.valid == (again != result.predicted))
    #expect(result.valid && result.margin > 0 && result.complete)
    let fact = try PixelImages(rounding: original, by: fixture.normalization)
    let proximity = try CounterfactualQuality.proximity(fact, result.picture)
    // Of 768 entries few are worth their price.
    #expect(proximity.sum > 0 && proximity.share < 1)
    let goal = (result.predicted + 3) % 10
    let named = try search(fixture).search(original, goal: goal)
    #expect(!named.valid || named.changed == goal)
  }

  @Test func `the prediction as goal is distance 0 without a search`() throws {
    let fixture = try FixtureNetwork("P")
    let image = fixture.images.row(0)
    let predicted = try fixture.reader.logits(of: image).largestOfRow(0)
    let result = try search(fixture).search(image, goal: predicted)
    #expect(result.valid && result.distance == 0 && result.passes == 1)
  }

  @Test func `a constant network has no counterfactual, and says how far it came`() throws {
    let fixture = try FixtureNetwork("P")
    var parameters = fixture.explained.parameters
    parameters["fc2.weight"] = Tensor(shape: [4, 11])
    parameters["fc2.bias"] = Tensor(shape: [4], [0, 3, 1, 2])
    let constant = ExplainedNetworkMaker.network(like: fixture, parameters)
    let shape = fixture.images.rowCount
    let descent = try ProximalDescent(
      deviation: Array(repeating: 0.5, count: shape),
      bounds: (Array(repeating: -3, count: shape), Array(repeating: 3, count: shape)), on: constant,
      algorithm: .direct)
    var search = PixelCounterfactual(descent, fixture.normalization, on: constant)
    search.steps = 3
    let result = try search.search(fixture.images.row(0))
    #expect(!result.valid && result.margin == -1 && result.predicted == 1)
    search.budget = 5
    #expect(try !search.search(fixture.images.row(0)).complete)
  }
}

@Suite struct CounterfactualQualityTests {
  @Test func `distances are those of bytes`() throws {
    let fact = try PixelImages(shape: [1, 2, 2, 1], [10, 20, 30, 40])
    let answer = try PixelImages(shape: [1, 2, 2, 1], [13, 20, 26, 40])
    let proximity = try CounterfactualQuality.proximity(fact, answer)
    #expect(proximity.sum == 7 && proximity.length == 5 && proximity.largest == 4)
    #expect(proximity.share == 0.5)
    #expect(try CounterfactualQuality.proximity(fact, fact).fineGrain == nil)
    let other = try PixelImages(shape: [1, 1, 2, 1], [1, 2])
    #expect(throws: ExampleFailure.self) { try CounterfactualQuality.proximity(fact, other) }
  }

  @Test func `what is far from all images is off the data`() throws {
    let training = Tensor(shape: [4, 1], [0, 0.1, 0.2, 0.3])
    let tests = Tensor(shape: [3, 1], [0.05, 0.15, 0.25])
    let far = try CounterfactualQuality.plausibility(
      Tensor(shape: [1, 1], [9]), among: training, tests: tests, count: 2)
    let near = try CounterfactualQuality.plausibility(
      Tensor(shape: [1, 1], [0.1]), among: training, tests: tests, count: 1)
    #expect(far == 100 && near == 0)
  }

  @Test func `stability counts copies, and is a function of the seed`() throws {
    let fixture = try FixtureNetwork("A")
    let picture = try PixelImages(rounding: fixture.images.row(0), by: fixture.normalization)
    let predicted = try fixture.reader.logits(of: fixture.images.row(0)).largestOfRow(0)
    func count(_ target: Int) throws -> Int {
      try CounterfactualQuality.stability(
        picture, target, copies: 8, fixture.normalization, on: fixture.reader)
    }
    #expect(try count(predicted) + count((predicted + 1) % 10) <= 8)
    #expect(try count(predicted) == count(predicted))
  }

  @Test func `deviations are medians of bytes, at least the floor`() throws {
    var deviation = MedianDeviation(entries: 2)
    try deviation.add(try PixelImages(shape: [2, 1, 2, 1], [0, 7, 10, 7]))
    try deviation.add(try PixelImages(shape: [2, 1, 2, 1], [20, 7, 100, 7]))
    let normalization = PixelNormalization(mean: [0], deviation: [0.5])
    // Medians 15 and 7; |x - 15| is 15, 5, 5, 85, whose median is 10.
    let values = deviation.values(normalization, shape: [1, 1, 2])
    #expect(abs(values[0] * 255 * 0.5 - 10) < 1e-10 && values[1] == 0.05)
    let picture = try PixelImages(shape: [1, 1, 1, 1], [0])
    #expect(throws: ExampleFailure.self) { try deviation.add(picture) }
  }
}
