import Testing
import XAIExperiments
import XAIKernels
import XAINetworks

@Suite struct MemoryPlanTests {
  private let network = Network(
    Architecture(
      input: [3, 16, 16], stacks: [[16], [16]], hidden: [64], classes: 10, batchNorm: true))

  @Test func `by default weights are packed in every form beside the largest activations`() throws {
    let bytes = 4 * network.parameterCount
    let largest = 4 * (network.nodes.map(\.parameterCount).max() ?? 0)
    let plan = try MemoryPlan(for: 2, of: network)
    let fixed = 96_000_000 + 2 * bytes + 2 * largest
    #expect(plan.limit == fixed + 256_000_000 + max(2 * 5 * bytes, 256_000_000))
    #expect(plan.kernels.total == plan.limit - fixed)
    #expect(plan.activations == (plan.limit - fixed) / 3)
    #expect(plan.kernels.packedWeights == plan.kernels.total - plan.activations)
    #expect(plan.need(activations: 1000) == fixed + 1000 + 2 * 5 * bytes)
    #expect(plan.need(activations: .max / 2) <= plan.limit)
  }

  @Test func `too little memory is refused with what would do`() throws {
    let bytes = 4 * network.parameterCount
    let largest = 4 * (network.nodes.map(\.parameterCount).max() ?? 0)
    let fixed = 96_000_000 + bytes + 2 * largest
    let least = fixed + 32_000_000 + min(4 * largest, bytes)
    let failure = #expect(throws: ExperimentFailure.self) {
      try MemoryPlan(1_000_000, for: 1, of: network)
    }
    #expect(failure?.code == .memoryTooLittle(limit: 1_000_000, fixed: fixed, least: least))
    #expect(failure?.description.contains("--") == false)
    #expect(try MemoryPlan(least, for: 1, of: network).activations == 32_000_000)
  }
}
