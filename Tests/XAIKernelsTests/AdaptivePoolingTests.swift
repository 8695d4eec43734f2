import Testing
import XAIKernels
import XAITensor
import XAITestSupport

@Suite struct AdaptivePoolingTests {
  let backend: CPUBackend

  init() throws { backend = try CPUBackend() }

  @Test(arguments: activationShapes, [[1, 1], [2, 2], [7, 7], [3, 5]])
  func `output, gradient and variances equal the definition`(
    _ shape: [Int], _ extent: [Int]
  ) throws {
    for _ in 0..<2 {
      // Leaves garbage in the memory that the results take next.
      _ = try backend.activation(ReferenceArray(shape, repeating: .nan))
      let input = ReferenceArray.random(shape, "input", mean: 1)
      let expected = Reference.adaptivePool(input, to: extent)
      let output = try backend.adaptiveAveragePool(
        try backend.activation(input), to: extent, of: .values)
      #expect(output.shape == expected.shape)
      expectClose(backend.array(output), expected, relative: 1e-6, "of an activation")
      let image = try backend.adaptiveAveragePool(
        try backend.upload(input.tensor), to: extent, of: .values)
      expectClose(backend.array(image), expected, relative: 1e-6, "of an image")
      let variances = try backend.adaptiveAveragePool(
        try backend.activation(input), to: extent, of: .variances)
      expectClose(
        backend.array(variances), Reference.adaptivePool(input, to: extent, power: 2),
        relative: 1e-6, "variances")
      let signal = ReferenceArray.random(expected.shape, "signal")
      let gradient = try backend.adaptiveAveragePoolGradient(
        try backend.activation(signal), to: shape)
      expectClose(
        backend.array(gradient), Reference.adaptivePoolGradient(signal, input: input),
        relative: 1e-6, "gradient")
    }
  }

  @Test func `windows are those of PyTorch`() throws {
    // torch.nn.AdaptiveAvgPool2d((2, 2)) of 3 x 3: windows of two rows and columns that overlap.
    let input = Tensor(shape: [1, 1, 3, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9])
    let output = try backend.adaptiveAveragePool(
      try backend.upload(input), to: [2, 2], of: .values)
    #expect(backend.download(output).elements == [3, 4, 6, 7])
    // Four windows of two pixels: each pixel twice.
    let larger = try backend.adaptiveAveragePool(
      try backend.upload(Tensor(shape: [1, 1, 1, 2], [1, 2])), to: [1, 4], of: .values)
    #expect(backend.download(larger).elements == [1, 1, 2, 2])
  }

  @Test func `what fills up the last block stays out of later sums`() throws {
    let pooled = try backend.adaptiveAveragePool(
      try backend.upload(Tensor(shape: [1, 3, 1, 2], [1, 2, 3, 4, 5, 6])), to: [1, 1], of: .values)
    let weights = try backend.upload(Tensor(shape: [1, 3], repeating: 1))
    let sum = try backend.dense(try backend.flatten(pooled), weights: weights, bias: nil)
    #expect(backend.download(sum).elements == [10.5])
  }
}
