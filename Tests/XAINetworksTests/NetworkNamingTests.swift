import Testing
import XAINetworks
import XAITensor

@Suite struct NetworkNamingTests {
  private let network = Network(
    Architecture(input: [3, 8, 8], stacks: [[4, 4], [6]], hidden: [5], classes: 2))

  @Test(arguments: [
    ("conv1", ["conv1", "conv1_bn"]),
    ("conv3, conv1", ["conv1", "conv1_bn", "conv3", "conv3_bn"]),
    ("conv2_bn", ["conv2_bn"]),
    ("fc2", ["fc2"]),
    ("conv1...conv2", ["conv1", "conv1_bn", "conv2", "conv2_bn"]),
    ("conv2...conv1", ["conv1", "conv1_bn", "conv2", "conv2_bn"]),
    // Nodes without parameters are ends of ranges like any other.
    ("pool1...flatten", ["conv3", "conv3_bn"]),
    ("conv2_bn...conv3", ["conv2_bn", "conv3", "conv3_bn"]),
    ("fc*", ["fc1", "fc1_bn", "fc2"]),
    ("conv1...conv1,fc1,fc1", ["conv1", "conv1_bn", "fc1", "fc1_bn"]),
  ])
  func `a list names nodes with the batch norm of their layers`(
    list: String, names: [String]
  ) throws {
    #expect(try network.parameterNodes(named: list) == names)
  }

  @Test(arguments: [
    ("cnv1", "no node 'cnv1'; did you mean conv1"), ("conv1,,fc1", "no node ''"),
    ("conv1...conv9", "no node 'conv9'; did you mean conv"),
    ("xyzzy", "expected some of conv1, conv1_bn"), ("pool1", "'pool1' names nothing"),
    ("dense*", "'dense*' names nothing"), ("", "no node ''"),
  ])
  func `what names nothing is refused with what may have been meant`(
    list: String, words: String
  ) throws {
    let failure = try #require(throws: NetworkFailure.self) {
      try network.parameterNodes(named: list)
    }
    #expect(failure.kind == .usage)
    #expect(failure.description.contains(words), "\(failure)")
  }

  @Test func `parameters of nodes and the logits are found by name`() {
    #expect(network.logits?.name == "fc2")
    #expect(
      network.parameterNames(of: ["fc1_bn", "pool1", "fc2"])
        == [
          "fc1_bn.weight", "fc1_bn.bias", "fc1_bn.running_mean", "fc1_bn.running_var",
          "fc2.weight", "fc2.bias",
        ])
  }
}
