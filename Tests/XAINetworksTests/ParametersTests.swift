import Testing
import XAIKernels
import XAINetworks
import XAITensor
import XAITestSupport

@Suite struct ParametersTests {
  private let network = Network(
    Architecture(input: [3, 16, 16], stacks: [[32, 48]], hidden: [64], classes: 10))

  @Test func `weights are drawn with He's deviation, the rest is neutral`() throws {
    let parameters = Parameters.initial(for: network, seed: 1)
    #expect(parameters.names == network.parameterShapes.map(\.name))
    for (name, shape) in network.parameterShapes {
      let tensor = try #require(parameters[name])
      #expect(tensor.shape == shape)
      if shape.count > 1, tensor.count > 10_000 {
        let fanIn = Double(shape.dropFirst().reduce(1, *))
        let squares = tensor.elements.reduce(0) { $0 + Double($1) * Double($1) }
        let deviation = (squares / Double(tensor.count)).squareRoot()
        let ratio = deviation / (2 / fanIn).squareRoot()
        #expect(abs(ratio - 1) < 0.02, "\(name): \(ratio)")
      } else if shape.count == 1 {
        let one = name.hasSuffix("_bn.weight") || name.hasSuffix("running_var")
        #expect(tensor == Tensor(shape: shape, repeating: one ? 1 : 0), "\(name)")
      }
    }
  }

  @Test func `seeds decide, and layers do not depend on each other`() {
    let parameters = Parameters.initial(for: network, seed: 1)
    #expect(Parameters.initial(for: network, seed: 1) == parameters)
    let other = Parameters.initial(for: network, seed: 2)
    #expect(other["conv1.weight"] != parameters["conv1.weight"])
    var changed = network.architecture
    changed.classes = 7
    changed.stacks.append([8])
    let wider = Parameters.initial(for: Network(changed), seed: 1)
    #expect(wider["conv1.weight"] == parameters["conv1.weight"])
    #expect(wider["conv2.weight"] == parameters["conv2.weight"])
    let twins = Network(Architecture(input: [8, 4, 4], stacks: [[8, 8]], hidden: [], classes: 2))
    let equal = Parameters.initial(for: twins, seed: 1)
    #expect(equal["conv1.weight"]?.shape == equal["conv2.weight"]?.shape)
    #expect(equal["conv1.weight"] != equal["conv2.weight"])
  }

  @Test func `copies are independent`() {
    let original = Parameters.initial(for: network, seed: 1)
    var copy = original
    copy["fc1.bias"]?[3] = 5
    #expect(original["fc1.bias"]?[3] == 0 && copy["fc1.bias"]?[3] == 5)
    copy["fc1.bias"] = nil
    #expect(!copy.names.contains("fc1.bias") && original.names.contains("fc1.bias"))
    #expect(copy != original)
    copy["extra"] = Tensor(shape: [1])
    #expect(copy.names.last == "extra")
  }

  @Test func `running statistics are not trained`() {
    #expect(Parameters.isRunningStatistic("conv1_bn.running_mean"))
    #expect(Parameters.isRunningStatistic("fc1_bn.running_var"))
    #expect(!Parameters.isRunningStatistic("conv1_bn.weight"))
  }

  @Test func `parameters that do not fit are named`() throws {
    func expectFailure(_ sentence: String, _ change: (inout Parameters) -> Void) throws {
      var parameters = Parameters.initial(for: network, seed: 1)
      try parameters.validate(for: network, source: "file")
      change(&parameters)
      let failure = try #require(throws: NetworkFailure.self) {
        try parameters.validate(for: network, source: "file")
      }
      #expect(failure.description == sentence && failure.kind == .badData)
    }
    try expectFailure(
      "file: tensor conv2.weight is missing; the checkpoint is of another architecture"
    ) { $0["conv2.weight"] = nil }
    try expectFailure(
      "file: tensor fc2.bias has shape [11], the architecture needs [10]"
    ) { $0["fc2.bias"] = Tensor(shape: [11]) }
    for bad in [Float.nan, .infinity] {
      try expectFailure(
        "file: tensor fc1_bn.running_var holds NaN or infinity; the training that wrote it "
          + "diverged or the file was damaged"
      ) { $0["fc1_bn.running_var"]?[63] = bad }
    }
  }

  @Test func `device parameters go to the device and back bit for bit`() throws {
    let backend = try CPUBackend()
    let parameters = livelyParameters(for: network)
    let device = try DeviceParameters(parameters, backend: backend)
    #expect(device.names == parameters.names && device.download(from: backend) == parameters)
    let other = livelyParameters(for: network, seed: 6)
    device.write(other, backend: backend)
    #expect(device.download(from: backend) == other)
    let zeros = try DeviceParameters(zerosFor: network, backend: backend)
    #expect(zeros.names == parameters.names.filter { !Parameters.isRunningStatistic($0) })
    for name in zeros.names {
      let zero = Tensor(shape: try #require(parameters[name]).shape)
      #expect(backend.download(zeros[name]) == zero)
    }
  }
}
