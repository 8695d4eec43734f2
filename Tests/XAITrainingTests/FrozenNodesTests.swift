import Testing
import XAIFiles
import XAIKernels
import XAINetworks
import XAITensor
import XAITestSupport
import XAITraining

/// Steps with frozen nodes against PyTorch: no gradient for their parameters, batch norm in evaluation.
@Suite struct FrozenNodesTests {
  static let choices: [(name: String, frozen: Set<String>)] = [
    ("prefix", ["conv1", "conv1_bn", "conv2", "conv2_bn", "conv3", "conv3_bn"]),
    // Below and above something is trained, and a batch norm is frozen behind a layer that is trained.
    ("middle", ["conv2", "conv2_bn", "fc1_bn"]),
  ]

  /// The parameters after three steps, and the losses before each.
  private func steps(
    _ fixture: TrainingFixture, _ frozen: Set<String>, _ algorithm: ConvolutionAlgorithm = .fastest
  ) throws -> (parameters: Parameters, losses: [Double]) {
    let backend = try CPUBackend()
    let pass = TrainingPass(
      fixture.network, backend: backend, algorithm: algorithm, frozen: frozen)
    let parameters = try DeviceParameters(fixture.parameters, backend: backend)
    let gradients = try DeviceParameters(zerosFor: fixture.network, backend: backend)
    let descent = try GradientDescent(
      fixture.network, settings: TrainingFixture.settings(nesterov: false),
      frozen: fixture.network.parameterNames(of: frozen), backend: backend)
    let images = try backend.upload(fixture.images)
    var losses: [Double] = []
    for _ in 1...3 {
      let logits = try pass.forward(images, parameters: parameters, dropout: nil)
      let result = CrossEntropy()(backend.download(logits), labels: fixture.labels)
      losses.append(result.loss)
      try pass.backward(
        try backend.uploadActivation(result.gradient), parameters: parameters, into: gradients)
      descent.step(parameters, gradients: gradients, rate: 0.01)
    }
    return (parameters.download(from: backend), losses)
  }

  @Test(arguments: choices, ConvolutionAlgorithm.allCases)
  func `parameters after three steps agree with PyTorch, and frozen ones stay`(
    _ choice: (name: String, frozen: Set<String>), _ algorithm: ConvolutionAlgorithm
  ) throws {
    let fixture = try TrainingFixture("B")
    let expected = try SafetensorsFile(path: Fixture.path("networkB/frozen.safetensors"))
    let (parameters, losses) = try steps(fixture, choice.frozen, algorithm)
    expectClose(
      losses, try expected.doubles("\(choice.name).losses"), relative: 1e-5, "losses")
    let names = fixture.network.parameterNames(of: choice.frozen)
    for name in parameters.names {
      let tensor = try #require(parameters[name])
      if names.contains(name) {
        #expect(tensor == fixture.parameters[name], "\(name)")
      } else {
        expectClose(
          tensor.elements.map(Double.init), try expected.doubles("\(choice.name).\(name)"),
          relative: 5e-5, absolute: 1e-6, name)
      }
    }
    #expect(
      expected.entries.count { $0.name.hasPrefix("\(choice.name).") }
        == parameters.names.count - names.count + 1)
  }

  @Test func `the comparison notices a batch norm that is not frozen`() throws {
    let fixture = try TrainingFixture("B")
    let expected = try SafetensorsFile(path: Fixture.path("networkB/frozen.safetensors"))
    let (parameters, losses) = try steps(fixture, ["conv2", "fc1_bn"])
    #expect(abs(losses[0] - (try expected.doubles("middle.losses")[0])) > 1e-3)
    let found = try #require(parameters["conv1.weight"]).elements.map(Double.init)
    let right = try expected.doubles("middle.conv1.weight")
    #expect(largestDeviation(found, right).relative > 1e-3)
  }

  @Test func `what is frozen in front gets the gradients of a whole backward pass cut off`() throws
  {
    let fixture = try TrainingFixture("A")
    let backend = try CPUBackend()
    let parameters = try DeviceParameters(fixture.parameters, backend: backend)
    // Alike in the dense layers, whether the convolutions in front are gone through or not.
    func gradients(_ frozen: Set<String>) throws -> Parameters {
      let pass = TrainingPass(fixture.network, backend: backend, frozen: frozen)
      let gradients = try DeviceParameters(zerosFor: fixture.network, backend: backend)
      let logits = try pass.forward(
        try backend.upload(fixture.images), parameters: parameters, dropout: nil)
      let result = CrossEntropy()(backend.download(logits), labels: fixture.labels)
      try pass.backward(
        try backend.uploadActivation(result.gradient), parameters: parameters, into: gradients)
      return gradients.download(from: backend)
    }
    let norms = Set(fixture.network.nodes.map(\.name).filter { $0.hasSuffix("_bn") })
    let convolutions = Set(fixture.network.nodes.map(\.name).filter { $0.hasPrefix("conv") })
    let whole = try gradients(norms)
    let cut = try gradients(norms.union(convolutions))
    for name in cut.names {
      let tensor = try #require(cut[name])
      if name.hasPrefix("fc") { #expect(tensor == whole[name], "\(name)") }
      if name.hasPrefix("conv") { #expect(tensor.elements.allSatisfy { $0 == 0 }, "\(name)") }
    }
  }
}
