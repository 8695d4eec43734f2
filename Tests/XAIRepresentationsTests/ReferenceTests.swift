import Testing
import XAIFiles
import XAIKernels
import XAIRepresentations
import XAITensor
import XAITestSupport

@Suite struct RepresentationTensorsTests {
  @Test(arguments: ["A", "P"])
  func `every number agrees with its reference`(name: String) throws {
    let fixture = try FixtureNetwork(name)
    let results = try RepresentationTensors(
      of: fixture.explained, fixture.normalization, fixture.given
    ).results()
    #expect(Set(results.map(\.name)) == Set(fixture.expected.entries.map(\.name)))
    for (name, data) in results {
      let excess = try fixture.excess(name, data)
      #expect(excess <= 1, "\(name): \(excess) of its tolerance")
    }
  }

  @Test func `the comparison rejects what is moved by a thousandth, and other shapes`() throws {
    let fixture = try FixtureNetwork("A")
    for entry in fixture.expected.entries {
      let values = try fixture.expected.doubles(entry.name)
      let moved = TensorData.float64(shape: entry.shape, values.map { 1.001 * $0 + 0.001 })
      #expect(try fixture.excess(entry.name, moved) > 1, "\(entry.name)")
      let longer = TensorData.float64(shape: entry.shape + [1], values)
      #expect(try fixture.excess(entry.name, longer) > 1)
    }
  }

  @Test func `results do not depend on the number of threads`() throws {
    let fixture = try FixtureNetwork("A")
    let tensors = RepresentationTensors(
      of: fixture.explained, fixture.normalization, fixture.given)
    ThreadTeam.setCount(1)
    let alone = try tensors.results()
    ThreadTeam.setCount(4)
    let together = try tensors.results()
    for (one, other) in zip(alone, together) {
      let isSame = one.data == other.data
      #expect(isSame, "\(one.name)")
    }
  }

  @Test(arguments: [
    (
      "cav.conv4_relu.norm", #"{"runs": 1000000000000000}"#,
      "the parameter runs of cav.conv4_relu is"
    ),
    ("cav.conv4_relu.norm", #"{"runs": 6}"#, "there are 120 random images, and at least 144"),
    ("cav.conv4_relu.norm", #"{"perSet": 1}"#, "the parameter perSet of cav.conv4_relu is"),
    ("cav.conv9.norm", "{}", "there is no layer 'conv9'; the network has conv1, conv1_relu"),
    ("cka.biased", #"{"spaces": 3}"#, "the parameter spaces of cka is"),
    ("svcca.99.mean", #"{"layers": ["conv1_relu"]}"#, "the parameter layers of svcca.99 is"),
    (
      "svcca.99.mean", #"{"layers": ["conv1_relu", "conv4_relu"]}"#, "a layer compared by SVCCA has"
    ),
    ("dissection.0.1.iou", #"{"layer": "fc1_relu"}"#, "the layer fc1_relu has the shape [32]"),
    ("dissection.2.iou", "{}", "the share of dissection.2 is 2.0"),
    ("dissection.0.1.iou", #"{"categories": [[0], [1, 1, 2, 3]]}"#, "the categories of dissection"),
    ("visualise.class.step1", #"{"target": 10}"#, "there is no class 10; give one from 0 to 9"),
    ("visualise.feature.start", #"{"unit": 99}"#, "the layer conv4_relu has no unit 99"),
  ])
  func `what cannot be is refused in one sentence`(
    name: String, parameters: String, sentence: String
  ) throws {
    let fixture = try FixtureNetwork("A")
    let given = try fixture.given(asking: #"{"\#(name)": \#(parameters)}"#)
    do {
      _ = try RepresentationTensors(
        of: fixture.explained, fixture.normalization, given
      ).results()
      Issue.record("\(name) with \(parameters) was computed")
    } catch let failure as any Failure {
      #expect(failure.description.hasPrefix(sentence), "\(failure.description)")
    }
  }

  @Test func `what is not known is left out, and what is not asked for is not computed`() throws {
    let fixture = try FixtureNetwork("A")
    let given = try fixture.given(asking: #"{"holm.adjusted": {}, "holm.raw": {}, "tea": {}}"#)
    let results = try RepresentationTensors(
      of: fixture.explained, fixture.normalization, given
    ).results()
    #expect(results.map(\.name) == ["holm.adjusted"])
  }

  @Test func `the normalization of a network follows from images and their pixels`() throws {
    let fixture = try FixtureNetwork("A")
    expectClose(fixture.normalization.mean, [0.4802, 0.4481, 0.3975], relative: 1e-6)
    expectClose(fixture.normalization.deviation, [0.277, 0.2691, 0.2821], relative: 1e-6)
  }
}
