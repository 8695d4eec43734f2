import Testing
import XAINetworks
import XAIRepresentations
import XAIStatistics
import XAITensor
import XAITestSupport

@Suite struct LayerTests {
  @Test func `the layers looked at are the last of each extent and the dense ones`() {
    #expect(
      Network(.vgg16Tiny).representativeLayers
        == ["conv2_relu", "conv4_relu", "conv7_relu", "conv10_relu", "fc1_relu", "fc2_relu"])
    let bare = Network(
      Architecture(
        input: [3, 12, 12], stacks: [[6, 8], [10]], hidden: [], classes: 5,
        globalAveragePooling: true))
    #expect(bare.representativeLayers == ["conv2_relu", "conv3_relu"])
    #expect(bare.lastMapLayer == "conv3_relu" && bare.lastHiddenLayer == "conv3_relu")
    let flat = Network(Architecture(input: [3, 4, 4], stacks: [], hidden: [7], classes: 2))
    #expect(flat.lastMapLayer == nil && flat.logitLayer == "fc2")
  }

  @Test func `outputs do not depend on the size of a batch`() throws {
    let fixture = try FixtureNetwork("A")
    let images = try fixture.images("class.pixels")
    let layers = ["input", "conv2", "conv2_bn", "conv4_relu", "pool1", "fc1_relu", "fc3"]
    let whole = try LayerOutputs(layers, of: fixture.explained).all(of: images)
    let parts = try LayerOutputs(layers, of: fixture.explained, batch: 5).all(of: images)
    for layer in layers { #expect(whole[layer] == parts[layer], "\(layer)") }
    #expect(whole["input"] == images)
  }

  @Test func `the gradient of the log probability is that of logits less their mean`() throws {
    let fixture = try FixtureNetwork("A")
    let images = try fixture.images("class.pixels").rows(0..<3)
    let gradients = try LayerGradients(by: "fc2_relu", of: fixture.explained)
    let logits = try #require(
      try LayerOutputs(["fc3"], of: fixture.explained).all(of: images)["fc3"])
    let own = try gradients.gradients(of: .logProbability, target: 4, at: images)
    let each = try (0..<10).map { try gradients.gradients(of: .logit, target: $0, at: images) }
    for row in 0..<3 {
      let weights = SoftmaxRegression.probabilities((0..<10).map { Double(logits[row, $0]) })
      for feature in 0..<24 {
        let mean = (0..<10).reduce(0.0) { $0 + weights[$1] * Double(each[$1][row, feature]) }
        #expect(abs(Double(own[row, feature]) - Double(each[4][row, feature]) + mean) < 1e-6)
      }
    }
    #expect(throws: RepresentationFailure(.unknownClass(10, count: 10))) {
      try gradients.gradients(of: .logit, target: 10, at: images)
    }
  }
}
