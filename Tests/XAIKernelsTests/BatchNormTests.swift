import Testing
import XAIKernels
import XAITensor
import XAITestSupport

@Suite struct BatchNormTests {
  let backend: CPUBackend

  init() throws { backend = try CPUBackend() }

  static let shapes =
    activationShapes.filter { $0 != [1, 1, 1, 1] } + [[5, 17], [64, 33], [2, 1]]

  private func affine(
    _ channels: Int
  ) throws -> (scale: ReferenceArray, shift: ReferenceArray, device: ChannelAffine) {
    let scale = ReferenceArray.random([channels], "scale", mean: 0.5)
    let shift = ReferenceArray.random([channels], "shift")
    return (
      scale, shift,
      ChannelAffine(scale: try backend.parameter(scale), shift: try backend.parameter(shift))
    )
  }

  @Test(arguments: shapes)
  func `moments agree with two passes over each channel`(_ shape: [Int]) throws {
    let input = ReferenceArray.random(shape, "input", mean: 0.3)
    let moments = try backend.channelMoments(try backend.activation(input))
    let (mean, variance) = Reference.moments(input)
    expectClose(backend.array(moments.mean), mean, relative: 1e-6, "mean")
    expectClose(backend.array(moments.variance), variance, relative: 2e-6, "variance")
  }

  @Test func `the variance survives a mean that is a million times the deviation`() throws {
    for mean in [1e3, -1e4] {
      let input = ReferenceArray.random(
        [4, 20, 9, 9], "input", mean: mean, standardDeviation: 0.01)
      let moments = try backend.channelMoments(try backend.activation(input))
      let expected = Reference.moments(input)
      expectClose(backend.array(moments.mean), expected.mean, relative: 1e-7, "mean")
      expectClose(backend.array(moments.variance), expected.variance, relative: 1e-5, "variance")
    }
  }

  @Test func `a constant channel has no variance`() throws {
    let input = ReferenceArray([3, 5, 4, 4], repeating: 0.1)
    let moments = try backend.channelMoments(try backend.activation(input))
    #expect(backend.download(moments.mean) == Tensor(shape: [5], repeating: 0.1))
    #expect(backend.download(moments.variance) == Tensor(shape: [5], repeating: 0))
  }

  @Test(arguments: shapes)
  func `output and gradients agree with the definition`(_ shape: [Int]) throws {
    let input = ReferenceArray.random(shape, "input", mean: -0.2)
    let signal = ReferenceArray.random(shape, "signal")
    let (scale, shift, affine) = try affine(shape[1])
    let (mean, variance) = Reference.moments(input)
    let normalized = Reference.batchNorm(
      input, mean: mean, variance: variance, scale: scale, shift: shift)
    let dropout = Dropout(probability: 0.25, key: 99)
    let mask = try backend.mask(shape, dropout)
    let ones = ReferenceArray(shape, repeating: 1)
    for (activation, factor, relu) in [
      (Activation(relu: false), ones, false), (Activation(relu: true), ones, true),
      (Activation(relu: true, dropout: dropout), mask, true),
    ] {
      let label = "relu \(relu), dropout \(activation.dropout != nil):"
      let source = try backend.activation(input)
      let moments = try backend.channelMoments(source)
      let output = try backend.batchNorm(
        source, moments: moments, affine: affine, activation: activation)
      let expected = (relu ? Reference.relu(normalized) : normalized).combined(with: factor, *)
      expectClose(backend.array(output), expected, relative: 1e-5, "\(label) output")

      let gradients = ChannelAffine(
        scale: try backend.parameter(.random([shape[1]], "left over")),
        shift: try backend.parameter(.random([shape[1]], "left over")))
      let byInput = try backend.batchNormGradient(
        try backend.activation(signal), input: source, output: output, moments: moments,
        affine: affine, activation: activation, into: gradients)
      let scaled = signal.combined(with: factor, *)
      let wanted = Reference.batchNormGradient(
        relu ? Reference.reluGradient(scaled, input: normalized) : scaled, input: input,
        scale: scale)
      // With two values in a channel the gradient is a difference of almost equal numbers.
      if shape[0] * shape.dropFirst(2).reduce(1, *) > 2 {
        expectClose(backend.array(byInput), wanted.input, relative: 2e-5, "\(label) by input")
      }
      expectClose(
        backend.array(gradients.scale), wanted.scale, relative: 1e-5, "\(label) by scale")
      expectClose(
        backend.array(gradients.shift), wanted.shift, relative: 1e-5, "\(label) by shift")
    }
  }

  @Test func `a gradient that treats the moments as constants is noticed`() throws {
    let input = ReferenceArray.random([4, 5, 3, 3], "input")
    let signal = ReferenceArray.random([4, 5, 3, 3], "signal")
    let scale = ReferenceArray([5], repeating: 1)
    let right = Reference.batchNormGradient(signal, input: input, scale: scale).input
    let wrong = Reference.batchNormGradient(
      signal, input: input, scale: scale, constantMoments: true
    ).input
    #expect(largestDeviation(wrong.values, right.values).relative > 0.01)
  }

  @Test func `epsilon counts where the variance is as small`() throws {
    let input = ReferenceArray.random([6, 5, 4, 4], "input", standardDeviation: 0.003)
    let signal = ReferenceArray.random([6, 5, 4, 4], "signal")
    let (scale, shift, affine) = try affine(5)
    let source = try backend.activation(input)
    let moments = try backend.channelMoments(source)
    let linear = Activation(relu: false)
    let output = try backend.batchNorm(
      source, moments: moments, affine: affine, activation: linear)
    let (mean, variance) = Reference.moments(input)
    expectClose(
      backend.array(output),
      Reference.batchNorm(input, mean: mean, variance: variance, scale: scale, shift: shift),
      relative: 1e-5, "output")
    let gradients = ChannelAffine(scale: try backend.zeros([5]), shift: try backend.zeros([5]))
    let byInput = try backend.batchNormGradient(
      try backend.activation(signal), input: source, output: output, moments: moments,
      affine: affine, activation: linear, into: gradients)
    let wanted = Reference.batchNormGradient(signal, input: input, scale: scale)
    expectClose(backend.array(byInput), wanted.input, relative: 2e-5, "by input")
    expectClose(backend.array(gradients.scale), wanted.scale, relative: 1e-5, "by scale")
  }

  @Test func `given moments are used as they are`() throws {
    let input = ReferenceArray.random([2, 17, 3, 5], "input")
    let mean = ReferenceArray.random([17], "mean")
    let variance = ReferenceArray([17], (1...17).map { Double($0) / 8 })
    let (scale, shift, affine) = try affine(17)
    let output = try backend.batchNorm(
      try backend.activation(input),
      moments: ChannelMoments(
        mean: try backend.parameter(mean), variance: try backend.parameter(variance)),
      affine: affine, activation: Activation(relu: false))
    expectClose(
      backend.array(output),
      Reference.batchNorm(input, mean: mean, variance: variance, scale: scale, shift: shift),
      relative: 5e-6, "output")
  }
}
