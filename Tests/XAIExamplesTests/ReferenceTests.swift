import Testing
import XAIExamples
import XAIFiles
import XAIKernels
import XAIRepresentations
import XAITensor
import XAITestSupport

@Suite struct ExampleTensorsTests {
  @Test(arguments: ["A", "P"])
  func `every number agrees with its reference`(name: String) throws {
    let fixture = try FixtureNetwork(name)
    let results = try fixture.tensors().results()
    #expect(Set(results.map(\.name)) == Set(fixture.expected.entries.map(\.name)))
    for (name, data) in results {
      let excess = try fixture.excess(name, data)
      #expect(excess <= 1, "\(name): \(excess) of its tolerance")
    }
  }

  @Test func `the comparison rejects what is moved by a hundredth, and other shapes`() throws {
    let fixture = try FixtureNetwork("A")
    // Guided paths are compared to 2 %: a path may turn at one point.
    for entry in fixture.expected.entries where entry.name != "guidedPath" {
      let values = try fixture.expected.doubles(entry.name)
      let moved = TensorData.float64(shape: entry.shape, values.map { 1.01 * $0 + 0.01 })
      #expect(try fixture.excess(entry.name, moved) > 1, "\(entry.name)")
      let longer = TensorData.float64(shape: entry.shape + [1], values)
      #expect(try fixture.excess(entry.name, longer) > 1)
    }
  }

  @Test func `results do not depend on the number of threads`() throws {
    let fixture = try FixtureNetwork("P")
    let threads = ThreadTeam.count
    defer { ThreadTeam.setCount(threads) }
    ThreadTeam.setCount(1)
    let alone = try fixture.tensors().results()
    ThreadTeam.setCount(4)
    let together = try fixture.tensors().results()
    for (one, other) in zip(alone, together) {
      let isSame = one.data == other.data
      #expect(isSame, "\(one.name)")
    }
  }

  @Test(arguments: [
    (
      "head.influence", #"{"penalty": 0}"#,
      "the penalty of the head is 0.0, expected a positive number"
    ),
    (
      "head.influence", #"{"layer": "conv9"}"#,
      "there is no layer 'conv9'; the network has conv1, conv1_relu"
    ),
    (
      "mmd.prototypes", #"{"count": 1000000000000}"#, "the parameter count of mmd.prototypes is"
    ),
    (
      "regions.edits", #"{"layer": "fc1_relu"}"#, "the layer fc1_relu has the shape [11], expected"
    ),
    (
      "regions.edits", #"{"stop": "or 0 swaps"}"#,
      "the parameter swaps of regions is 0.0, expected a whole number from 1"
    ),
    ("anchor.klBounds.x", "{}", "there is no parameter level of anchor.klBounds.x"),
    ("anchor.clopperPearson", #"{"confidence": 1}"#, "the confidence is 1.0, expected"),
    (
      "scoreCam.map", #"{"layer": "fc1"}"#,
      "No class activation map of layer 'fc1': its output is no activation map"
    ),
    (
      "smoothCam.map", #"{"samples": 9}"#, "noise/noise has the shape [4, 3, 1, 13, 20], expected"
    ),
    (
      "segmentation.box", #"{"bins": 0}"#, "the parameter bins of segmentation is 0.0, expected"
    ),
    (
      "guidedPath", #"{"fraction": 2}"#, "guided integrated gradients cannot take 200 steps with"
    ),
  ])
  func `what cannot be is refused in one sentence`(
    name: String, parameters: String, sentence: String
  ) throws {
    let fixture = try FixtureNetwork("P")
    let given = try fixture.given(asking: #"{"\#(name)": \#(parameters)}"#)
    do {
      _ = try fixture.tensors(given).results()
      Issue.record("\(name) with \(parameters) was computed")
    } catch let failure as any Failure {
      #expect(failure.description.hasPrefix(sentence), "\(failure.description)")
    }
  }

  @Test func `what is not known is left out, and what is not asked for is not computed`() throws {
    let fixture = try FixtureNetwork("P")
    let given = try fixture.given(asking: #"{"graphCut.value": {}, "graphCut.tea": {}, "tea": {}}"#)
    #expect(try fixture.tensors(given).results().map(\.name) == ["graphCut.value"])
  }

  @Test func `images and targets must be the network's`() throws {
    let fixture = try FixtureNetwork("P")
    #expect(throws: ExampleFailure(.unknownClass(4, count: 4))) {
      try ExampleTensors(
        of: fixture.explained, fixture.normalization, fixture.given, images: fixture.images,
        targets: [0, 4, 1])
    }
    #expect(throws: ExampleFailure.self) {
      try ExampleTensors(
        of: fixture.explained, fixture.normalization, fixture.given,
        images: Tensor(shape: [3, 1, 8, 8]), targets: [0, 1, 1])
    }
  }
}
