import Testing
import XAIAttribution
import XAIKernels
import XAINetworks
import XAITensor
import XAITestSupport

@Suite struct ChannelWeightTests {
  private let direct = AttributionContext(algorithm: .direct)

  @Test func `a channel's ablation is the fall of the logit when it is set to 0`() throws {
    let lively = try LivelyNetwork(
      Architecture(input: [2, 8, 10], stacks: [[4]], hidden: [5], classes: 3))
    let image = lively.request.images.row(0)
    let found = try AblationCAM().channels(of: image, target: 1, on: lively.explained, in: direct)
    // Of one convolution the channel is 0 where its weights, its bias and its norm's shift are.
    for channel in 0..<4 {
      var parameters = lively.parameters
      for name in ["conv1.weight", "conv1.bias"] {
        guard var tensor = parameters[name] else { continue }
        let size = tensor.rowCount
        tensor.withUnsafeMutableElements { elements in
          for index in channel * size..<(channel + 1) * size { elements[index] = 0 }
        }
        parameters[name] = tensor
      }
      if var shift = parameters["conv1_bn.bias"], var mean = parameters["conv1_bn.running_mean"] {
        (shift[channel], mean[channel]) = (0, 0)
        parameters["conv1_bn.bias"] = shift
        parameters["conv1_bn.running_mean"] = mean
      }
      let without = ExplainedNetwork(
        lively.network, parameters: parameters, backend: lively.explained.backend)
      func logit(_ network: ExplainedNetwork) throws -> Double {
        let form = network.merged()
        let pass = try form.record(
          try form.backend.upload(image), keeping: .logits, algorithm: .direct)
        return Double(form.backend.download(pass.output)[0, 1])
      }
      let fall = try logit(lively.explained) - logit(without)
      #expect(abs(found.weights[channel] - fall) < 1e-5, "channel \(channel)")
    }
  }

  @Test func `a channel that does not vary has no mask and no weight`() throws {
    let lively = try LivelyNetwork(
      Architecture(input: [2, 8, 8], stacks: [[4]], hidden: [5], classes: 3))
    var parameters = lively.parameters
    // A channel that is negative everywhere is 0 behind its rectifier.
    if var shift = parameters["conv1_bn.bias"] {
      shift[2] = -1e4
      parameters["conv1_bn.bias"] = shift
    }
    let network = ExplainedNetwork(
      lively.network, parameters: parameters, backend: lively.explained.backend)
    let found = try ScoreCAM().channels(
      of: lively.request.images.row(0), target: 0, on: network, in: direct)
    #expect(found.weights[2] == 0 && found.scores[2] == 0)
    #expect(abs(found.weights.reduce(0, +) - 1) < 1e-12)
  }
}

@Suite struct SmoothMaskTests {
  @Test func `slopes of a mask are those that differences show`() {
    let smooth = SmoothMask([7, 9], step: 3, sigma: 3)
    #expect(smooth.size == [3, 3])
    var stream = RandomStream(seed: 2, purpose: "mask")
    let values = (0..<9).map { _ in stream.uniform() }
    let weights = (0..<63).map { _ in stream.normal() }
    func sum(_ values: [Double]) -> Double {
      zip(smooth.mask(values), weights).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let slope = smooth.gradient(values, by: weights, at: smooth.mask(values))
    for index in values.indices {
      var (up, down) = (values, values)
      up[index] += 1e-6
      down[index] -= 1e-6
      #expect(abs(slope[index] - (sum(up) - sum(down)) / 2e-6) < 1e-6)
    }
    #expect(smooth.mask(values).allSatisfy { 0...1 ~= $0 })
  }

  @Test func `an extremal mask has the area that was asked, counted over the image`() throws {
    let lively = try LivelyNetwork(
      Architecture(input: [3, 16, 12], stacks: [[4], [5]], hidden: [5], classes: 3), images: 1)
    for area in [0.1, 0.3] {
      let method = ExtremalPerturbation(areas: [area], steps: 300, step: 2, sigma: 3)
      let maps = try method.attribute(
        lively.request, on: lively.explained, in: AttributionContext()
      ).maps
      let covered = maps.elements.reduce(0.0) { $0 + Double($1) } / Double(maps.count)
      #expect(abs(covered - area) < 0.06, "asked \(area), found \(covered)")
    }
  }
}

@Suite struct MeaningfulPerturbationTests {
  @Test func `steps lower the loss, and a mask that costs nothing stays clear where it may`() throws
  {
    let lively = try LivelyNetwork(
      Architecture(input: [3, 12, 16], stacks: [[4], [5]], hidden: [6], classes: 3), images: 1)
    let image = lively.request.images.row(0)
    let game = MaskGame(
      image: image, absent: Tensor(shape: image.shape), target: lively.request.targets[0],
      lively.explained, AttributionContext(algorithm: .direct))
    let method = MeaningfulPerturbation(steps: 40)
    var mask = Array(repeating: 0.5, count: 12)
    let losses = try method.run(&mask, [3, 4], steps: 40, on: game)
    #expect(losses.count == 40 && losses[39] < losses[0])
    // Nothing but the price of hiding: everything is shown.
    var clear = Array(repeating: 0.5, count: 12)
    let dear = MeaningfulPerturbation(steps: 40, sparsity: 1e5, smoothness: 0)
    _ = try dear.run(&clear, [3, 4], steps: 40, on: game)
    #expect(clear.allSatisfy { $0 > 0.9 })
  }
}

@Suite struct GuidedPathTests {
  @Test func `with every entry moving at once it is integrated gradients at the same points`()
    throws
  {
    let fixture = try FixtureNetwork("A")
    var request = AttributionRequest(images: fixture.images, targets: fixture.targets)
    request.baselines = .one(Tensor(shape: fixture.images.shape))
    let context = AttributionContext(algorithm: .direct)
    let guided = try GuidedIntegratedGradients(steps: 6, fraction: 1, reach: 0).attribute(
      request, on: fixture.explained, in: context)
    // Gradients at 0, 1/6, ..., 5/6, each times a sixth of the way.
    let sums = try (0..<6).map { step in
      let points = fixture.images.map { $0 * Float(step) / 6 }
      return try InputGradient().attribute(
        AttributionRequest(images: points, targets: fixture.targets), on: fixture.explained,
        in: context
      ).maps
    }
    let literal = sums.dropFirst().reduce(sums[0]) { $0.combined(with: $1, +) }
      .combined(with: fixture.images) { $0 * $1 / 6 }
    #expect(largestDeviation(guided.maps, literal).relative < 2e-2)
    let narrow = try GuidedIntegratedGradients(steps: 6, fraction: 0.25, reach: 0.1).attribute(
      request, on: fixture.explained, in: context)
    #expect(largestDeviation(narrow.maps, literal).relative > 2e-2)
  }
}

@Suite struct BlurPathTests {
  @Test func `the filter's derivative is what a difference of filters shows`() {
    var stream = RandomStream(seed: 4, purpose: "blur")
    let image = stream.normal(shape: [1, 2, 9, 12])
    for sigma in [1, 1.5, 4] {
      let slope = ScaleDerivative(sigma: sigma).derivative(image)
      let step = 1e-2
      let up = ScaleDerivative(sigma: sigma + step).blurred(image).elements
      let down = ScaleDerivative(sigma: sigma - step).blurred(image).elements
      for index in slope.indices {
        let difference = (Double(up[index]) - Double(down[index])) / (2 * step)
        #expect(abs(slope[index] - difference) < 2e-3, "sigma \(sigma)")
      }
    }
    #expect(ScaleDerivative(sigma: 0).blurred(image) == image)
    let flat = Tensor(shape: [1, 1, 5, 5], repeating: 0.7)
    #expect(ScaleDerivative(sigma: 3).derivative(flat).allSatisfy { abs($0) < 1e-7 })
  }
}

@Suite struct RegionRankingTests {
  @Test func `the region of the best mean comes first, small ones not at all`() {
    let attribution: [Double] = [5, 5, 1, 1, 1, 9]
    let regions = [[0, 1], [1, 2, 3], [5], [2, 3, 4]].map { region in
      (0..<6).map { region.contains($0) }
    }
    let ranking = RegionRanking(attribution, regions: regions, least: 2)
    #expect(ranking.order == [0, 1])
    #expect(ranking.map == [5, 5, 1, 1, 5, 5])
    let single = RegionRanking(attribution, regions: regions, least: 1)
    #expect(single.order == [2, 0, 1, 3])
    #expect(RegionRanking(attribution, regions: [], least: 1).order.isEmpty)
  }
}
