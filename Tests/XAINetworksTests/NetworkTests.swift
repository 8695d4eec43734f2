import Testing
import XAIFiles
import XAINetworks
import XAITensor
import XAITestSupport

/// The package's folder.
private let package = #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }

@Suite struct NetworkTests {
  @Test func `a network has one node for each operation, in order`() throws {
    let network = try FixtureNetwork("A").network
    #expect(
      network.nodes.map(\.name) == [
        "conv1", "conv1_bn", "conv1_relu", "conv1_dropout", "conv2", "conv2_bn", "conv2_relu",
        "conv2_dropout", "pool1", "conv3", "conv3_bn", "conv3_relu", "conv3_dropout", "conv4",
        "conv4_bn", "conv4_relu", "conv4_dropout", "pool2", "flatten", "fc1", "fc1_bn",
        "fc1_relu", "fc1_dropout", "fc2", "fc2_bn", "fc2_relu", "fc2_dropout", "fc3",
      ])
    #expect(Set(network.nodes.map(\.name)).count == network.nodes.count)
    for (node, next) in zip(network.nodes, network.nodes.dropFirst()) {
      #expect(node.outputShape == next.inputShape)
    }
    #expect(network.nodes.first?.inputShape == [3, 16, 16])
    #expect(network.nodes.last?.outputShape == [10])
    let shares = network.nodes.compactMap { node in
      if case .dropout(let share) = node.operation { share } else { nil }
    }
    #expect(shares == [0.25, 0.25, 0.25, 0.25, 0.5, 0.5])
  }

  @Test func `the parameters are named and shaped as in the fixtures`() throws {
    for name in ["A", "B", "N", "F"] {
      let fixture = try FixtureNetwork(name)
      let expected = try ReferenceFile("network\(name)/parameters")
      #expect(fixture.network.parameterShapes.map(\.name).sorted() == expected.names.sorted())
      for (name, shape) in fixture.network.parameterShapes {
        #expect(expected.file.entry(name)?.shape == shape)
      }
    }
  }

  @Test func `without batch norm and pooling their nodes are left out`() {
    let network = Network(
      Architecture(
        input: [3, 8, 8], stacks: [[4]], hidden: [], classes: 2, pooling: false, batchNorm: false))
    #expect(
      network.nodes.map(\.name) == ["conv1", "conv1_relu", "conv1_dropout", "flatten", "fc1"])
    #expect(
      network.parameterShapes.map(\.name) == [
        "conv1.weight", "conv1.bias", "fc1.weight", "fc1.bias",
      ])
  }

  @Test func `the thesis's network has 29,034,248 parameters`() throws {
    let architecture = try Architecture.read(from: "\(package)/Models/vgg16-tiny.json")
    #expect(architecture == .vgg16Tiny)
    let network = Network(architecture)
    #expect(network.parameterCount == 29_034_248)
    #expect(network.nodes.count == 10 * 4 + 4 + 1 + 2 * 4 + 1)
    #expect(network.nodes.last { $0.operation == .maxPool }?.outputShape == [512, 4, 4])
    #expect(network.nodes.last?.name == "fc3")
    // Counted by hand: 64 x 64 positions of the first two convolutions, and so on.
    let convolutions =
      4096 * 9 * (3 * 64 + 64 * 64) + 1024 * 9 * (64 * 128 + 128 * 128)
      + 256 * 9 * (128 * 256 + 2 * 256 * 256) + 64 * 9 * (256 * 512 + 2 * 512 * 512)
    #expect(network.multiplyAdds == convolutions + 8192 * 2048 + 2048 * 2048 + 2048 * 200)
  }

  @Test func `global average pooling takes the place of flatten`() throws {
    let architecture = try Architecture.read(from: "\(package)/Models/vgg16-tiny-gap.json")
    #expect(architecture.globalAveragePooling && architecture.hidden.isEmpty)
    #expect(architecture.stacks == Architecture.vgg16Tiny.stacks)
    let network = Network(architecture)
    #expect(network.nodes.suffix(3).map(\.name) == ["pool4", "gap", "fc1"])
    let pool = try #require(network.nodes.first { $0.name == "gap" })
    #expect(pool.operation == .globalAveragePool)
    #expect(pool.inputShape == [512, 4, 4] && pool.outputShape == [512])
    #expect(pool.parameterShapes.isEmpty && pool.multiplyAdds == 0)
    // The thesis's network without its dense layers, and 512 x 200 weights with 200 biases.
    let dense = (8192 + 1) * 2048 + (2048 + 1) * 2048 + (2048 + 1) * 200 + 4 * 2048
    #expect(network.parameterCount == 29_034_248 - dense + 513 * 200)
  }

  /// The numbers of parameters as torchvision documents them.
  @Test(arguments: [
    ("vgg11", 132_863_336), ("vgg13", 133_047_848), ("vgg16", 138_357_544), ("vgg19", 143_667_240),
    ("vgg11-bn", 132_868_840), ("vgg13-bn", 133_053_736), ("vgg16-bn", 138_365_992),
    ("vgg19-bn", 143_678_248),
  ])
  func `the files of the VGG family are the networks of torchvision`(
    _ name: String, _ parameters: Int
  ) throws {
    let architecture = try Architecture.read(from: "\(package)/Models/\(name).json")
    #expect(architecture == Architecture.family(name))
    #expect(architecture == Architecture.family(name.replacing("-", with: "_")))
    #expect(Network(architecture).parameterCount == parameters)
    // At 224 x 224 the maps have 7 x 7 positions already.
    #expect(!Network(architecture).nodes.contains { $0.name == "avgpool" })
    var small = architecture
    small.input = [3, 64, 96]
    let pool = try #require(Network(small).nodes.first { $0.name == "avgpool" })
    #expect(pool.inputShape == [512, 2, 3] && pool.outputShape == [512, 7, 7])
    #expect(Network(small).parameterCount == parameters)
  }

  @Test func `the original VGG-16 has 138,357,544 parameters`() throws {
    let network = Network(try Architecture.read(from: "\(package)/Models/vgg16.json"))
    #expect(network.parameterCount == 138_357_544)
    #expect(network.architecture.classes == 1000 && !network.architecture.batchNorm)
    #expect(network.nodes.last { $0.operation == .maxPool }?.outputShape == [512, 7, 7])
  }
}
