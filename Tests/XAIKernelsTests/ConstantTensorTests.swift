import Testing
import XAIKernels
import XAITensor
import XAITestSupport

@Suite struct ConstantTensorTests {
  /// Counts how often a tensor is made.
  private final class Source {
    let tensor: Tensor
    var count = 0

    init(_ shape: [Int]) { tensor = ReferenceArray.random(shape, "constant").tensor }

    func make() -> Tensor {
      count += 1
      return tensor.map { $0 }
    }
  }

  @Test func `a dense layer's weights are given away once packed, and made again at need`() throws {
    let backend = try CPUBackend()
    let source = Source([20, 33])
    let constant = try backend.constant(source.make)
    let uploaded = try backend.upload(source.tensor)
    let input = try backend.uploadActivation(ReferenceArray.random([2, 33], "input").tensor)
    let signal = try backend.uploadActivation(ReferenceArray.random([2, 20], "signal").tensor)
    func forward(_ weights: DeviceTensor) throws -> Tensor {
      backend.download(try backend.dense(input, weights: weights, bias: nil))
    }
    func backward(_ weights: DeviceTensor) throws -> Tensor {
      backend.download(try backend.denseInputGradient(signal, weights: weights))
    }
    #expect(constant.shape == [20, 33] && constant.layout == .plain && source.count == 1)
    for _ in 0..<2 { #expect(try forward(constant) == forward(uploaded)) }
    #expect(source.count == 1)
    for _ in 0..<2 { #expect(try backward(constant) == backward(uploaded)) }
    #expect(source.count == 2)
    #expect(backend.download(constant) == source.tensor && source.count == 3)
    #expect(backend.download(constant) == source.tensor && source.count == 3)
  }

  @Test(arguments: [ConvolutionAlgorithm.direct, .fastest], [3, 16])
  func `a convolution gives the same bytes`(
    algorithm: ConvolutionAlgorithm, channels: Int
  ) throws {
    let backend = try CPUBackend()
    let source = Source([16, channels, 3, 3])
    let (constant, uploaded) = (
      try backend.constant(source.make), try backend.upload(source.tensor)
    )
    let input = try backend.uploadActivation(
      ReferenceArray.random([1, channels, 12, 12], "input").tensor)
    let signal = try backend.uploadActivation(
      ReferenceArray.random([1, 16, 12, 12], "signal").tensor)
    for _ in 0..<2 {
      let results = try [constant, uploaded].map { weights in
        [
          try backend.convolution(
            input, weights: weights, bias: nil, mode: .inference, algorithm: algorithm),
          try backend.convolutionInputGradient(
            signal, weights: weights, gate: nil, algorithm: algorithm),
        ].map(backend.download)
      }
      #expect(results[0] == results[1])
    }
    #expect(source.count <= 2)
    #expect(backend.download(constant) == source.tensor)
  }

  @Test(arguments: [1, 3, 16, 20], [1, 5, 33])
  func `rows times factors are the weights that they would be on the host`(
    outputs: Int, inputs: Int
  ) throws {
    let backend = try CPUBackend()
    let slopes = (0..<outputs).map { 0.7 + 0.31 * Double($0) - Double($0 % 3) }
    func scaled(_ weights: Tensor) -> Tensor {
      let row = weights.rowCount
      return Tensor(
        shape: weights.shape,
        weights.elements.enumerated().map { Float(Double($1) * slopes[$0 / row]) })
    }
    let weights = ReferenceArray.random([outputs, inputs], "dense").tensor
    let kernels = ReferenceArray.random([outputs, inputs, 3, 3], "convolution").tensor
    let input = try backend.uploadActivation(ReferenceArray.random([2, inputs], "input").tensor)
    let signal = try backend.uploadActivation(ReferenceArray.random([2, outputs], "signal").tensor)
    let image = try backend.uploadActivation(
      ReferenceArray.random([1, inputs, 9, 9], "image").tensor)
    let back = try backend.uploadActivation(
      ReferenceArray.random([1, outputs, 9, 9], "back").tensor)
    func results(_ dense: DeviceTensor, _ kernels: DeviceTensor) throws -> [Tensor] {
      var results = [
        try backend.dense(input, weights: dense, bias: nil),
        try backend.denseInputGradient(signal, weights: dense),
      ]
      for algorithm in [ConvolutionAlgorithm.fastest, .direct] {
        results.append(
          try backend.convolution(
            image, weights: kernels, bias: nil, mode: .inference, algorithm: algorithm))
        results.append(
          try backend.convolutionInputGradient(
            back, weights: kernels, gate: nil, algorithm: algorithm))
      }
      return results.map(backend.download)
    }
    let (dense, convolution) = (
      try backend.constant(weights, scalingRowsBy: slopes),
      try backend.constant(kernels, scalingRowsBy: slopes)
    )
    let expected = try results(
      try backend.upload(scaled(weights)), try backend.upload(scaled(kernels)))
    for _ in 0..<2 { #expect(try results(dense, convolution) == expected) }
    #expect(backend.download(dense) == scaled(weights))
    #expect(backend.download(convolution) == scaled(kernels))
  }

  @Test func `the tensor that a constant shares is never written`() async throws {
    let backend = try CPUBackend()
    var tensor = Tensor(shape: [4], [1, 2, 3, 4])
    let constant = try backend.constant { [tensor] in tensor }
    tensor[0] = 9
    #expect(backend.download(constant).elements == [1, 2, 3, 4])
    await #expect(processExitsWith: .failure) {
      let backend = try CPUBackend()
      let constant = try backend.constant { Tensor(shape: [1], [1]) }
      backend.write(Tensor(shape: [1], [2]), into: constant)
    }
  }
}
