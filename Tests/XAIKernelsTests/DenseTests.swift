import Testing
import XAIKernels
import XAITensor
import XAITestSupport

@Suite struct DenseTests {
  let backend: CPUBackend

  init() throws { backend = try CPUBackend() }

  static let sizes = [(1, 1, 1), (5, 3, 17), (1, 17, 8), (5, 16, 16), (2, 20, 1), (7, 33, 50)]

  @Test(arguments: sizes)
  func `output and gradients agree with the definition`(
    _ batch: Int, _ inputs: Int, _ outputs: Int
  ) throws {
    let input = ReferenceArray.random([batch, inputs], "input")
    let weights = ReferenceArray.random([outputs, inputs], "weights")
    let bias = ReferenceArray.random([outputs], "bias")
    let signal = ReferenceArray.random([batch, outputs], "signal")
    let (source, matrix) = (try backend.activation(input), try backend.parameter(weights))
    let deviceSignal = try backend.activation(signal)
    for bias in [nil, bias] {
      let output = try backend.dense(
        source, weights: matrix, bias: try bias.map { try backend.parameter($0) })
      #expect(output.layout == .blocked)
      expectClose(
        backend.array(output), Reference.dense(input, weights, bias: bias), relative: 5e-6,
        bias == nil ? "without bias" : "with bias")
    }
    expectClose(
      backend.array(try backend.denseInputGradient(deviceSignal, weights: matrix)),
      Reference.denseInputGradient(signal, weights), relative: 5e-6, "by input")
    let gradient = try backend.parameter(.random([outputs, inputs], "left over"))
    try backend.denseWeightGradient(input: source, signal: deviceSignal, into: gradient)
    expectClose(
      backend.array(gradient), Reference.denseWeightGradient(input, signal), relative: 5e-6,
      "by weights")
    let biasGradient = try backend.parameter(.random([outputs], "left over"))
    try backend.biasGradient(deviceSignal, into: biasGradient)
    expectClose(
      backend.array(biasGradient), Reference.channelSums(signal), relative: 5e-6, "by bias")
  }

  @Test(
    arguments: VectorLevel.allCases.filter(\.isAvailable),
    [(1, 3, 17), (7, 33, 70), (13, 300, 41), (70, 520, 24), (200, 16, 16)])
  func `weights that are read once give the bytes of packed ones`(
    _ level: VectorLevel, _ size: (batch: Int, inputs: Int, outputs: Int)
  ) throws {
    let own = try CPUBackend(vectors: level)
    let source = try own.activation(.random([size.batch, size.inputs], "input"))
    let signal = try own.activation(.random([size.batch, size.outputs], "signal"))
    let bias = try own.parameter(.random([size.outputs], "bias"))
    let weights = ReferenceArray.random([size.outputs, size.inputs], "weights").tensor
    let (fresh, constant) = (try own.upload(weights), try own.constant { weights })
    // The first product reads the weights as they are, the second packs them; a constant is packed.
    let outputs = try [fresh, fresh, constant].map {
      own.download(try own.dense(source, weights: $0, bias: bias))
    }
    #expect(outputs[0] == outputs[1] && outputs[0] == outputs[2])
    let gradients = try [fresh, fresh, constant].map {
      own.download(try own.denseInputGradient(signal, weights: $0))
    }
    #expect(gradients[0] == gradients[1] && gradients[0] == gradients[2])
  }

  @Test(
    arguments: VectorLevel.allCases.filter(\.isAvailable),
    [(1, 1, 1), (300, 8, 16), (7, 33, 70), (150, 41, 9)])
  func `the gradient by weights has the same bytes with 1, 2, 3 and 5 threads`(
    _ level: VectorLevel, _ size: (batch: Int, inputs: Int, outputs: Int)
  ) throws {
    let input = ReferenceArray.random([size.batch, size.inputs], "input")
    let signal = ReferenceArray.random([size.batch, size.outputs], "signal")
    let before = ThreadTeam.count
    defer { ThreadTeam.setCount(before) }
    let results = try [1, 2, 3, 5].map { threads in
      ThreadTeam.setCount(threads)
      let own = try CPUBackend(vectors: level)
      let gradient = try own.parameter(.random([size.outputs, size.inputs], "left over"))
      try own.denseWeightGradient(
        input: try own.activation(input), signal: try own.activation(signal), into: gradient)
      return own.download(gradient)
    }
    #expect(results.allSatisfy { $0 == results[0] })
    expectClose(
      ReferenceArray(results[0]), Reference.denseWeightGradient(input, signal), relative: 5e-6,
      "\(level)")
  }

  @Test(arguments: activationShapes)
  func `the bias gradient sums over images and positions`(_ shape: [Int]) throws {
    let signal = ReferenceArray.random(shape, "signal")
    let gradient = try backend.parameter(.random([shape[1]], "left over"))
    try backend.biasGradient(try backend.activation(signal), into: gradient)
    expectClose(
      backend.array(gradient), Reference.channelSums(signal), relative: 5e-6, "bias gradient")
  }

  @Test func `nothing comes from filling features to the next layer`() throws {
    // The second layer would see what the first left in the filling features of its block.
    let input = ReferenceArray.random([3, 5], "input")
    let (first, second) = (
      ReferenceArray.random([9, 5], "first"), ReferenceArray.random([4, 9], "second")
    )
    let bias = ReferenceArray([9], repeating: 7)
    let hidden = try backend.dense(
      try backend.activation(input), weights: try backend.parameter(first),
      bias: try backend.parameter(bias))
    let norm = try backend.channelMoments(hidden)
    let ones = try backend.parameter(ReferenceArray([9], repeating: 1))
    let normalized = try backend.batchNorm(
      hidden, moments: norm, affine: ChannelAffine(scale: ones, shift: ones),
      activation: Activation(relu: false))
    let output = try backend.dense(
      normalized, weights: try backend.parameter(second), bias: nil)
    let linear = Reference.dense(input, first, bias: bias)
    let (mean, variance) = Reference.moments(linear)
    let one = ReferenceArray([9], repeating: 1)
    let expected = Reference.dense(
      Reference.batchNorm(linear, mean: mean, variance: variance, scale: one, shift: one), second)
    expectClose(backend.array(output), expected, relative: 2e-5, "second layer")
  }
}
