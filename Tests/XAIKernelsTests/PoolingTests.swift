import Testing
import XAIKernels
import XAITensor
import XAITestSupport

@Suite struct PoolingTests {
  let backend: CPUBackend

  init() throws { backend = try CPUBackend() }

  private func expectDefinition(_ input: ReferenceArray, _ label: String = "") throws {
    let source = try backend.activation(input)
    let output = try backend.maxPool(source)
    #expect(backend.array(output) == Reference.maxPool(input), "\(label)")
    let signal = ReferenceArray.random(output.shape, "signal")
    let gradient = try backend.maxPoolGradient(try backend.activation(signal), input: source)
    #expect(
      backend.array(gradient) == Reference.maxPoolGradient(signal, input: input), "\(label)")
  }

  @Test(arguments: activationShapes.filter { $0[2] > 1 } + [[2, 9, 2, 3], [1, 17, 9, 9]])
  func `output and gradient equal the definition`(_ shape: [Int]) throws {
    try expectDefinition(.random(shape, "input"))
    try expectDefinition(.random(shape, "input", mean: -9), "negative windows")
    try expectDefinition(ReferenceArray(shape), "all zero")
    let few = ReferenceArray.random(shape, "input").values.map { $0.rounded() }
    try expectDefinition(ReferenceArray(shape, few), "many ties")
  }

  @Test func `the first maximum of a window gets the signal`() throws {
    // Every pattern of which of the four values are the largest.
    for pattern in 1..<16 {
      let window = (0..<4).map { pattern >> $0 & 1 == 1 ? Float(-1) : -2 }
      let input = try backend.uploadActivation(Tensor(shape: [1, 1, 2, 2], window))
      let signal = try backend.uploadActivation(Tensor(shape: [1, 1, 1, 1], [5]))
      let gradient = backend.download(try backend.maxPoolGradient(signal, input: input))
      var expected: [Float] = [0, 0, 0, 0]
      expected[pattern.trailingZeroBitCount] = 5
      #expect(gradient.elements == expected, "window \(window)")
    }
  }

  @Test func `an odd last row and column get no signal even in recycled memory`() throws {
    let shape = [2, 17, 5, 5]
    for _ in 0..<3 {
      // Leaves garbage in the piece of memory that the gradient takes next.
      _ = try backend.activation(ReferenceArray(shape, repeating: .nan))
      try expectDefinition(.random(shape, "input"))
    }
  }
}
