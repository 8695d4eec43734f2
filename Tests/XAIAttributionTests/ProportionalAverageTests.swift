import Testing
import XAIAttribution
import XAIKernels
import XAINetworks
import XAITensor
import XAITestSupport

/// Relevance through global average pooling.
@Suite struct ProportionalAverageTests {
  @Test func `each position gets its share of the mean, and nothing where the mean is 0`() throws {
    let network = Network(
      Architecture(
        input: [2, 2, 2], stacks: [], hidden: [], classes: 1, globalAveragePooling: true))
    let backend = try CPUBackend()
    let form = ExplainedNetwork(
      network, parameters: Parameters.initial(for: network, seed: 1), backend: backend
    ).trained
    let input = Tensor(shape: [2, 2, 2, 2], [1, 3, 0, 4, 5, 5, 5, 5, 1, -1, 2, -2, -1, 0, 0, -3])
    let recording = try form.record(
      try backend.upload(input), keeping: .everything, nodes: 0..<1, algorithm: .direct)
    let walk = BackwardWalk(
      Composite().with(ProportionalAverage(), for: .averagePooling), algorithm: .direct)
    let seed = try backend.uploadActivation(Tensor(shape: [2, 2], [5, -8, 3, 2]))
    let relevance = backend.download(try walk.signal(from: seed, of: recording))
    #expect(
      relevance.elements == [
        0.625, 1.875, 0, 2.5, -2, -2, -2, -2, 0, 0, 0, 0, 0.5, 0, 0, 1.5,
      ])
  }

  @Test(arguments: [[], [7]])
  func `relevance is conserved through the pooling`(_ hidden: [Int]) throws {
    let lively = try LivelyNetwork(
      Architecture(
        input: [3, 9, 7], stacks: [[5], [6]], hidden: hidden, classes: 4,
        globalAveragePooling: true, batchNorm: false))
    let form = lively.explained.trained
    let backend = form.backend
    let gap = try #require(form.index(of: "gap"))
    let recording = try form.record(
      try backend.upload(lively.request.images), keeping: .everything, algorithm: .direct)
    let composite = Composite().with(ProportionalAverage(), for: .averagePooling)
    func sums(_ composite: Composite) throws -> (before: [Double], after: [Double]) {
      var totals: [Int: [Double]] = [:]
      var walk = BackwardWalk(composite, algorithm: .direct)
      walk.observe = { totals[$0] = backend.download($1).rowSums }
      // The signal stops at channels that are silent everywhere: only others carry any here.
      let pooled = backend.download(try #require(recording.output(of: gap)))
      let seed = try backend.uploadActivation(pooled.map { $0 == 0 ? 0 : 1 - $0 })
      let part = try form.record(
        recording.input(of: gap) ?? recording.input, keeping: .everything, nodes: gap..<gap + 1,
        algorithm: .direct)
      _ = try walk.signal(from: seed, of: part)
      return (try #require(totals[gap]), try #require(totals[-1]))
    }
    let kept = try sums(composite)
    #expect(kept.before.contains { abs($0) > 0.1 })
    expectClose(kept.after.map(Float.init), kept.before.map(Float.init), relative: 1e-5)
    // The gradient alone conserves the sum too, but not in proportion to what was there.
    let maps = try #require(MethodCatalog.entry("lrp-a1b0")).method
    let result = try lively.attribution(of: maps)
    #expect(result.maps.isFinite && !result.laws.isEmpty)
    // A unit to which nothing speaks has no share to hand on, so relevance may be lost, never made.
    for law in result.laws { #expect(law.holds == true || 0..<law.expected ~= law.found, "\(law)") }
  }
}
