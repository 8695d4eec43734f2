import Testing
import XAIFiles
import XAIKernels
import XAINetworks
import XAITensor
import XAITestSupport

/// The oracle of many tests is itself held against PyTorch.
@Suite struct ReferenceNetworkTests {
  @Test(arguments: ["A", "B"])
  func `every layer agrees with PyTorch to six digits in Double`(_ name: String) throws {
    let fixture = try FixtureNetwork(name)
    let expected = try ReferenceFile("network\(name)/forward")
    let outputs = fixture.reference.evaluate(ReferenceArray(fixture.images))
    var compared = 0
    for ((layer, _), output) in zip(fixture.reference.layers, outputs) where layer != "flatten" {
      try expected.expect(output, agreesWith: layer, in: .double)
      compared += 1
    }
    #expect(compared == fixture.reference.layers.count - 1)
    try expected.expect(try #require(outputs.last), agreesWith: "logits", in: .double)
  }

  @Test(arguments: ["N", "F"])
  func `networks without pooling or without stacks agree with PyTorch`(_ name: String) throws {
    let fixture = try FixtureNetwork(name)
    let expected = try ReferenceFile("network\(name)/forward")
    let targets = try fixture.inputs.integers("targets").map(Int.init)
    func logits(_ images: String) throws -> ReferenceArray {
      let images = ReferenceArray(try fixture.inputs.tensor(images))
      return try #require(fixture.reference.evaluate(images).last)
    }
    func atTargets(_ logits: ReferenceArray) -> ReferenceArray {
      ReferenceArray([3], targets.enumerated().map { logits[$0, $1] })
    }
    let ofImages = try logits("images")
    try expected.expect(ofImages, agreesWith: "logits", in: .double)
    try expected.expect(atTargets(ofImages), agreesWith: "targetLogits", in: .double)
    try expected.expect(
      atTargets(try logits("baseline.blurred")), agreesWith: "baselineTargetLogits", in: .double)
  }

  @Test func `the layers of our networks and of the reference have the same names`() throws {
    let averaging = Architecture(
      input: [3, 8, 8], stacks: [[4]], hidden: [5], classes: 2, globalAveragePooling: true)
    for architecture in FixtureNetwork.architectures.values + [averaging] {
      let reference = ReferenceNetwork(architecture, Parameters())
      let names = Network(architecture).nodes.map(\.name).filter { !$0.hasSuffix("_dropout") }
      #expect(reference.layers.map(\.name) == names)
    }
  }
}
