import Testing
import XAIAttribution
import XAIExperiments
import XAIExperimentsTestSupport
import XAIKernels
import XAINetworks
import XAITensor
import XAITestSupport

@Suite struct RunningStatisticsTests {
  private let trained = TrainedNetwork()
  private let images = ReferenceArray.random([6, 3, 16, 16], "images").tensor

  private func estimated(
    _ layers: [String], of parameters: Parameters, on images: Tensor
  ) throws -> Parameters {
    try RunningStatistics.estimated(
      for: layers, of: parameters, in: trained.network, on: images, backend: try CPUBackend())
  }

  /// The slow network in Double: moments of each batch norm's input with the statistics below it.
  private func literal(_ layers: [String], of parameters: Parameters) -> Parameters {
    var result = parameters
    for layer in ["conv1", "conv2", "conv3", "conv4", "fc1"] where layers.contains(layer) {
      var arrays: [String: ReferenceArray] = [:]
      for name in result.names { arrays[name] = result[name].map { ReferenceArray($0) } }
      let slow = ReferenceNetwork(stacks: [2, 2], hidden: 1, parameters: arrays)
      let outputs = slow.evaluate(ReferenceArray(images))
      guard let index = slow.layers.firstIndex(where: { $0.name == layer }) else { continue }
      let output = outputs[index]
      let (channels, plane) = (output.shape[1], output.shape.dropFirst(2).reduce(1, *))
      var (means, variances) = ([Double](), [Double]())
      for channel in 0..<channels {
        var values: [Double] = []
        for image in 0..<output.shape[0] {
          let start = (image * channels + channel) * plane
          values += output.values[start..<start + plane]
        }
        let mean = values.reduce(0, +) / Double(values.count)
        means.append(mean)
        variances.append(
          values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1))
      }
      result["\(layer)_bn.running_mean"] = ReferenceArray([channels], means).tensor
      result["\(layer)_bn.running_var"] = ReferenceArray([channels], variances).tensor
    }
    return result
  }

  @Test(arguments: [
    ["conv1"], ["conv3", "fc1"], ["conv1", "conv2", "conv3", "conv4", "fc1", "fc2"],
  ])
  func `statistics are the moments of each batch norm's input, from the input up`(
    layers: [String]
  ) throws {
    let random = trained.randomized(layers, Randomization(batchNorm: .recalibrate))
    let actual = try estimated(layers, of: random, on: images)
    let expected = literal(layers, of: random)
    for name in random.names where Parameters.isRunningStatistic(name) {
      expectClose(
        try #require(actual[name]), try #require(expected[name]), relative: 1e-4, "\(name)")
    }
    let changed = random.names.filter { random[$0] != actual[$0] }
    let wanted = layers.filter { $0 != "fc2" }
      .flatMap { ["\($0)_bn.running_mean", "\($0)_bn.running_var"] }
    #expect(Set(changed) == Set(wanted))
  }

  @Test func `estimating at once, without the new statistics below, would be noticed`() throws {
    let layers = ["conv1", "conv2"]
    let random = trained.randomized(layers, Randomization(batchNorm: .recalibrate))
    let both = try estimated(layers, of: random, on: images)
    let alone = try estimated(["conv2"], of: random, on: images)
    let (first, second) = (
      try #require(both["conv2_bn.running_var"]), try #require(alone["conv2_bn.running_var"])
    )
    #expect(largestDeviation(first, second).relative > 0.1)
  }

  @Test func `a second estimation changes nothing`() throws {
    let random = trained.randomized(trained.layers, Randomization(batchNorm: .recalibrate))
    let once = try estimated(trained.layers, of: random, on: images)
    #expect(try estimated(trained.layers, of: once, on: images) == once)
  }

  @Test func `one image has no variance`() throws {
    let failure = #expect(throws: ExperimentFailure.self) {
      try estimated(["conv1"], of: trained.parameters, on: images.row(0))
    }
    #expect(failure?.description.contains("give at least 2") == true)
  }

  @Test func `numbers that overflow are refused by name`() throws {
    var huge = trained.parameters
    huge["conv2.weight"] = huge["conv2.weight"]?.map { $0 * 1e30 }
    let failure = #expect(throws: ExperimentFailure.self) {
      try estimated(["conv2"], of: huge, on: images)
    }
    #expect(failure?.description.contains("conv2_bn overflows") == true)
  }
}
