import Testing
import XAIKernels
import XAITensor
import XAITestSupport

@Suite struct AveragePoolingTests {
  let backend: CPUBackend

  init() throws { backend = try CPUBackend() }

  @Test(arguments: activationShapes + [[2, 5, 64, 64]])
  func `output and gradient equal the definition`(_ shape: [Int]) throws {
    for _ in 0..<2 {
      // Leaves garbage in the memory that the results take next.
      _ = try backend.activation(ReferenceArray(shape, repeating: .nan))
      let input = ReferenceArray.random(shape, "input", mean: 1)
      let expected = Reference.averagePool(input)
      let output = try backend.averagePool(try backend.activation(input))
      expectClose(backend.array(output), expected, relative: 1e-6, "of an activation")
      let image = try backend.averagePool(try backend.upload(input.tensor))
      expectClose(backend.array(image), expected, relative: 1e-6, "of an image")
      let signal = ReferenceArray.random(expected.shape, "signal")
      let gradient = try backend.averagePoolGradient(try backend.activation(signal), to: shape)
      expectClose(
        backend.array(gradient), Reference.averagePoolGradient(signal, input: input),
        relative: 1e-6, "gradient")
    }
  }

  @Test func `what fills up the last block stays out of later sums`() throws {
    let signal = try backend.averagePool(
      try backend.upload(Tensor(shape: [1, 3, 2, 2], [1, 2, 3, 4, 5, 5, 5, 5, -4, 0, 0, 0])))
    #expect(backend.download(signal).elements == [2.5, 5, -1])
    let weights = try backend.upload(Tensor(shape: [1, 3], repeating: 1))
    let sum = try backend.dense(signal, weights: weights, bias: nil)
    #expect(backend.download(sum).elements == [6.5])
    let spread = try backend.averagePoolGradient(signal, to: [1, 3, 1, 2])
    #expect(backend.download(spread).elements == [1.25, 1.25, 2.5, 2.5, -0.5, -0.5])
  }
}
