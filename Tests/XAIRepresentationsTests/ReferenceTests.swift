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

  @Test func `the normalization of a network follows from images and their pixels`() throws {
    let fixture = try FixtureNetwork("A")
    expectClose(fixture.normalization.mean, [0.4802, 0.4481, 0.3975], relative: 1e-6)
    expectClose(fixture.normalization.deviation, [0.277, 0.2691, 0.2821], relative: 1e-6)
  }
}
