import Testing
import XAIKernels
import XAITensor
import XAITestSupport

/// A convolution, rectifier and pooling in one against the same one after the other.
@Suite struct PooledConvolutionTests {
  static let levels = VectorLevel.allCases.filter(\.isAvailable)

  /// Odd extents, extents that no tile divides, one row, channels off the block, few and many tiles.
  static let cases = [
    ConvolutionCase(input: [1, 5, 2, 2], outputs: 1),
    ConvolutionCase(input: [2, 7, 3, 5], outputs: 9),
    ConvolutionCase(input: [1, 33, 13, 14], outputs: 40),
    ConvolutionCase(input: [5, 17, 4, 9], outputs: 25),
    ConvolutionCase(input: [3, 20, 16, 18], outputs: 70),
    ConvolutionCase(input: [7, 16, 7, 6], outputs: 16),
  ]

  private func pooled(
    _ backend: CPUBackend, _ input: DeviceTensor, _ weights: DeviceTensor, _ bias: DeviceTensor,
    remembersWinners: Bool = true
  ) throws -> DeviceTensor {
    try #require(
      try backend.pooledConvolution(
        input, weights: weights, bias: bias, remembersWinners: remembersWinners,
        algorithm: .fastest))
  }

  private func convolved(
    _ backend: CPUBackend, _ input: DeviceTensor, _ weights: DeviceTensor, _ bias: DeviceTensor
  ) throws -> DeviceTensor {
    try backend.convolution(
      input, weights: weights, bias: bias, mode: .inferenceWithReLU, algorithm: .fastest)
  }

  @Test(arguments: cases, levels)
  func `both ways give the same bytes as one after the other`(
    _ test: ConvolutionCase, _ level: VectorLevel
  ) throws {
    let backend = try CPUBackend(vectors: level)
    let (weights, bias) = (
      try backend.parameter(test.weights),
      try backend.parameter(.random([test.outputs], "bias"))
    )
    var images = [ReferenceArray.random(test.input, "input")]
    images.append(ReferenceArray(test.input, images[0].values.map { $0.rounded() }))
    images.append(images[0])
    images[2].values[images[2].values.count / 2] = .nan
    for image in images {
      let input = try backend.activation(image)
      let unpooled = try convolved(backend, input, weights, bias)
      let output = try pooled(backend, input, weights, bias)
      let expected = backend.download(try backend.maxPool(unpooled))
      #expect(backend.download(output) == expected)
      let forward = try pooled(backend, input, weights, bias, remembersWinners: false)
      #expect(backend.download(forward) == expected && !forward.hasWinners && output.hasWinners)

      let signal = try backend.activation(.random(output.shape, "signal"))
      let gate = try backend.activation(Reference.relu(.random(test.input, "gate")))
      let gradient = try backend.pooledConvolutionInputGradient(
        signal, output: output, weights: weights, gate: gate)
      let spread = try backend.maxPoolGradient(signal, input: unpooled)
      let apart = try backend.convolutionInputGradient(
        spread, weights: weights, gate: gate, algorithm: .fastest)
      #expect(backend.download(gradient) == backend.download(apart))
      let open = try backend.pooledConvolutionInputGradient(
        signal, output: output, weights: weights, gate: nil)
      let definition = Reference.convolutionInputGradient(backend.array(spread), test.weights)
      expectClose(backend.array(open), definition, relative: 2e-5, "without a gate")
    }
  }

  @Test(arguments: levels)
  func `the first of equal values gets the signal, and of windows of zeros`(
    _ level: VectorLevel
  ) throws {
    let backend = try CPUBackend(vectors: level)
    let test = ConvolutionCase(input: [2, 9, 6, 8], outputs: 18)
    let input = try backend.activation(.random(test.input, "input"))
    let flat = try backend.parameter(ReferenceArray(test.weights.shape))
    let weights = try backend.parameter(test.weights)
    let signal = ReferenceArray.random([2, 18, 3, 4], "signal")
    var first = ReferenceArray(test.output)
    for image in 0..<2 {
      for channel in 0..<18 {
        for row in 0..<3 {
          for column in 0..<4 {
            first[image, channel, 2 * row, 2 * column] = signal[image, channel, row, column]
          }
        }
      }
    }
    let expected = Reference.convolutionInputGradient(first, test.weights)
    for bias in [Double(2), -2] {
      let output = try pooled(
        backend, input, flat, try backend.parameter(ReferenceArray([18], repeating: bias)))
      #expect(backend.array(output).values.allSatisfy { $0 == max(bias, 0) })
      let gradient = try backend.pooledConvolutionInputGradient(
        try backend.activation(signal), output: output, weights: weights, gate: nil)
      expectClose(backend.array(gradient), expected, relative: 2e-5, "bias \(bias)")
    }
  }

  /// Both ways, and the gradient by few channels.
  private func results(
    _ backend: CPUBackend, _ images: Tensor, _ signals: Tensor, _ deep: Tensor
  ) throws -> [Tensor] {
    let weights = try backend.parameter(.random([33, 20, 3, 3], "weights"))
    let input = try backend.uploadActivation(images)
    let output = try pooled(
      backend, input, weights, try backend.parameter(.random([33], "bias")))
    let gradient = try backend.pooledConvolutionInputGradient(
      try backend.uploadActivation(signals), output: output, weights: weights, gate: input)
    let narrow = try backend.convolutionInputGradient(
      try backend.uploadActivation(deep),
      weights: try backend.parameter(.random([33, 3, 3, 3], "narrow")), gate: nil,
      algorithm: .fastest)
    return [output, gradient, narrow].map(backend.download)
  }

  @Test(arguments: levels)
  func `an image has the same bytes alone and in a batch, with 1, 2 and 3 threads`(
    _ level: VectorLevel
  ) throws {
    let images = ReferenceArray.random([7, 20, 9, 10], "input").tensor
    let signals = ReferenceArray.random([7, 33, 4, 5], "signal").tensor
    let deep = ReferenceArray.random([7, 33, 9, 10], "deep").tensor
    let before = ThreadTeam.count
    defer { ThreadTeam.setCount(before) }
    ThreadTeam.setCount(1)
    let backend = try CPUBackend(vectors: level)
    let together = try results(backend, images, signals, deep)
    for threads in 1...3 {
      ThreadTeam.setCount(threads)
      #expect(try results(backend, images, signals, deep) == together, "\(threads) threads")
      for image in 0..<7 {
        let range = image..<image + 1
        let alone = try results(
          backend, images.rows(range), signals.rows(range), deep.rows(range))
        #expect(alone == together.map { $0.rows(range) }, "image \(image), \(threads) threads")
      }
    }
  }

  /// Channels that have a kernel of their own, and the first that has none; rows narrower and wider
  /// than what it takes at a time, and no multiple of that.
  @Test(arguments: 1...5, levels)
  func `the gradient by few channels agrees with the definition`(
    _ channels: Int, _ level: VectorLevel
  ) throws {
    let backend = try CPUBackend(vectors: level)
    for (batch, height, width, outputs) in [(2, 1, 1, 1), (1, 5, 3, 9), (3, 4, 13, 40)] {
      let test = ConvolutionCase(input: [batch, channels, height, width], outputs: outputs)
      let signal = ReferenceArray.random(test.output, "signal")
      let gradient = try backend.convolutionInputGradient(
        try backend.activation(signal), weights: try backend.parameter(test.weights), gate: nil,
        algorithm: .fastest)
      expectClose(
        backend.array(gradient), Reference.convolutionInputGradient(signal, test.weights),
        relative: channels <= 4 ? 2e-6 : 2e-5, "\(test)")
    }
  }

  @Test func `there is no such kernel for images, direct sums and other extents`() throws {
    let backend = try CPUBackend()
    let bias = try backend.parameter(ReferenceArray([4]))
    let small = try backend.parameter(.random([4, 5, 3, 3], "weights"))
    let large = try backend.parameter(.random([4, 5, 5, 5], "weights"))
    let array = ReferenceArray.random([2, 5, 6, 6], "input")
    func pooled(
      _ input: DeviceTensor, _ weights: DeviceTensor, _ algorithm: ConvolutionAlgorithm
    ) throws -> DeviceTensor? {
      try backend.pooledConvolution(
        input, weights: weights, bias: bias, remembersWinners: true, algorithm: algorithm)
    }
    let (plain, blocked) = (try backend.parameter(array), try backend.activation(array))
    #expect(try pooled(plain, small, .fastest) == nil)
    #expect(try pooled(blocked, small, .direct) == nil)
    #expect(try pooled(blocked, large, .fastest) == nil)
    #expect(try pooled(blocked, small, .fastest)?.shape == [2, 4, 3, 3])
  }
}
