import Testing
import XAIAttribution

@Suite struct MapMeaningTests {
  /// What each method's sign means, from the definition of its map.
  private static let expected: [MapMeaning: [String]] = [
    .magnitude: [
      "saliency", "eigen-cam", "rise", "meaningful-perturbation", "extremal-perturbation",
    ],
    .sensitivity: [
      "gradient", "deconvnet", "guided-backprop", "guided-grad-cam", "guided-grad-cam-plus-plus",
    ],
    .none: MethodCatalog.entries.filter { $0.group == .control }.map(\.identifier),
  ]

  @Test(arguments: MethodCatalog.entries.map(\.identifier))
  func `every method says what its sign means`(identifier: String) throws {
    let method = try #require(MethodCatalog.entry(identifier)).method
    let expected = Self.expected.first { $0.value.contains(identifier) }?.key ?? .relevance
    #expect(method.meaning == expected)
  }

  @Test func `squares and variances of noisy maps are amounts`() {
    #expect(NoiseTunnel(InputXGradient()).meaning == .relevance)
    #expect(NoiseTunnel(InputXGradient(), kind: .varGrad).meaning == .magnitude)
    #expect(NoiseTunnel(InputGradient(), kind: .smoothGradSquared).meaning == .magnitude)
    #expect(NoiseTunnel(ClassActivationMap(.gradCAM)).isEnlarged)
    #expect(!ClassActivationMap(.gradCAM, guided: true).isEnlarged && !Saliency().isEnlarged)
  }
}
