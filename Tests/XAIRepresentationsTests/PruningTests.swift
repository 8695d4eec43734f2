import Testing
import XAIAttribution
import XAIFiles
import XAINetworks
import XAIRepresentations
import XAITensor
import XAITestSupport

@Suite struct PruningLawTests {
  /// The logits with channels of rectifier outputs multiplied by 0.
  private func maskedLogits(
    _ fixture: FixtureNetwork, _ plan: PruningPlan, _ images: Tensor
  ) throws -> Tensor {
    let network = fixture.explained
    var parameters = fixture.explained.parameters
    // Weights of the reader that belong to a removed channel see nothing but zeros: the same network.
    for (layer, kept) in zip(plan.layers, plan.kept) {
      var weights = try #require(parameters["\(layer.reader).weight"])
      let tail = weights.rowCount / layer.filters
      weights.withUnsafeMutableElements { elements in
        for index in elements.indices where !kept[index / tail % layer.filters] {
          elements[index] = 0
        }
      }
      parameters["\(layer.reader).weight"] = weights
    }
    let masked = ExplainedNetwork(
      network.network, parameters: parameters, backend: network.backend)
    let last = network.network.logitLayer
    return try #require(try LayerOutputs([last], of: masked).all(of: images)[last])
  }

  @Test(arguments: ["A", "P"], FilterCriterion.allCases)
  func `the pruned network says what the masked one says`(
    name: String, criterion: FilterCriterion
  ) throws {
    let fixture = try FixtureNetwork(name)
    let images = try fixture.images("class.pixels")
    let labels = try fixture.givenFile.integers("class.labels").map { Int($0) }
    let scores = criterion.normalized(
      try criterion.scores(of: fixture.explained, images: images, labels: labels, seed: 3))
    let plan = PruningPlan(scores, removing: 0.4)
    #expect(plan.removed > 0)
    let pruned = try PrunedNetwork(
      plan, of: fixture.explained.network, fixture.explained.parameters)
    try pruned.parameters.validate(for: pruned.network, source: "pruned")
    #expect(pruned.network.multiplyAdds < fixture.explained.network.multiplyAdds)
    let explained = ExplainedNetwork(
      pruned.network, parameters: pruned.parameters, backend: fixture.explained.backend)
    let last = pruned.network.logitLayer
    let logits = try #require(try LayerOutputs([last], of: explained).all(of: images)[last])
    expectClose(logits, try maskedLogits(fixture, plan, images), relative: 1e-5)
    // Another choice of filters is another network.
    let other = PruningPlan(
      scores.map { layer in
        FilterScores(layer: layer.layer, values: layer.values.map { -$0 })
      }, removing: 0.4)
    let deviation = largestDeviation(logits, try maskedLogits(fixture, other, images))
    #expect(deviation.relative > 1e-3)
  }

  @Test func `relevance sums to the number of images in the last layer at most`() throws {
    let fixture = try FixtureNetwork("A")
    let images = try fixture.images("class.pixels")
    let labels = try fixture.givenFile.integers("class.labels").map { Int($0) }
    let scores = try FilterCriterion.lrp.scores(
      of: fixture.explained, images: images, labels: labels)
    let sums = scores.map { $0.values.reduce(0, +) }
    #expect(sums.allSatisfy { $0 > 0 && $0 < 12.001 })
    #expect(scores.joinedValues.allSatisfy { $0 >= 0 })
  }

  @Test func `every layer keeps its floor, and ties go to the lower layer and channel`() {
    func layer(_ name: String, _ values: [Double]) -> FilterScores {
      FilterScores(
        layer: FilterLayer(
          convolution: name, batchNorm: nil, rectifier: "\(name)_relu", filters: values.count,
          reader: "next", inputsPerFilter: 1), values: values)
    }
    let scores = [layer("one", [0, 0, 0.1]), layer("two", [0.5, 0, 0.5])]
    #expect(
      PruningPlan(scores, removing: 2, floors: [1, 1]).kept
        == [[false, false, true], [true, true, true]])
    #expect(
      PruningPlan(scores, removing: 2, floors: [2, 1]).kept
        == [[false, true, true], [true, false, true]])
    #expect(PruningPlan(scores, removing: 6, floors: [0, 0]).removed == 4)
    #expect(PruningPlan(scores, removing: 2, floors: [1, 1]).indices["one"] == [2])
  }

  @Test func `a checkpoint says what it was pruned from`() {
    let metadata = PrunedNetwork.metadata(
      digest: "abc", filters: ["conv2": [0, 3], "conv1": [1]], criterion: .lrp, step: 4)
    #expect(metadata["pruned_filters"] == #"{"conv1":[1],"conv2":[0,3]}"#)
    #expect(metadata["pruned_from"] == "abc" && metadata["pruned_step"] == "4")
  }
}

extension [FilterScores] {
  var joinedValues: [Double] { flatMap(\.values) }
}
