import Glibc
import Testing
import XAIKernels
import XAITensor
import XAITestSupport

@Suite struct ThreadTeamTests {
  /// What our own loops compute from fixed inputs.
  private func results(threads: Int) throws -> [Tensor] {
    let before = ThreadTeam.count
    ThreadTeam.setCount(threads)
    defer { ThreadTeam.setCount(before) }
    #expect(ThreadTeam.count == min(threads, ThreadTeam.limit))
    let backend = try CPUBackend()
    let shape = [5, 20, 9, 7]
    let input = try backend.activation(.random(shape, "input"))
    let signal = try backend.activation(.random(shape, "signal"))
    let affine = ChannelAffine(
      scale: try backend.parameter(.random([20], "scale")),
      shift: try backend.parameter(.random([20], "shift")))
    let gradients = ChannelAffine(scale: try backend.zeros([20]), shift: try backend.zeros([20]))
    let activation = Activation(relu: true, dropout: Dropout(probability: 0.25, key: 4))
    let moments = try backend.channelMoments(input)
    let output = try backend.batchNorm(
      input, moments: moments, affine: affine, activation: activation)
    let gradient = try backend.batchNormGradient(
      signal, input: input, output: output, moments: moments, affine: affine,
      activation: activation, into: gradients)
    let pooled = try backend.maxPool(output)
    let bias = try backend.zeros([20])
    try backend.biasGradient(signal, into: bias)
    let activated = try backend.activate(input, activation)
    let flat = try backend.flatten(output)
    let weights = try backend.parameter(.random([40_001], "weights"))
    let velocity = try backend.parameter(.random([40_001], "velocity"))
    backend.descend(
      weights, velocity: velocity, gradient: try backend.parameter(.random([40_001], "gradient")),
      update: DescentUpdate(rate: 0.1, momentum: 0.9, decay: 0.01, nesterov: true))
    backend.accumulate(into: velocity, keeping: 0.3, adding: weights, times: 0.7)
    return [
      moments.mean, moments.variance, output, gradient, gradients.scale, gradients.shift, pooled,
      try backend.maxPoolGradient(pooled, input: output), bias, activated,
      try backend.activateGradient(signal, output: activated, activation: activation), flat,
      try backend.unflatten(flat, to: shape), weights, velocity,
    ].map(backend.download)
  }

  @Test func `our own loops give the same bytes with any number of threads`() throws {
    let alone = try results(threads: 1)
    for threads in [2, 3] { #expect(try results(threads: threads) == alone) }
  }

  @Test(arguments: [0, 1, 2, 7, 100, 1001])
  func `each index is run once, whatever the number of threads`(_ count: Int) {
    let before = ThreadTeam.count
    defer { ThreadTeam.setCount(before) }
    for threads in [1, 2, 3, 5] {
      ThreadTeam.setCount(threads)
      // Indices of different threads lie in different elements.
      var runs = [Int](repeating: 0, count: count)
      runs.withUnsafeMutableBufferPointer { runs in
        let elements = runs.baseAddress
        ThreadTeam.forEach(count) { index in elements?[index] += 1 }
      }
      #expect(runs.allSatisfy { $0 == 1 }, "\(threads) threads")
    }
  }

  @Test func `threads without work leave the cores to others`() async {
    await #expect(processExitsWith: .success) {
      ThreadTeam.setCount(max(2, ThreadTeam.cores))
      _ = try CPUBackend()
      usleep(100_000)
      let start = clock()
      for _ in 0..<20 {
        ThreadTeam.forEach(ThreadTeam.count) { _ in }
        usleep(5000)
      }
      // Spinning threads would use 100 ms, one for each core but one.
      let used = Double(clock() - start) / Double(CLOCKS_PER_SEC)
      if used > 0.05 { exit(1) }
    }
  }
}
