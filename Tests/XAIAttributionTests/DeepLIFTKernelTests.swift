import Testing
import XAIKernels
import XAITensor
import XAITestSupport

@Suite struct DeepLIFTKernelTests {
  let backend: CPUBackend

  init() throws { backend = try CPUBackend() }

  /// Which of signal, image and baseline have a batch of 1.
  static let batches = [
    [3, 3, 3], [3, 1, 3], [3, 3, 1], [1, 3, 3], [3, 1, 1], [1, 1, 3], [1, 3, 1],
  ]

  private func operands(
    _ batches: [Int], _ shapes: [[Int]]
  ) throws -> (device: [DeviceTensor], full: [ReferenceArray]) {
    var (device, full) = ([DeviceTensor](), [ReferenceArray]())
    for (index, (batch, shape)) in zip(batches, shapes).enumerated() {
      let tensor = ReferenceArray.random([batch] + shape, "operand \(index)").tensor
      device.append(try backend.uploadActivation(tensor))
      let rows = batch == 1 ? [0, 0, 0] : [0, 1, 2]
      full.append(ReferenceArray(tensor.rows(at: rows)))
    }
    return (device, full)
  }

  @Test(arguments: batches, [[5, 4, 3], [17, 2, 5], [33]])
  func `the rectifier rule equals its formula, with broadcast`(_ batches: [Int], _ shape: [Int])
    throws
  {
    let (device, full) = try operands(batches, [shape, shape, shape])
    let result = try backend.rescaleRectifier(device[0], input: device[1], baseline: device[2])
    let expected = full[0].values.indices.map { index in
      let (m, x, x0) = (full[0].values[index], full[1].values[index], full[2].values[index])
      return m * (max(x, 0) - max(x0, 0)) / (x - x0)
    }
    expectClose(
      backend.download(result).elements.map(Double.init), expected, relative: 1e-6, "\(batches)")
  }

  @Test func `equal inputs of a rectifier pass the gradient`() throws {
    func activation(_ values: [Float]) throws -> DeviceTensor {
      try backend.uploadActivation(Tensor(shape: [1, 5], values))
    }
    let m = try activation([1, 2, 3, 4, 5])
    let result = try backend.rescaleRectifier(
      m, input: try activation([-1, 0, 1, 5e-11, 2]),
      baseline: try activation([-1, 0, 1, -4e-11, -2]))
    #expect(backend.download(result).elements == [0, 0, 3, 4, 2.5])
  }

  @Test(arguments: batches, [[5, 4, 6], [17, 5, 7], [3, 3, 2]])
  func `the pooling rule equals its formula, with broadcast and odd extents`(
    _ batches: [Int], _ shape: [Int]
  ) throws {
    let pooled = [shape[0], shape[1] / 2, shape[2] / 2]
    // Garbage that the result must not show where pooling leaves out a row.
    _ = try backend.uploadActivation(Tensor(shape: [3] + shape, repeating: .nan))
    let (device, full) = try operands(batches, [pooled, shape, shape])
    let result = try backend.rescaleMaxPool(
      device[0], input: device[1], baseline: device[2], tieTolerance: 0)
    let expected = DeepLIFTReference.rescaledPool(full[0], full[1], full[2])
    expectClose(backend.download(result), expected.tensor, relative: 1e-5, "\(batches)")
  }

  @Test func `pooling by hand`() throws {
    func pooled(_ x: [Float], _ x0: [Float], _ tolerance: Float = 0) throws -> [Float] {
      func window(_ values: [Float]) throws -> DeviceTensor {
        try backend.uploadActivation(Tensor(shape: [1, 1, 2, 2], values))
      }
      let m = try backend.uploadActivation(Tensor(shape: [1, 1, 1, 1], [2]))
      return backend.download(
        try backend.rescaleMaxPool(
          m, input: try window(x), baseline: try window(x0), tieTolerance: tolerance)
      ).elements
    }
    // y = 4 exceeds y0 = 3: 2 (4 - 3) goes to the 4, whose own difference is 4.
    #expect(try pooled([0, 4, 1, 2], [3, 0, 1, 2]) == [0, 0.5, 0, 0])
    // y = 1 is below y0 = 3: 2 (1 - 3) goes to the 3, whose own difference is -3.
    #expect(try pooled([0, 1, 0, 0], [3, 0, 1, 0]) == [Float(4) / 3, 0, 0, 0])
    // Nothing differs: the gradient, at the first of the equal values.
    #expect(try pooled([1, 5, 5, 2], [1, 5, 5, 2]) == [0, 2, 0, 0])
    // The constant baseline's first value counts, unless rounding has raised another.
    #expect(try pooled([0, 0, 0, 0], [1, 1, 1, 1]) == [2, 0, 0, 0])
    #expect(try pooled([0, 0, 0, 0], [1, 1, 1, 1.000001]) == [0, 0, 0, 2])
    #expect(
      try pooled([0, 0, 0, 0], [1, 1, 1, 1.000001], 1e-5) == [2 * 1.000001, 0, 0, 0])
  }

  @Test(arguments: batches)
  func `differences and signed sums broadcast`(_ batches: [Int]) throws {
    let shape = [19, 3, 2]
    let (device, full) = try operands(batches, [shape, shape, shape])
    let difference = try backend.absoluteDifference(device[1], device[2])
    if difference.shape[0] == 3 {
      #expect(
        backend.download(difference).elements
          == zip(full[1].tensor.elements, full[2].tensor.elements).map { abs($0 - $1) })
    }
    let sum = try backend.signedSum(
      even: device[0], odd: device[0], input: device[1], baseline: device[2])
    let expected = full[0].values.indices.map { index in
      full[0].values[index] * (full[1].values[index] > full[2].values[index] ? 2 : 0)
    }
    #expect(backend.download(sum).elements.map(Double.init) == expected)
  }

  @Test func `RevealCancel splits the minimum of two inputs equally`() throws {
    // min(i1, i2) = i1 - max(i1 - i2, 0) for (10, 6): p = 10, n = -6 from a baseline of 0.
    func value(_ number: Float) throws -> DeviceTensor {
      try backend.uploadActivation(Tensor(shape: [1, 1], [number]))
    }
    let pair = try backend.revealCancelRectifier(
      try value(1), input: try value(4), baseline: try value(0), spread: try value(16))
    let mean = backend.download(pair.mean)[0, 0]
    let half = backend.download(pair.halfDifference)[0, 0]
    let (positive, negative) = (mean + half, mean - half)
    // y+ = (10 + 4) / 2 = 7 and y- = (0 - 6) / 2 = -3.
    expectClose([positive * 10, negative * -6], [7, -3], relative: 1e-6, "y+ and y-")
    // i1 keeps 10 - 7 = 3, i2 gets 3: both have a part in the minimum.
    expectClose([10 - positive * 10, -(negative * -6)], [3, 3], relative: 1e-6, "shares")
  }
}
