import Testing
import XAIKernels
import XAINetworks
import XAITensor
import XAITestSupport

/// One network, batch and set of dropout masks, for our pass and for the reference.
private struct Lesson {
  let architecture: Architecture
  let network: Network
  let parameters: Parameters
  var reference: ReferenceNetwork
  let images: ReferenceArray
  let labels: [Int]
  let backend: CPUBackend

  init(_ architecture: Architecture, batch: Int = 6) throws {
    self.architecture = architecture
    network = Network(architecture)
    parameters = livelyParameters(for: network)
    reference = ReferenceNetwork(architecture, parameters)
    images = .random([batch] + architecture.input, "images")
    labels = (0..<batch).map { $0 * 5 % architecture.classes }
    backend = try CPUBackend()
  }

  /// What dropout multiplies outputs with, from the streams that are named in the documentation.
  func masks(seed: UInt64, step: Int) throws -> [String: ReferenceArray] {
    var masks: [String: ReferenceArray] = [:]
    for (index, node) in network.nodes.enumerated() {
      guard case .dropout(let share) = node.operation, share > 0 else { continue }
      let key = RandomStream(seed: seed, purpose: "dropout/\(node.name)", step).key
      let ones = ReferenceArray([images.shape[0]] + node.outputShape, repeating: 1).tensor
      let output = try backend.activate(
        try backend.uploadActivation(ones),
        Activation(relu: true, dropout: Dropout(probability: share, key: key)))
      masks[network.nodes[index - 1].name] = ReferenceArray(backend.download(output))
    }
    return masks
  }

  /// Our gradients and running statistics, with the reference's gradient by the logits.
  func train(
    like step: ReferenceNetwork.Step, dropout: TrainingPass.DropoutSource? = nil,
    algorithm: ConvolutionAlgorithm = .direct
  ) throws -> (logits: Tensor, gradients: Parameters, parameters: Parameters) {
    let pass = TrainingPass(network, backend: backend, algorithm: algorithm)
    let device = try DeviceParameters(parameters, backend: backend)
    let gradients = try DeviceParameters(zerosFor: network, backend: backend)
    let logits = try pass.forward(
      try backend.upload(images.tensor), parameters: device, dropout: dropout)
    let (_, signal) = Reference.crossEntropy(step.logits, labels: labels)
    try pass.backward(
      try backend.uploadActivation(signal.tensor), parameters: device, into: gradients)
    return (
      backend.download(logits), gradients.download(from: backend), device.download(from: backend)
    )
  }

  /// The largest relative deviation of any gradient.
  func worst(_ gradients: Parameters, _ step: ReferenceNetwork.Step) throws -> Double {
    try gradients.names.map { name in
      let expected = try #require(step.gradients[name])
      // Biases in front of a batch norm have no gradient but rounding.
      if expected.values.allSatisfy({ abs($0) < 1e-12 }) { return 0 }
      return largestDeviation(
        try #require(gradients[name]).elements.map(Double.init), expected.values
      ).relative
    }.max() ?? .infinity
  }
}

@Suite struct TrainingPassTests {
  private static let small = Architecture(
    input: [2, 6, 7], stacks: [[3], [17]], hidden: [9], classes: 4,
    dropout: .init(convolution: 0, dense: 0))

  /// The same with global average pooling of 6 x 7 positions and without hidden layers.
  private static let averaging: Architecture = {
    var architecture = small
    architecture.globalAveragePooling = true
    architecture.hidden = []
    architecture.pooling = false
    return architecture
  }()

  static let architectures: [Architecture] = {
    var variants = [small]
    var other = small
    other.pooling = false
    variants.append(other)
    other = small
    other.batchNorm = false
    variants.append(other)
    other.stacks = []
    variants.append(other)
    other = small
    other.hidden = []
    variants.append(other)
    other.stacks = []
    variants.append(other)
    other = averaging
    variants.append(other)
    other.hidden = [9]
    other.stacks = [[3, 17]]
    other.pooling = true
    variants.append(other)
    // Windows that overlap; more windows than pixels; batch norm of convolutions alone.
    other = small
    other.adaptivePooling = [1, 2]
    other.pooling = false
    variants.append(other)
    other.adaptivePooling = [4, 5]
    other.denseBatchNorm = false
    variants.append(other)
    other.stacks = []
    other.batchNorm = false
    other.denseBatchNorm = true
    variants.append(other)
    return variants
  }()

  @Test(arguments: [true, false])
  func `a step has the same bytes with 1, 2 and 3 threads`(_ batchNorm: Bool) throws {
    var architecture = Architecture(
      input: [3, 18, 21], stacks: [[8, 20], [33]], hidden: [150, 40], classes: 7,
      dropout: .init(convolution: 0.25, dense: 0.5))
    architecture.batchNorm = batchNorm
    let before = ThreadTeam.count
    defer { ThreadTeam.setCount(before) }
    let lesson = try Lesson(architecture, batch: 9)
    let step = lesson.reference.train(lesson.images, labels: lesson.labels)
    let results = try [1, 2, 3].map { threads in
      ThreadTeam.setCount(threads)
      return try lesson.train(like: step, dropout: .init(seed: 5, step: 3), algorithm: .fastest)
    }
    for other in results.dropFirst() {
      #expect(other.logits == results[0].logits)
      for name in results[0].gradients.names {
        #expect(other.gradients[name] == results[0].gradients[name], "gradient of \(name)")
      }
      for name in results[0].parameters.names {
        #expect(other.parameters[name] == results[0].parameters[name], "\(name)")
      }
    }
  }

  @Test(arguments: architectures.indices, ConvolutionAlgorithm.allCases)
  func `every variant's logits, gradients and statistics agree with the reference`(
    _ variant: Int, _ algorithm: ConvolutionAlgorithm
  ) throws {
    let lesson = try Lesson(Self.architectures[variant])
    let step = lesson.reference.train(lesson.images, labels: lesson.labels)
    let (logits, gradients, parameters) = try lesson.train(like: step, algorithm: algorithm)
    expectClose(logits, step.logits.tensor, relative: 2e-5, "logits")
    #expect(try lesson.worst(gradients, step) < 1e-4)
    for name in parameters.names {
      if let running = step.running[name] {
        expectClose(try #require(parameters[name]), running.tensor, relative: 2e-6, name)
      } else {
        #expect(parameters[name] == lesson.parameters[name], "\(name)")
      }
    }
  }

  @Test func `dropout acts forward and backward with the masks of its streams`() throws {
    var architecture = Self.small
    for batchNorm in [true, false] {
      architecture.batchNorm = batchNorm
      architecture.dropout = .init(convolution: 0.25, dense: 0.5)
      let lesson = try Lesson(architecture)
      let masks = try lesson.masks(seed: 3, step: 8)
      #expect(masks.count == 3)
      let step = lesson.reference.train(lesson.images, labels: lesson.labels, masks: masks)
      let (logits, gradients, _) = try lesson.train(like: step, dropout: .init(seed: 3, step: 8))
      expectClose(logits, step.logits.tensor, relative: 2e-5, "logits")
      #expect(try lesson.worst(gradients, step) < 1e-4)
      let other = try lesson.train(like: step, dropout: .init(seed: 3, step: 9))
      #expect(largestDeviation(other.logits, logits).relative > 0.01)
    }
  }

  @Test(arguments: ReferenceNetwork.Fault.allCases)
  func `a backward pass with a wrong rule is rejected`(_ fault: ReferenceNetwork.Fault) throws {
    let lesson = try Lesson(fault == .averageUndivided ? Self.averaging : Self.small)
    let step = lesson.reference.train(lesson.images, labels: lesson.labels, fault: fault)
    let (_, gradients, _) = try lesson.train(like: step)
    #expect(try lesson.worst(gradients, step) > 0.01)
  }

  @Test func `biases in front of a batch norm keep a gradient of zero`() throws {
    let lesson = try Lesson(Self.small)
    let step = lesson.reference.train(lesson.images, labels: lesson.labels)
    let (_, gradients, _) = try lesson.train(like: step)
    for name in ["conv1.bias", "conv2.bias", "fc1.bias"] {
      let gradient = try #require(gradients[name])
      #expect(gradient == Tensor(shape: gradient.shape))
      #expect(try #require(step.gradients[name]).values.allSatisfy { abs($0) < 1e-12 })
    }
    #expect(try #require(gradients["fc2.bias"]).elements.contains { $0 != 0 })
  }

  @Test(arguments: [true, false], [true, false])
  func `gradients agree with finite differences of the loss`(
    _ batchNorm: Bool, _ averages: Bool
  ) throws {
    var architecture = averages ? Self.averaging : Self.small
    architecture.batchNorm = batchNorm
    let lesson = try Lesson(architecture, batch: 4)
    let step = lesson.reference.train(lesson.images, labels: lesson.labels)
    let (_, gradients, _) = try lesson.train(like: step)
    let nudge = 1e-5
    for name in gradients.names {
      let gradient = try #require(gradients[name]).elements
      let largest = gradient.map(\.magnitude).max() ?? 0
      let strongest = gradient.firstIndex { $0.magnitude == largest } ?? 0
      for index in Set([0, gradient.count / 2, strongest]) {
        func loss(_ change: Double) -> Double {
          var reference = lesson.reference
          reference.parameters[name]?.values[index] += change
          return reference.train(lesson.images, labels: lesson.labels).loss
        }
        let slope = (loss(nudge) - loss(-nudge)) / (2 * nudge)
        // A nudge may carry a ReLU or a pooling over its kink, which costs its share of the slope.
        #expect(
          abs(slope - Double(gradient[index])) <= 1e-3 * Double(largest) + 1e-7,
          "\(name)[\(index)]: \(gradient[index]), by differences \(slope)")
      }
    }
  }

  @Test func `repeated steps take no more memory`() throws {
    let lesson = try Lesson(Self.small)
    let backend = lesson.backend
    let pass = TrainingPass(lesson.network, backend: backend)
    let parameters = try DeviceParameters(lesson.parameters, backend: backend)
    let gradients = try DeviceParameters(zerosFor: lesson.network, backend: backend)
    let signal = try backend.uploadActivation(Tensor(shape: [6, 4], repeating: 0.1))
    var memory: [Int] = []
    for step in 0..<6 {
      let images = try backend.upload(lesson.images.tensor)
      _ = try pass.forward(
        images, parameters: parameters, dropout: .init(seed: 1, step: step))
      try pass.backward(signal, parameters: parameters, into: gradients)
      memory.append(backend.memoryInUse)
    }
    #expect(Set(memory.dropFirst(2)).count == 1, "\(memory)")
  }

  @Test func `a backward pass without a forward pass is a programmer's error`() async {
    await #expect(processExitsWith: .failure) {
      let backend = try CPUBackend()
      let network = Network(Architecture(input: [1, 2, 2], stacks: [], hidden: [], classes: 2))
      let gradients = try DeviceParameters(zerosFor: network, backend: backend)
      try TrainingPass(network, backend: backend).backward(
        try backend.zeros([1, 2]), parameters: gradients, into: gradients)
    }
  }
}
