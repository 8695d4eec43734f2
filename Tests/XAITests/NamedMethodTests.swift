import Testing
import XAI

@Suite struct NamedMethodTests {
  @Test func `every name stands for a method of the catalog`() {
    let names: [NamedMethod] = [
      .saliency, .inputXGradient, .guidedBackprop, .gradCAM, .integratedGradients, .deepLIFT,
      .lrpEpsilon,
    ]
    #expect(Set(names.map(\.entry.identifier)).count == 7)
    #expect(NamedMethod.catalog("lrp-a1b0")?.entry.group == .relevance)
    #expect(NamedMethod.catalog("no-such-method") == nil)
  }

  @Test func `a method of one's own keeps its name and its parameters`() {
    let method = NamedMethod("mine", IntegratedGradients(steps: 7), summary: "seven steps")
    #expect(method.entry.identifier == "mine" && method.entry.summary == "seven steps")
    #expect((method.entry.method as? IntegratedGradients)?.steps == 7)
  }
}
