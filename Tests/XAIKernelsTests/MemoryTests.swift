import Testing
import XAIKernels
import XAITensor
import XAITestSupport

@Suite struct MemoryTests {
  private func step(_ backend: CPUBackend) throws {
    let input = try backend.upload(Tensor(shape: [4, 3, 16, 16], repeating: 1))
    let weights = try backend.upload(Tensor(shape: [20, 3, 3, 3], repeating: 0.5))
    let output = try backend.convolution(
      input, weights: weights, bias: nil, mode: .training, algorithm: .fastest)
    let pooled = try backend.maxPool(output)
    let flat = try backend.flatten(pooled)
    _ = try backend.unflatten(flat, to: pooled.shape)
  }

  @Test func `a step reuses the memory of the one before`() throws {
    let backend = try CPUBackend()
    try step(backend)
    let afterFirst = backend.memoryInUse
    for _ in 0..<5 { try step(backend) }
    #expect(afterFirst > 0 && backend.memoryInUse == afterFirst)
  }

  @Test func `beyond its limit a backend gives back what no tensor holds`() throws {
    let backend = try CPUBackend()
    let kept = try backend.zeros([1024])
    try step(backend)
    let unlimited = backend.memoryInUse
    #expect(unlimited > 100_000)
    backend.limits.total = unlimited
    let wide = try backend.zeros([unlimited / 8])
    #expect(backend.memoryInUse < unlimited * 3 / 2)
    try step(backend)
    #expect(backend.download(kept) == Tensor(shape: [1024]))
    #expect(backend.download(wide) == Tensor(shape: [unlimited / 8]))
  }

  @Test(arguments: [ConvolutionAlgorithm.fastest, .direct])
  func `weights that gave way are packed anew, the same`(_ algorithm: ConvolutionAlgorithm) throws {
    var stream = RandomStream(seed: 1, purpose: "packing")
    let images = stream.normal(shape: [2, 20, 8, 8])
    let kernels = (0..<6).map { _ in stream.normal(shape: [20, 20, 3, 3]) }
    let matrices = (0..<6).map { _ in stream.normal(shape: [30, 20]) }
    let rows = stream.normal(shape: [2, 20])
    func results(limit: Int) throws -> (outputs: [Tensor], packed: Int) {
      let backend = try CPUBackend()
      backend.limits.packedWeights = limit
      let (input, row) = (try backend.uploadActivation(images), try backend.uploadActivation(rows))
      let weights = try (kernels + matrices).enumerated().map { index, tensor in
        // Constants are made again, owned weights are kept as they are, products are multiplied again.
        switch index % 3 {
        case 0: try backend.constant { tensor }
        case 1: try backend.upload(tensor)
        default: try backend.constant(tensor, scalingRowsBy: tensor.rowNorms)
        }
      }
      var outputs: [Tensor] = []
      for _ in 0..<2 {
        for weight in weights {
          let output =
            weight.shape.count == 4
            ? try backend.convolution(
              input, weights: weight, bias: nil, mode: .inference, algorithm: algorithm)
            : try backend.dense(row, weights: weight, bias: nil)
          outputs.append(backend.download(output))
        }
      }
      // Packings are kept for as long as their tensors.
      return withExtendedLifetime(weights) { (outputs, backend.packedWeightsInUse) }
    }
    let (all, few, none) = (
      try results(limit: .max), try results(limit: 60_000), try results(limit: 0)
    )
    #expect(few.outputs == all.outputs && none.outputs == all.outputs)
    #expect(Array(all.outputs.prefix(12)) == Array(all.outputs.suffix(12)))
    // Even where nothing may stay, what a kernel reads does until the next one.
    #expect(none.packed > 0 && none.packed < few.packed)
    // Beyond the limit a single block may lie, a recycled one of 64 KiB at most.
    #expect(few.packed <= 1 << 16 && few.packed < all.packed)
  }

  @Test func `a tensor may outlive its backend`() throws {
    var backend: CPUBackend? = try CPUBackend()
    let tensor = try #require(try backend?.zeros([3]))
    backend = nil
    #expect(tensor.shape == [3])
  }

  @Test func `the profile counts calls and sums their seconds`() throws {
    let backend = try CPUBackend()
    try step(backend)
    let profile = KernelProfile()
    backend.profile = profile
    for _ in 0..<3 { try step(backend) }
    backend.profile = nil
    try step(backend)
    let calls = Dictionary(uniqueKeysWithValues: profile.rows.map { ($0.name, $0.calls) })
    #expect(calls["convolution forward"] == 3 && calls["max pool"] == 3 && calls["flatten"] == 6)
    #expect(profile.rows.allSatisfy { $0.seconds > 0 })
    let seconds = profile.rows.map(\.seconds)
    #expect(seconds == seconds.sorted(by: >))
  }

  @Test func `a profile adds up what it is told`() {
    let profile = KernelProfile()
    profile.add("data", seconds: 1)
    profile.add("data", seconds: 2)
    profile.add("step", seconds: 4)
    #expect(profile.rows.map(\.name) == ["step", "data"])
    #expect(profile.rows.map(\.calls) == [1, 2] && profile.rows.map(\.seconds) == [4, 3])
    #expect(profile.measure("answer") { 42 } == 42)
    #expect(profile.rows.count == 3)
  }

  @Test func `the summary names the library and the threads`() throws {
    let summary = try CPUBackend().summary
    #expect(summary.hasPrefix("oneDNN ") && summary.hasSuffix(" threads"))
  }
}

extension Tensor {
  fileprivate var rowNorms: [Double] {
    (0..<rows).map { index in
      row(index).withUnsafeElements { $0.reduce(0) { $0 + Double($1 * $1) } }
    }
  }
}
