import Testing
import XAIKernels
import XAITensor
import XAITestSupport

/// The gradients of convolutions by their weights, on every instruction set that this processor runs.
@Suite struct WeightGradientTests {
  static let levels = VectorLevel.allCases.filter(\.isAvailable)

  /// Channels at, below and above multiples of blocks and panels; extents that no tile divides and
  /// below a tile; more tiles than are under way together, with sums of one and of several groups;
  /// kernels that are always summed directly.
  static let cases = [
    ConvolutionCase(input: [1, 1, 1, 1], outputs: 1),
    ConvolutionCase(input: [2, 9, 2, 3], outputs: 31),
    ConvolutionCase(input: [3, 70, 1, 4], outputs: 33),
    ConvolutionCase(input: [5, 17, 4, 9], outputs: 25),
    ConvolutionCase(input: [1, 33, 13, 13], outputs: 70),
    ConvolutionCase(input: [2, 40, 8, 7], outputs: 50),
    ConvolutionCase(input: [3, 8, 31, 33], outputs: 250),
    ConvolutionCase(input: [7, 9, 33, 34], outputs: 17),
    ConvolutionCase(input: [2, 3, 5, 300], outputs: 7),
    ConvolutionCase(input: [3, 19, 6, 5], outputs: 18, kernel: 1),
    ConvolutionCase(input: [2, 5, 3, 7], outputs: 41, kernel: 5),
  ]

  private func gradient(
    _ backend: CPUBackend, _ input: ReferenceArray, _ signal: ReferenceArray, kernel: Int,
    plain: Bool, algorithm: ConvolutionAlgorithm
  ) throws -> Tensor {
    let shape = [signal.shape[1], input.shape[1], kernel, kernel]
    let gradient = try backend.parameter(.random(shape, "left over"))
    try backend.convolutionWeightGradient(
      input: try plain ? backend.parameter(input) : backend.activation(input),
      signal: try backend.activation(signal), into: gradient, algorithm: algorithm)
    return backend.download(gradient)
  }

  @Test(arguments: cases)
  func `every kernel agrees with the definition`(_ test: ConvolutionCase) throws {
    let input = ReferenceArray.random(test.input, "input")
    let signal = ReferenceArray.random(test.output, "signal")
    let expected = Reference.convolutionWeightGradient(input, signal, kernel: test.kernel)
    for level in Self.levels {
      let backend = try CPUBackend(vectors: level)
      for algorithm in ConvolutionAlgorithm.allCases {
        for plain in [false, true] {
          let actual = try gradient(
            backend, input, signal, kernel: test.kernel, plain: plain, algorithm: algorithm)
          // Winograd's errors are at most twice those of the definition in Float32.
          expectClose(
            ReferenceArray(actual), expected, relative: 5e-6, "\(level), \(algorithm), \(plain)")
        }
      }
    }
  }

  @Test(arguments: levels, ConvolutionAlgorithm.allCases)
  func `long sums of one sign lose no digits`(
    _ level: VectorLevel, _ algorithm: ConvolutionAlgorithm
  ) throws {
    // 65,536 terms near 1: in order, one by one, they would lose three digits.
    let input = ReferenceArray.random([16, 2, 64, 64], "input", mean: 1, standardDeviation: 0.3)
    let signal = ReferenceArray.random([16, 3, 64, 64], "signal", mean: 1, standardDeviation: 0.3)
    let actual = try gradient(
      try CPUBackend(vectors: level), input, signal, kernel: 3, plain: false, algorithm: algorithm)
    expectClose(
      ReferenceArray(actual), Reference.convolutionWeightGradient(input, signal), relative: 2e-6,
      "\(level), \(algorithm)")
  }

  @Test(arguments: levels, cases)
  func `the bytes are the same with 1, 2, 3 and 5 threads`(
    _ level: VectorLevel, _ test: ConvolutionCase
  ) throws {
    let input = ReferenceArray.random(test.input, "input")
    let signal = ReferenceArray.random(test.output, "signal")
    let before = ThreadTeam.count
    defer { ThreadTeam.setCount(before) }
    for algorithm in ConvolutionAlgorithm.allCases {
      for plain in [false, true] {
        let results = try [1, 2, 3, 5].map { threads in
          ThreadTeam.setCount(threads)
          return try gradient(
            try CPUBackend(vectors: level), input, signal, kernel: test.kernel, plain: plain,
            algorithm: algorithm)
        }
        #expect(results.allSatisfy { $0 == results[0] }, "\(algorithm), plain \(plain)")
      }
    }
  }

  @Test(arguments: levels)
  func `a pixel that is missing at the border or in a last tile is noticed`(
    _ level: VectorLevel
  ) throws {
    let backend = try CPUBackend(vectors: level)
    let input = ReferenceArray.random([2, 9, 6, 7], "input")
    var signal = ReferenceArray.random([2, 18, 6, 7], "signal")
    let expected = Reference.convolutionWeightGradient(input, signal).tensor
    for place in [(0, 0, 0, 0), (1, 17, 5, 6), (1, 3, 4, 3)] {
      let value = signal[place.0, place.1, place.2, place.3]
      signal[place.0, place.1, place.2, place.3] = 0
      let actual = try gradient(
        backend, input, signal, kernel: 3, plain: false, algorithm: .fastest)
      #expect(largestDeviation(actual, expected).relative > 1e-3)
      signal[place.0, place.1, place.2, place.3] = value
    }
  }

  @Test func `operands that do not belong together are a programmer's error`() async {
    await #expect(processExitsWith: .failure) {
      let backend = try CPUBackend()
      try backend.convolutionWeightGradient(
        input: try backend.uploadActivation(Tensor(shape: [2, 8, 4, 4], repeating: 1)),
        signal: try backend.uploadActivation(Tensor(shape: [1, 8, 4, 4], repeating: 1)),
        into: try backend.zeros([8, 8, 3, 3]), algorithm: .fastest)
    }
  }
}
