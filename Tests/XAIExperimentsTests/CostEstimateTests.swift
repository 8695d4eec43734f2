import Testing
import XAIAttribution
import XAIExperiments
import XAIExperimentsTestSupport
import XAIKernels

@Suite struct CostEstimateTests {
  @Test func `no work takes no time, and twice the work twice`() throws {
    let test = TrainedNetwork()
    let network = ExplainedNetwork(
      test.network, parameters: test.parameters, backend: try CPUBackend())
    let none = try CostEstimate(walks: 0, on: network)
    #expect(none.walks == 0 && none.seconds == 0)
    let some = try CostEstimate(walks: 1000, on: network)
    #expect(some.walks == 1000 && some.seconds > 0 && some.seconds.isFinite)
    // An estimate beyond all counting is one all the same.
    #expect(try CostEstimate(walks: 1e300, on: network).seconds.isFinite)
  }
}
