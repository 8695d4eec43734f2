import Testing
import XAIKernels
import XAITensor
import XAITestSupport

/// Input `[N, C, H, W]`, output channels, kernel.
struct ConvolutionCase: Sendable, CustomTestStringConvertible {
  var input: [Int]
  var outputs: Int
  var kernel = 3

  var testDescription: String { "\(input) to \(outputs), \(kernel) x \(kernel)" }
  var output: [Int] { [input[0], outputs] + input.dropFirst(2) }
  var weights: ReferenceArray {
    .random([outputs, input[1], kernel, kernel], "weights", standardDeviation: 0.3)
  }

  static let all = [
    ConvolutionCase(input: [1, 1, 1, 1], outputs: 1),
    ConvolutionCase(input: [5, 1, 5, 3], outputs: 8),
    ConvolutionCase(input: [1, 3, 7, 5], outputs: 16),
    ConvolutionCase(input: [5, 3, 8, 8], outputs: 17),
    ConvolutionCase(input: [1, 8, 9, 7], outputs: 20),
    ConvolutionCase(input: [2, 16, 5, 6], outputs: 3),
    ConvolutionCase(input: [5, 17, 3, 4], outputs: 1),
    ConvolutionCase(input: [1, 20, 13, 11], outputs: 17),
    ConvolutionCase(input: [2, 16, 6, 6], outputs: 16, kernel: 1),
    ConvolutionCase(input: [1, 5, 6, 7], outputs: 9, kernel: 5),
    ConvolutionCase(input: [2, 64, 13, 14], outputs: 64),
  ]
}

@Suite struct ConvolutionTests {
  let backend: CPUBackend

  init() throws { backend = try CPUBackend() }

  /// Float32 sums of at most 600 products; Winograd's transforms cost one more digit.
  private func tolerance(_ algorithm: ConvolutionAlgorithm) -> Double {
    algorithm == .direct ? 5e-6 : 5e-5
  }

  @Test(arguments: ConvolutionCase.all, ConvolutionAlgorithm.allCases)
  func `the forward pass agrees with the definition`(
    _ test: ConvolutionCase, _ algorithm: ConvolutionAlgorithm
  ) throws {
    let input = ReferenceArray.random(test.input, "input")
    let bias = ReferenceArray.random([test.outputs], "bias")
    let weights = try backend.parameter(test.weights)
    let deviceBias = try backend.parameter(bias)
    let linear = Reference.convolution(input, test.weights)
    var biased = linear
    let plane = test.input[2] * test.input[3]
    for index in biased.values.indices {
      biased.values[index] += bias.values[index / plane % test.outputs]
    }
    for plain in [false, true] {
      let source = try plain ? backend.parameter(input) : backend.activation(input)
      func run(_ bias: DeviceTensor?, _ mode: ForwardMode) throws -> ReferenceArray {
        backend.array(
          try backend.convolution(
            source, weights: weights, bias: bias, mode: mode, algorithm: algorithm))
      }
      let limit = tolerance(algorithm)
      expectClose(try run(nil, .training), linear, relative: limit, "training, no bias")
      expectClose(try run(deviceBias, .training), biased, relative: limit, "training")
      expectClose(try run(nil, .inference), linear, relative: limit, "inference, no bias")
      expectClose(try run(deviceBias, .inference), biased, relative: limit, "inference")
      let magnitude = largestDeviation(biased.values, biased.values.map { _ in 0 }).absolute
      let rectified = try run(deviceBias, .inferenceWithReLU)
      #expect(rectified.values.allSatisfy { $0 >= 0 })
      #expect(
        largestDeviation(rectified.values, Reference.relu(biased).values).absolute
          <= limit * magnitude)
    }
  }

  @Test(.enabled(if: VectorLevel.best == .avx512), arguments: [1, 5, 8, 17, 24])
  func `no number of channels falls back to the library's slow kernels`(_ channels: Int) throws {
    let own = try CPUBackend()
    let images = try own.activation(.random([2, channels, 8, 8], "input"))
    let signal = try own.activation(.random([2, 20, 8, 8], "signal"))
    let weights = try own.parameter(.random([20, channels, 3, 3], "weights"))
    _ = try own.convolution(
      images, weights: weights, bias: nil, mode: .inference, algorithm: .direct)
    _ = try own.convolutionInputGradient(signal, weights: weights, gate: nil, algorithm: .direct)
    try own.convolutionWeightGradient(
      input: images, signal: signal, into: weights, algorithm: .direct)
    #expect(own.libraryKernels.allSatisfy { $0.hasPrefix("jit:") }, "\(own.libraryKernels)")
  }

  @Test(arguments: ConvolutionCase.all, ConvolutionAlgorithm.allCases)
  func `both gradients agree with the definition`(
    _ test: ConvolutionCase, _ algorithm: ConvolutionAlgorithm
  ) throws {
    let input = ReferenceArray.random(test.input, "input")
    let signal = ReferenceArray.random(test.output, "signal")
    let deviceSignal = try backend.activation(signal)
    let byInput = try backend.convolutionInputGradient(
      deviceSignal, weights: try backend.parameter(test.weights), gate: nil,
      algorithm: algorithm)
    #expect(byInput.layout == .blocked)
    expectClose(
      backend.array(byInput), Reference.convolutionInputGradient(signal, test.weights),
      relative: tolerance(algorithm), "by input")
    for plain in [false, true] {
      let gradient = try backend.parameter(.random(test.weights.shape, "left over"))
      try backend.convolutionWeightGradient(
        input: try plain ? backend.parameter(input) : backend.activation(input),
        signal: deviceSignal, into: gradient, algorithm: algorithm)
      expectClose(
        backend.array(gradient),
        Reference.convolutionWeightGradient(input, signal, kernel: test.kernel),
        relative: tolerance(algorithm), "by weights")
    }
  }

  @Test(arguments: ConvolutionAlgorithm.allCases)
  func `packed weights follow every change of the weights`(
    _ algorithm: ConvolutionAlgorithm
  ) throws {
    let input = ReferenceArray.random([2, 16, 6, 6], "input")
    var weights = ReferenceArray.random([16, 16, 3, 3], "weights")
    let (source, tensor) = (try backend.activation(input), try backend.parameter(weights))
    func expectCurrent(_ label: String) throws {
      for mode in [ForwardMode.training, .inference] {
        let output = try backend.convolution(
          source, weights: tensor, bias: nil, mode: mode, algorithm: algorithm)
        expectClose(
          backend.array(output), Reference.convolution(input, weights),
          relative: tolerance(algorithm), label)
      }
      let gradient = try backend.convolutionInputGradient(
        source, weights: tensor, gate: nil, algorithm: algorithm)
      expectClose(
        backend.array(gradient), Reference.convolutionInputGradient(input, weights),
        relative: tolerance(algorithm), label)
    }
    try expectCurrent("at first")
    weights = .random(weights.shape, "other weights")
    backend.write(weights.tensor, into: tensor)
    try expectCurrent("after write")
    backend.accumulate(into: tensor, keeping: 0.5, adding: tensor, times: 0)
    weights.values = weights.values.map { $0 / 2 }
    try expectCurrent("after accumulate")
    backend.descend(
      tensor, velocity: try backend.zeros(weights.shape),
      gradient: try backend.upload(
        Tensor(shape: weights.shape, repeating: 1)),
      update: DescentUpdate(rate: 0.25, momentum: 0, decay: 0, nesterov: false))
    weights.values = weights.values.map { $0 - 0.25 }
    try expectCurrent("after descend")
  }

  @Test func `weights for other channels are a programmer's error`() async {
    await #expect(processExitsWith: .failure) {
      let backend = try CPUBackend()
      _ = try backend.convolution(
        try backend.zeros([1, 3, 4, 4]), weights: try backend.zeros([8, 4, 3, 3]), bias: nil,
        mode: .training, algorithm: .direct)
    }
  }
}
