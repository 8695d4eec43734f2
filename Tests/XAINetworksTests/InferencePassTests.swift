import Testing
import XAIKernels
import XAINetworks
import XAITensor
import XAITestSupport

@Suite struct InferencePassTests {
  @Test(arguments: ["A", "B", "N", "F"], ConvolutionAlgorithm.allCases)
  func `logits agree with PyTorch`(_ name: String, _ algorithm: ConvolutionAlgorithm) throws {
    let fixture = try FixtureNetwork(name)
    let pass = try InferencePass(
      fixture.network, parameters: fixture.parameters, backend: CPUBackend(), algorithm: algorithm)
    let logits = try pass.logits(fixture.images)
    try ReferenceFile("network\(name)/forward").expect(logits, agreesWith: "logits")
    let reference = try #require(fixture.reference.evaluate(ReferenceArray(fixture.images)).last)
    expectClose(logits, reference.tensor, relative: 1e-4, "logits")
  }

  @Test func `global average pooling agrees with the reference, even of the image itself`() throws {
    for stacks in [[[5, 17], [3]], []] {
      let architecture = Architecture(
        input: [3, 9, 7], stacks: stacks, hidden: [4], classes: 3, globalAveragePooling: true)
      let network = Network(architecture)
      let parameters = livelyParameters(for: network)
      let images = ReferenceArray.random([5, 3, 9, 7], "images", mean: 0.2)
      let logits = try InferencePass(network, parameters: parameters, backend: CPUBackend())
        .logits(images.tensor)
      let expected = ReferenceNetwork(architecture, parameters).evaluate(images).last
      expectClose(logits, try #require(expected).tensor, relative: 1e-4, "logits of \(stacks)")
    }
  }

  @Test(arguments: [true, false], [true, false])
  func `other shapes agree with the reference`(_ batchNorm: Bool, _ pooling: Bool) throws {
    let architecture = Architecture(
      input: [1, 9, 7], stacks: [[5, 17], [3]], hidden: [], classes: 3, pooling: pooling,
      batchNorm: batchNorm)
    let network = Network(architecture)
    let parameters = livelyParameters(for: network)
    let images = ReferenceArray.random([5, 1, 9, 7], "images")
    let logits = try InferencePass(network, parameters: parameters, backend: CPUBackend())
      .logits(images.tensor)
    let expected = ReferenceNetwork(architecture, parameters).evaluate(images).last
    expectClose(logits, try #require(expected).tensor, relative: 1e-4, "logits")
  }

  @Test func `epsilon is folded in where a variance is as small`() throws {
    let fixture = try FixtureNetwork("B")
    var (parameters, reference) = (fixture.parameters, fixture.reference)
    for name in parameters.names where name.hasSuffix("running_var") {
      let shape = try #require(parameters[name]).shape
      parameters[name] = Tensor(shape: shape, repeating: 0x1p-16)
      reference.parameters[name] = ReferenceArray(shape, repeating: 0x1p-16)
    }
    let logits = try InferencePass(
      fixture.network, parameters: parameters, backend: CPUBackend(), algorithm: .direct
    ).logits(fixture.images)
    let expected = try #require(reference.evaluate(ReferenceArray(fixture.images)).last)
    expectClose(logits, expected.tensor, relative: 1e-4, "logits")
  }

  @Test func `an image's logits hardly depend on its batch`() throws {
    let fixture = try FixtureNetwork("B")
    let pass = try InferencePass(
      fixture.network, parameters: fixture.parameters, backend: CPUBackend())
    let together = try pass.logits(fixture.images).elements
    let size = fixture.images.count / 3
    for image in 0..<3 {
      let elements = fixture.images.elements[image * size..<(image + 1) * size]
      let alone = try pass.logits(Tensor(shape: [1, 3, 24, 16], elements)).elements
      expectClose(alone, Array(together[image * 5..<image * 5 + 5]), relative: 1e-5, "\(image)")
    }
  }

  @Test func `repeated passes give the same bits and take no more memory`() throws {
    let fixture = try FixtureNetwork("A")
    let backend = try CPUBackend()
    let pass = try InferencePass(
      fixture.network, parameters: fixture.parameters, backend: backend)
    let first = try pass.logits(fixture.images)
    _ = try pass.logits(fixture.images)
    let memory = backend.memoryInUse
    for _ in 0..<3 { #expect(try pass.logits(fixture.images) == first) }
    #expect(backend.memoryInUse == memory)
  }
}
