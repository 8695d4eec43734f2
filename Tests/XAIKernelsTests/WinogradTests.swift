import Testing
import XAIKernels
import XAITensor
import XAITestSupport

/// Our own convolutions and matrix products, on every instruction set that this processor runs.
@Suite struct WinogradTests {
  static let levels = VectorLevel.allCases.filter(\.isAvailable)

  /// Channels at, below and above multiples of both blocks; extents that no tile divides; both ways
  /// of sharing tiles out (few tiles share the phases, from 16 on each thread has its own).
  static let cases = [
    ConvolutionCase(input: [1, 1, 1, 1], outputs: 1),
    ConvolutionCase(input: [2, 7, 3, 5], outputs: 9),
    ConvolutionCase(input: [3, 70, 1, 4], outputs: 33),
    ConvolutionCase(input: [1, 33, 13, 13], outputs: 70),
    ConvolutionCase(input: [5, 17, 4, 9], outputs: 25),
    ConvolutionCase(input: [1, 3, 64, 64], outputs: 5),
    ConvolutionCase(input: [4, 16, 13, 11], outputs: 40),
  ]

  /// Bias and rectifier, by the definition.
  private func biased(
    _ linear: ReferenceArray, _ bias: ReferenceArray?, relu: Bool
  ) -> ReferenceArray {
    var result = linear
    let plane = linear.shape[2] * linear.shape[3]
    for index in result.values.indices {
      result.values[index] += bias?.values[index / plane % linear.shape[1]] ?? 0
      if relu { result.values[index] = max(result.values[index], 0) }
    }
    return result
  }

  @Test(arguments: cases)
  func `the forward pass agrees with the definition`(_ test: ConvolutionCase) throws {
    let input = ReferenceArray.random(test.input, "input")
    let bias = ReferenceArray.random([test.outputs], "bias")
    let linear = Reference.convolution(input, test.weights)
    for level in Self.levels {
      let backend = try CPUBackend(vectors: level)
      let source = try backend.activation(input)
      let weights = try backend.parameter(test.weights)
      for relu in [false, true] {
        for bias in [nil, bias] {
          let output = try backend.convolution(
            source, weights: weights, bias: try bias.map { try backend.parameter($0) },
            mode: relu ? .inferenceWithReLU : .inference, algorithm: .fastest)
          expectClose(
            backend.array(output), biased(linear, bias, relu: relu), relative: 2e-5,
            "\(level), bias \(bias != nil), relu \(relu)")
        }
      }
    }
  }

  @Test(arguments: cases)
  func `the input gradient agrees with the definition, gated and not`(
    _ test: ConvolutionCase
  ) throws {
    let signal = ReferenceArray.random(test.output, "signal")
    let gate = Reference.relu(.random(test.input, "gate"))
    let gradient = Reference.convolutionInputGradient(signal, test.weights)
    for level in Self.levels {
      let backend = try CPUBackend(vectors: level)
      let (source, weights) = (
        try backend.activation(signal), try backend.parameter(test.weights)
      )
      for gate in [nil, gate] {
        let result = try backend.convolutionInputGradient(
          source, weights: weights, gate: try gate.map { try backend.activation($0) },
          algorithm: .fastest)
        expectClose(
          backend.array(result),
          gate.map { Reference.reluGradient(gradient, input: $0) } ?? gradient, relative: 2e-5,
          "\(level), gate \(gate != nil)")
      }
    }
  }

  @Test(arguments: levels)
  func `a wrong tap, a wrong gate and a wrong bias are noticed`(_ level: VectorLevel) throws {
    let backend = try CPUBackend(vectors: level)
    let test = ConvolutionCase(input: [1, 9, 6, 7], outputs: 18)
    let input = ReferenceArray.random(test.input, "input")
    let source = try backend.activation(input)
    let expected = Reference.convolution(input, test.weights).tensor
    func deviation(_ weights: ReferenceArray, _ bias: ReferenceArray?) throws -> Double {
      let output = try backend.convolution(
        source, weights: try backend.parameter(weights),
        bias: try bias.map { try backend.parameter($0) }, mode: .inference,
        algorithm: .fastest)
      return largestDeviation(backend.download(output), expected).relative
    }
    #expect(try deviation(test.weights, nil) < 2e-5)
    var faulty = test.weights
    faulty.values[faulty.values.count - 1] += 0.01
    #expect(try deviation(faulty, nil) > 2e-4)
    var bias = ReferenceArray([18])
    bias.values[17] = 0.01
    #expect(try deviation(test.weights, bias) > 2e-4)
    let signal = ReferenceArray.random(test.output, "signal")
    let open = ReferenceArray(test.input, repeating: 1)
    var closed = open
    closed.values[5] = 0
    let gated = try [open, closed].map {
      backend.array(
        try backend.convolutionInputGradient(
          try backend.activation(signal), weights: try backend.parameter(test.weights),
          gate: try backend.activation($0), algorithm: .fastest))
    }
    #expect(gated[1].values[5] == 0 && gated[0].values[5] != 0)
    #expect(gated[0].values.indices.filter { gated[0].values[$0] != gated[1].values[$0] } == [5])
  }

  @Test(arguments: levels)
  func `what is no number stays visible, and only where it can reach`(
    _ level: VectorLevel
  ) throws {
    let backend = try CPUBackend(vectors: level)
    let test = ConvolutionCase(input: [2, 5, 13, 14], outputs: 6)
    var input = ReferenceArray.random(test.input, "input")
    input[1, 3, 6, 6] = .nan
    let weights = try backend.parameter(test.weights)
    for mode in [ForwardMode.inference, .inferenceWithReLU] {
      let output = backend.array(
        try backend.convolution(
          try backend.activation(input), weights: weights, bias: nil, mode: mode,
          algorithm: .fastest))
      for channel in 0..<6 {
        for row in 5...7 {
          for column in 5...7 { #expect(output[1, channel, row, column].isNaN) }
        }
      }
      // Neither the other image nor tiles that do not read the pixel.
      #expect(output.values[..<(output.values.count / 2)].allSatisfy { $0.isFinite })
      #expect(output[1, 0, 12, 12].isFinite && output[1, 0, 0, 0].isFinite)
    }
  }

  @Test(arguments: levels)
  func `an output that no cache holds is the same`(_ level: VectorLevel) throws {
    // 17 images of 32 x 91 x 91 are 17.2 MB, which are written past the caches; one alone is 1 MB.
    let backend = try CPUBackend(vectors: level)
    let input = ReferenceArray.random([17, 3, 91, 91], "input").tensor
    let weights = try backend.parameter(.random([32, 3, 3, 3], "weights"))
    let bias = try backend.parameter(.random([32], "bias"))
    func run(_ images: Tensor) throws -> Tensor {
      backend.download(
        try backend.convolution(
          try backend.uploadActivation(images), weights: weights, bias: bias,
          mode: .inferenceWithReLU, algorithm: .fastest))
    }
    let together = try run(input)
    #expect(together.elements.count * 4 > 16 << 20)
    for image in [0, 8, 16] {
      #expect(try run(input.rows(image..<image + 1)) == together.rows(image..<image + 1))
    }
  }

  /// Convolution, dense, and the input gradient of both.
  private func results(
    _ backend: CPUBackend, _ images: Tensor, _ signals: Tensor
  ) throws -> [Tensor] {
    let weights = try backend.parameter(.random([33, 20, 3, 3], "weights"))
    let matrix = try backend.parameter(.random([41, 660], "matrix"))
    let (input, signal) = (
      try backend.uploadActivation(images), try backend.uploadActivation(signals)
    )
    let flat = try backend.uploadActivation(
      images.reshaped(to: [images.rows, images.rowCount]).slice(660))
    let dense = try backend.dense(
      flat, weights: matrix, bias: try backend.parameter(.random([41], "bias")))
    return try [
      backend.convolution(
        input, weights: weights, bias: nil, mode: .inferenceWithReLU, algorithm: .fastest),
      backend.convolutionInputGradient(signal, weights: weights, gate: input, algorithm: .fastest),
      dense, backend.denseInputGradient(dense, weights: matrix),
    ].map(backend.download)
  }

  @Test(arguments: levels)
  func `an image has the same bytes alone and in a batch, with 1, 2 and 3 threads`(
    _ level: VectorLevel
  ) throws {
    let images = ReferenceArray.random([7, 20, 9, 10], "input").tensor
    let signals = ReferenceArray.random([7, 33, 9, 10], "signal").tensor
    let before = ThreadTeam.count
    defer { ThreadTeam.setCount(before) }
    ThreadTeam.setCount(1)
    let backend = try CPUBackend(vectors: level)
    let together = try results(backend, images, signals)
    for threads in 1...3 {
      ThreadTeam.setCount(threads)
      #expect(try results(backend, images, signals) == together, "\(threads) threads")
      for image in 0..<7 {
        let range = image..<image + 1
        let alone = try results(backend, images.rows(range), signals.rows(range))
        #expect(alone == together.map { $0.rows(range) }, "image \(image), \(threads) threads")
      }
    }
  }

  @Test(arguments: levels, [(1, 1, 1), (5, 3, 17), (7, 33, 70), (13, 65, 130)])
  func `matrix products agree with the definition`(
    _ level: VectorLevel, _ size: (batch: Int, inputs: Int, outputs: Int)
  ) throws {
    let backend = try CPUBackend(vectors: level)
    let input = ReferenceArray.random([size.batch, size.inputs], "input")
    let matrix = ReferenceArray.random([size.outputs, size.inputs], "weights")
    let bias = ReferenceArray.random([size.outputs], "bias")
    let signal = ReferenceArray.random([size.batch, size.outputs], "signal")
    let weights = try backend.parameter(matrix)
    for bias in [nil, bias] {
      let output = try backend.dense(
        try backend.activation(input), weights: weights,
        bias: try bias.map { try backend.parameter($0) })
      expectClose(
        backend.array(output), Reference.dense(input, matrix, bias: bias), relative: 5e-6,
        "\(level), bias \(bias != nil)")
    }
    let gradient = try backend.denseInputGradient(
      try backend.activation(signal), weights: weights)
    expectClose(
      backend.array(gradient), Reference.denseInputGradient(signal, matrix), relative: 5e-6,
      "\(level), by input")
  }

  @Test(arguments: levels)
  func `packed matrices follow every change of the weights`(_ level: VectorLevel) throws {
    let backend = try CPUBackend(vectors: level)
    let input = ReferenceArray.random([2, 20], "input")
    var matrix = ReferenceArray.random([20, 20], "weights")
    let (source, weights) = (try backend.activation(input), try backend.parameter(matrix))
    func expectCurrent(_ label: String) throws {
      expectClose(
        backend.array(try backend.dense(source, weights: weights, bias: nil)),
        Reference.dense(input, matrix, bias: nil), relative: 5e-6, label)
      expectClose(
        backend.array(try backend.denseInputGradient(source, weights: weights)),
        Reference.denseInputGradient(input, matrix), relative: 5e-6, label)
    }
    try expectCurrent("at first")
    matrix = .random([20, 20], "other weights")
    backend.write(matrix.tensor, into: weights)
    try expectCurrent("after write")
    backend.descend(
      weights, velocity: try backend.zeros([20, 20]),
      gradient: try backend.upload(Tensor(shape: [20, 20], repeating: 1)),
      update: DescentUpdate(rate: 0.25, momentum: 0, decay: 0, nesterov: false))
    matrix.values = matrix.values.map { $0 - 0.25 }
    try expectCurrent("after descend")
    try backend.denseWeightGradient(input: source, signal: source, into: weights)
    matrix = Reference.denseWeightGradient(input, input)
    try expectCurrent("after becoming a gradient")
  }
}

extension Tensor {
  /// The first elements of each row.
  fileprivate func slice(_ count: Int) -> Tensor {
    Tensor(
      shape: [rows, count],
      (0..<rows).flatMap { row in Array(self.row(row).elements.prefix(count)) })
  }
}
