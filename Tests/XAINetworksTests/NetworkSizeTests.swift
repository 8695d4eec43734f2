import Testing
import XAIKernels
import XAINetworks
import XAITensor

@Suite struct NetworkSizeTests {
  @Test(arguments: [
    (32, ["pool1", "pool2", "pool3"], [512, 4, 4]),
    (48, ["pool1", "pool2", "pool3"], [512, 6, 6]),
    (56, ["pool1", "pool2", "pool3"], [512, 7, 7]),
    (16, ["pool1", "pool2"], [512, 4, 4]), (4, [], [512, 4, 4]),
  ])
  func `smaller images leave the last pools out and keep every parameter`(
    size: Int, pools: [String], maps: [Int]
  ) throws {
    let own = Network(.vgg16Tiny)
    let small = try Network(.vgg16Tiny, imagesOf: size, by: size)
    #expect(small.parameterShapes.map(\.name) == own.parameterShapes.map(\.name))
    #expect(small.parameterShapes.map(\.shape) == own.parameterShapes.map(\.shape))
    #expect(small.nodes.filter { $0.operation == .maxPool }.map(\.name) == pools)
    let adaptive = small.nodes.first { $0.operation == .adaptiveAveragePool }
    #expect(adaptive?.inputShape == (maps == [512, 4, 4] ? nil : maps))
    #expect(small.nodes.first { $0.operation == .flatten }?.inputShape == [512, 4, 4])
    #expect(small.nodes.first?.inputShape == [3, size, size])
  }

  @Test func `images of the network's own size change nothing`() throws {
    #expect(try Network(.vgg16Tiny, imagesOf: 64, by: 64) == Network(.vgg16Tiny))
  }

  @Test func `half the size costs about a quarter`() throws {
    let (own, half) = (Network(.vgg16Tiny), try Network(.vgg16Tiny, imagesOf: 32, by: 32))
    func convolutions(_ network: Network) -> Int {
      network.nodes.filter { $0.operation == .convolution }.reduce(0) { $0 + $1.multiplyAdds }
    }
    #expect(convolutions(half) * 4 == convolutions(own))
  }

  @Test func `global average pooling takes maps of any extent`() throws {
    let architecture = Architecture(
      input: [3, 16, 24], stacks: [[8], [8]], hidden: [], classes: 3, globalAveragePooling: true)
    let small = try Network(architecture, imagesOf: 8, by: 12)
    #expect(small.nodes.first { $0.operation == .globalAveragePool }?.inputShape == [8, 2, 3])
    #expect(small.nodes.allSatisfy { $0.operation != .adaptiveAveragePool })
  }

  @Test(arguments: [
    (96, 96, "larger than the architecture's 64 x 64"), (64, 65, "larger"),
    (3, 64, "smaller than the 4 x 4 of the architecture's 64 x 64"),
    (0, 0, "take at least 4 x 4"),
  ])
  func `sizes that the parameters cannot serve are refused`(
    height: Int, width: Int, words: String
  ) {
    let failure = #expect(throws: NetworkFailure.self) {
      try Network(.vgg16Tiny, imagesOf: height, by: width)
    }
    #expect(failure?.kind == .usage)
    #expect(failure?.description.contains(words) == true, "\(failure?.description ?? "")")
  }

  @Test func `the smaller network is that without its last pool, with the same parameters`() throws
  {
    let architecture = Architecture(input: [3, 16, 16], stacks: [[8, 8]], hidden: [8], classes: 3)
    let unpooled = Architecture(
      input: [3, 8, 8], stacks: [[8, 8]], hidden: [8], classes: 3, pooling: false)
    let parameters = Parameters.initial(for: Network(architecture), seed: 1)
    let backend = try CPUBackend()
    let images = Tensor(shape: [2, 3, 8, 8], (0..<384).map { Float($0 % 7) / 7 - 0.4 })
    func logits(_ network: Network) throws -> Tensor {
      try InferencePass(network, parameters: parameters, backend: backend).logits(images)
    }
    let found = try logits(try Network(architecture, imagesOf: 8, by: 8))
    #expect(try found == logits(Network(unpooled)))
    #expect(found.row(0) != found.row(1))
  }
}
