import Testing
import XAIKernels
import XAITensor
import XAITestSupport

@Suite struct LayoutTests {
  let backend: CPUBackend

  init() throws { backend = try CPUBackend() }

  @Test(arguments: activationShapes + [[5, 17], [1, 1], [3, 40]])
  func `uploads come back bit for bit in both layouts`(_ shape: [Int]) throws {
    let tensor = ReferenceArray.random(shape, "values").tensor
    let (plain, blocked) = (try backend.upload(tensor), try backend.uploadActivation(tensor))
    #expect(plain.layout == .plain && blocked.layout == .blocked)
    #expect(plain.shape == shape && blocked.shape == shape)
    #expect(backend.download(plain) == tensor && backend.download(blocked) == tensor)
  }

  @Test(arguments: activationShapes)
  func `flatten is row-major in C, H, W, and unflatten its way back`(_ shape: [Int]) throws {
    let tensor = ReferenceArray.random(shape, "values").tensor
    let flatShape = [shape[0], shape.dropFirst().reduce(1, *)]
    for source in [try backend.uploadActivation(tensor), try backend.upload(tensor)] {
      let flat = try backend.flatten(source)
      #expect(flat.shape == flatShape && flat.layout == .blocked)
      #expect(backend.download(flat) == tensor.reshaped(to: flatShape))
      let back = try backend.unflatten(flat, to: shape)
      #expect(back.layout == .blocked && backend.download(back) == tensor)
    }
  }

  @Test func `what recycled memory held does not reach convolutions after unflatten`() throws {
    let values = ReferenceArray.random([2, 5, 4, 4], "values")
    let weights = ReferenceArray.random([5, 5, 3, 3], "weights")
    let matrix = try backend.parameter(weights)
    let flat = try backend.flatten(try backend.activation(values))
    _ = try backend.activation(ReferenceArray([2, 16, 4, 4], repeating: .nan))
    let back = try backend.unflatten(flat, to: values.shape)
    let output = try backend.convolution(
      back, weights: matrix, bias: nil, mode: .training, algorithm: .direct)
    expectClose(
      backend.array(output), Reference.convolution(values, weights), relative: 5e-6, "output")
    let byInput = try backend.convolutionInputGradient(
      back, weights: matrix, gate: nil, algorithm: .direct)
    expectClose(
      backend.array(byInput), Reference.convolutionInputGradient(values, weights),
      relative: 5e-6, "by input")
    try backend.convolutionWeightGradient(
      input: back, signal: back, into: matrix, algorithm: .direct)
    expectClose(
      backend.array(matrix), Reference.convolutionWeightGradient(values, values),
      relative: 5e-6, "by weights")
  }

  @Test func `write replaces the content, zeros are zeros`() throws {
    let tensor = ReferenceArray.random([3, 7], "values").tensor
    let target = try backend.zeros([3, 7])
    #expect(backend.download(target) == Tensor(shape: [3, 7]))
    backend.write(tensor, into: target)
    #expect(backend.download(target) == tensor)
    _ = try backend.upload(Tensor(shape: [3, 7], repeating: .nan))
    #expect(backend.download(try backend.zeros([3, 7])) == Tensor(shape: [3, 7]))
  }

  @Test func `tensors without elements are possible`() throws {
    #expect(backend.download(try backend.upload(Tensor(shape: [0, 3]))) == Tensor(shape: [0, 3]))
  }
}
