import Testing
import XAIFiles
import XAINetworks
import XAITensor
import XAITestSupport

@Suite struct HalvedCheckpointTests {
  private let network = Network(
    Architecture(input: [3, 8, 8], stacks: [[8]], hidden: [16], classes: 3))

  private func checkpoint(_ parameters: Parameters) -> Checkpoint {
    Checkpoint(
      network: network, parameters: parameters, mean: Tensor(shape: [3], [0.1, 0.2, 0.3]),
      standardDeviation: Tensor(shape: [3], [0.2, 0.25, 0.3]),
      classes: ["a", "b", "c"].map { .init(id: $0, name: $0) }, metadata: [:])
  }

  @Test func `weights have 16 bits, all the rest keeps its own`() throws {
    let folder = try TemporaryFolder()
    let whole = checkpoint(Parameters.initial(for: network, seed: 3))
    try whole.write(to: folder.file("half.safetensors"), halvesWeights: true)
    let half = try Checkpoint(path: folder.file("half.safetensors"))
    #expect(half.parameters.names == whole.parameters.names)
    for name in whole.parameters.names {
      let (own, read) = (try #require(whole.parameters[name]), try #require(half.parameters[name]))
      guard own.shape.count > 1 else {
        #expect(own == read, "\(name)")
        continue
      }
      for (own, read) in zip(own.elements, read.elements) {
        #expect(abs(own - read) <= abs(own) * 0x1p-11 + 0x1p-25, "\(name)")
      }
      #expect(own != read, "\(name)")
    }
    #expect(half.mean == whole.mean && half.classes == whole.classes)
  }

  @Test func `a weight that has no half is refused by its name`() throws {
    let folder = try TemporaryFolder()
    var parameters = Parameters.initial(for: network, seed: 3)
    var elements = try #require(parameters["fc1.weight"]).elements
    elements[5] = 70_000
    parameters["fc1.weight"] = Tensor(shape: [16, 128], elements)
    let failure = #expect(throws: FileFailure.self) {
      try checkpoint(parameters).write(to: folder.file("half.safetensors"), halvesWeights: true)
    }
    #expect(failure?.description.contains("70000.0 of fc1.weight") == true)
  }
}
