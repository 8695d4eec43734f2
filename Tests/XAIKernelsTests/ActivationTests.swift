import Testing
import XAIKernels
import XAITensor
import XAITestSupport

@Suite struct ActivationTests {
  let backend: CPUBackend

  init() throws { backend = try CPUBackend() }

  @Test(arguments: activationShapes + [[5, 17]])
  func `the rectifier and its gradient are exact`(_ shape: [Int]) throws {
    var input = ReferenceArray.random(shape, "input")
    input.values[0] = 0
    let signal = ReferenceArray.random(shape, "signal")
    let relu = Activation(relu: true)
    let output = try backend.activate(try backend.activation(input), relu)
    #expect(backend.array(output) == Reference.relu(input))
    let gradient = try backend.activateGradient(
      try backend.activation(signal), output: output, activation: relu)
    #expect(backend.array(gradient) == Reference.reluGradient(signal, input: input))
  }

  @Test func `without rectifier everything passes`() throws {
    let input = ReferenceArray.random([2, 9, 3, 3], "input")
    let nothing = Activation(relu: false)
    let source = try backend.activation(input)
    let output = try backend.activate(source, nothing)
    #expect(backend.array(output) == input)
    let gradient = try backend.activateGradient(source, output: output, activation: nothing)
    #expect(backend.array(gradient) == input)
  }

  @Test func `NaN passes the rectifier, so that a diverged training is seen`() throws {
    let input = Tensor(shape: [1, 3, 1, 1], [.nan, -1, 1])
    let output = backend.download(
      try backend.activate(try backend.uploadActivation(input), Activation(relu: true)))
    #expect(output.elements[0].isNaN && output.elements[1...] == [0, 1])
  }

  @Test(arguments: [0.1, 0.25, 0.5, 0.9])
  func `dropout zeroes its share and scales what survives`(_ share: Double) throws {
    let dropout = Dropout(probability: share, key: 12345)
    let mask = try backend.mask([8, 20, 25, 25], dropout)
    let zeros = mask.values.count { $0 == 0 }
    #expect(mask.values.allSatisfy { $0 == 0 || $0 == Double(dropout.scale) })
    #expect(abs(Double(dropout.scale) - 1 / (1 - share)) < 0.02 / (1 - share))
    // 100,000 draws: five standard deviations, and the rounding of the share to 256ths.
    #expect(abs(Double(zeros) / Double(mask.values.count) - share) < 0.008 + 1 / 512)
    let mean = mask.values.reduce(0, +) / Double(mask.values.count)
    #expect(abs(mean - 1) < 0.05)
  }

  @Test func `every channel and position is dropped at the same rate`() throws {
    let mask = try backend.mask([400, 17, 2, 2], Dropout(probability: 0.5, key: 7))
    for place in 0..<17 * 4 {
      let zeros = (0..<400).count { mask.values[$0 * 17 * 4 + place] == 0 }
      #expect(140...260 ~= zeros, "place \(place): \(zeros) of 400")
    }
  }

  @Test func `channels and positions are dropped independently of each other`() throws {
    let (images, places) = (400, 20 * 4)
    let mask = try backend.mask([images, 20, 2, 2], Dropout(probability: 0.5, key: 6)).values
    for first in 0..<places {
      for second in 0..<first {
        let agreeing = (0..<images).count { image in
          (mask[image * places + first] == 0) == (mask[image * places + second] == 0)
        }
        // Six standard deviations of 400 throws of a coin.
        #expect(140...260 ~= agreeing, "places \(first) and \(second): \(agreeing)")
      }
    }
  }

  @Test func `keys decide the mask, and elements do not depend on the batch`() throws {
    let dropout = Dropout(probability: 0.5, key: 1)
    let mask = try backend.mask([5, 20, 6, 6], dropout)
    #expect(try backend.mask([5, 20, 6, 6], dropout) == mask)
    #expect(try CPUBackend().mask([5, 20, 6, 6], dropout) == mask)
    let other = try backend.mask([5, 20, 6, 6], Dropout(probability: 0.5, key: 2))
    let agreeing = zip(mask.values, other.values).count { ($0 == 0) == ($1 == 0) }
    #expect(abs(Double(agreeing) / Double(mask.values.count) - 0.5) < 0.05)
    let first = try backend.mask([1, 20, 6, 6], dropout)
    #expect(first.values == Array(mask.values.prefix(20 * 36)))
  }

  @Test func `images of a batch are dropped independently`() throws {
    let mask = try backend.mask([2, 20, 12, 12], Dropout(probability: 0.5, key: 3)).values
    let agreeing = zip(mask.prefix(2880), mask.suffix(2880)).count { ($0 == 0) == ($1 == 0) }
    #expect(abs(Double(agreeing) / 2880 - 0.5) < 0.06)
  }

  @Test func `the gradient is dropped where the output was`() throws {
    let shape = [3, 17, 5, 4]
    let activation = Activation(relu: true, dropout: Dropout(probability: 0.25, key: 8))
    let input = ReferenceArray.random(shape, "input")
    let signal = ReferenceArray.random(shape, "signal")
    let mask = try backend.mask(shape, Dropout(probability: 0.25, key: 8))
    let output = try backend.activate(try backend.activation(input), activation)
    expectClose(
      backend.array(output), Reference.relu(input).combined(with: mask, *), relative: 1e-6,
      "output")
    let gradient = try backend.activateGradient(
      try backend.activation(signal), output: output, activation: activation)
    expectClose(
      backend.array(gradient),
      Reference.reluGradient(signal.combined(with: mask, *), input: input), relative: 1e-6,
      "gradient")
  }

  @Test func `a dropout of nothing changes nothing`() throws {
    #expect(Dropout(probability: 0, key: 5).scale == 1)
    let mask = try backend.mask([2, 8, 3, 3], Dropout(probability: 0, key: 5))
    #expect(mask.values.allSatisfy { $0 == 1 })
  }
}
