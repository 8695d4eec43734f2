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

  @Test func `trimming gives back all that no tensor holds`() throws {
    let backend = try CPUBackend()
    let kept = try backend.zeros([1024])
    try step(backend)
    #expect(backend.memoryInUse > 100_000)
    backend.trimMemory()
    #expect(backend.memoryInUse == 4096)
    try step(backend)
    #expect(backend.download(kept) == Tensor(shape: [1024]))
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
