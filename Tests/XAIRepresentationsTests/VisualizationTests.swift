import Testing
import XAIRepresentations
import XAIStatistics
import XAITensor
import XAITestSupport

@Suite struct VisualizationTests {
  private static let colors = ColorStatistics(
    mean: [0.5, 0.4, 0.3],
    root: Matrix(rows: 3, columns: 3, [0.8, 0.5, 0.2, 0.5, 0.9, 0.3, 0.2, 0.3, 0.7]))

  @Test(arguments: [[6, 8], [5, 7], [8, 5], [1, 4]])
  func `the gradient of a picture is that of differences`(extent: [Int]) {
    let picture = FourierPicture(shape: [3] + extent, colors: Self.colors)
    var stream = RandomStream(seed: 1, purpose: "picture")
    let parameters = (0..<picture.parameterCount).map { _ in stream.normal() }
    let weights = (0..<3 * extent[0] * extent[1]).map { _ in stream.normal() }
    func objective(_ parameters: [Double]) -> Double {
      zip(picture.colors(of: parameters), weights).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let gradient = picture.gradient(weights, colors: picture.colors(of: parameters))
    for index in stride(from: 0, to: parameters.count, by: 5) {
      var (up, down) = (parameters, parameters)
      up[index] += 1e-5
      down[index] -= 1e-5
      let slope = (objective(up) - objective(down)) / 2e-5
      #expect(abs(slope - gradient[index]) < 1e-7 * max(1, abs(slope)), "\(index)")
    }
  }

  @Test func `no spectrum is the mean color of the data`() {
    let picture = FourierPicture(shape: [3, 4, 4], colors: Self.colors)
    let colors = picture.colors(of: [Double](repeating: 0, count: picture.parameterCount))
    for (index, color) in colors.enumerated() {
      #expect(abs(color - Self.colors.mean[index / 16]) < 1e-12)
    }
  }

  @Test(arguments: [0, 1, 2])
  func `a transformation and its way back are transposes`(number: Int) {
    var stream = RandomStream(seed: 2, purpose: "transformation", number)
    let transformation =
      number == 0
      ? PictureTransformation(shift: [2, -1]) : PictureTransformation.Range().draw(&stream)
    let (one, other) = (
      (0..<2 * 7 * 6).map { _ in stream.normal() }, (0..<2 * 7 * 6).map { _ in stream.normal() }
    )
    let forward = transformation.apply(one, extent: [7, 6])
    let back = transformation.transposed(other, extent: [7, 6])
    let left = zip(forward, other).reduce(0) { $0 + $1.0 * $1.1 }
    let right = zip(one, back).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(abs(left - right) < 1e-10)
    // A constant stays one: weights of each pixel sum to 1.
    let constant = transformation.apply([Double](repeating: 3, count: 42), extent: [7, 6])
    #expect(constant.allSatisfy { abs($0 - 3) < 1e-12 })
  }

  @Test func `a shift goes down and to the right`() {
    let shifted = PictureTransformation(shift: [1, 0]).apply([1, 2, 3, 4, 5, 6], extent: [3, 2])
    #expect(shifted == [5, 6, 1, 2, 3, 4])
    let right = PictureTransformation(shift: [0, 1]).apply([1, 2, 3, 4, 5, 6], extent: [2, 3])
    #expect(right == [3, 1, 2, 6, 4, 5])
  }

  @Test func `the gradient with smoothness and transformations is that of differences`() throws {
    let fixture = try FixtureNetwork("A")
    let picture = FourierPicture(shape: [3, 16, 16], colors: Self.colors)
    var visualization = FeatureVisualization()
    visualization.smoothness = 30
    let evaluator = try FeatureEvaluator(
      .channel(layer: "conv4_relu", unit: 2), of: fixture.explained)
    var stream = RandomStream(seed: 5, purpose: "step")
    let transformation = PictureTransformation.Range().draw(&stream)
    let start = (0..<picture.parameterCount).map { _ in 0.3 * stream.normal() }
    func total(_ parameters: [Double]) throws -> Double {
      let value = try visualization.gradient(
        at: parameters, picture, evaluator, fixture.normalization, transformation
      ).value
      let colors = picture.colors(of: parameters)
      var (across, down) = (0.0, 0.0)
      for index in colors.indices {
        if index % 16 < 15 {
          across += (colors[index + 1] - colors[index]) * (colors[index + 1] - colors[index])
        }
        if index % 256 < 240 {
          down += (colors[index + 16] - colors[index]) * (colors[index + 16] - colors[index])
        }
      }
      return value - 30 * (across + down) / Double(3 * 16 * 15)
    }
    let gradient = try visualization.gradient(
      at: start, picture, evaluator, fixture.normalization, transformation
    ).gradient
    let largest = try #require(gradient.indices.max { abs(gradient[$0]) < abs(gradient[$1]) })
    var (up, down) = (start, start)
    up[largest] += 1e-3
    down[largest] -= 1e-3
    let slope = (try total(up) - total(down)) / 2e-3
    #expect(abs(slope / gradient[largest] - 1) < 0.02)
  }

  @Test func `an ascent rises, on every objective`() throws {
    let fixture = try FixtureNetwork("A")
    let picture = FourierPicture(shape: [3, 16, 16], colors: Self.colors)
    var visualization = FeatureVisualization()
    visualization.steps = 12
    visualization.smoothness = 0
    let start = visualization.start(of: picture, number: 0, seed: 1)
    #expect(start == visualization.start(of: picture, number: 0, seed: 1))
    #expect(start != visualization.start(of: picture, number: 1, seed: 1))
    let transformations = Array(repeating: PictureTransformation(), count: 12)
    for objective: FeatureObjective in [
      .logit(3), .channel(layer: "conv4_relu", unit: 4), .center(layer: "conv3", unit: 0),
      .direction(layer: "fc1_relu", Array(repeating: 1, count: 32)),
    ] {
      let evaluator = try FeatureEvaluator(objective, of: fixture.explained)
      let result = try visualization.run(
        from: start, picture, evaluator, fixture.normalization, transformations: transformations)
      #expect(result.objective[11] > result.objective[0], "\(objective)")
      let fresh = try FeatureVisualization.values(
        of: result.colors, shape: [3, 16, 16], evaluator, fixture.normalization,
        under: [PictureTransformation(), PictureTransformation(shift: [3, -2])])
      #expect(fresh.count == 2 && fresh[0] != fresh[1])
    }
  }

  @Test func `units, layers and classes that do not exist are refused`() throws {
    let network = try FixtureNetwork("A").explained
    #expect(
      throws: RepresentationFailure(.unknownUnit(16, layer: "conv4_relu", count: 16))
    ) { try FeatureEvaluator(.channel(layer: "conv4_relu", unit: 16), of: network) }
    #expect(throws: RepresentationFailure(.unknownClass(10, count: 10))) {
      try FeatureEvaluator(.logit(10), of: network)
    }
    do {
      _ = try FeatureEvaluator(.channel(layer: "conv9", unit: 0), of: network)
      Issue.record("conv9 was found")
    } catch {
      #expect(error.description.hasPrefix("there is no layer 'conv9'; the network has conv1, "))
    }
  }

  @Test func `fine grain has a share of energy`() {
    let fine = (0..<64).map { Double(($0 / 8 + $0) % 2) }
    let coarse = (0..<64).map { $0 % 8 < 4 ? 0.0 : 1 }
    #expect(SpectralEnergy.share(of: fine, shape: [1, 8, 8]).map { $0 > 0.999 } == true)
    #expect(SpectralEnergy.share(of: coarse, shape: [1, 8, 8]).map { $0 < 0.2 } == true)
    #expect(SpectralEnergy.share(of: [Double](repeating: 2, count: 64), shape: [1, 8, 8]) == nil)
  }
}
