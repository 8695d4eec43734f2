import Testing
import XAIAttribution

@Suite struct MethodCatalogTests {
  /// The identifiers that programs and files rely on.
  static let contract: [MethodGroup: [String]] = [
    .gradient: [
      "saliency", "gradient", "input-x-gradient", "deconvnet", "guided-backprop", "grad-cam",
      "guided-grad-cam", "grad-cam-plus-plus", "guided-grad-cam-plus-plus", "rect-grad", "cam",
    ],
    .reference: ["deep-lift", "deep-lift-reveal-cancel", "deep-shap", "deep-lift-smooth-grad"],
    .path: [
      "integrated-gradients", "integrated-gradients-smooth-grad", "gradient-shap",
      "expected-gradients",
    ],
    .relevance: [
      "lrp-a1b0", "lrp-a2b1", "lrp-a3b2", "lrp-a4b3", "lrp-a5b4", "lrp-a6b5", "lrp-a9b8",
      "lrp-alpha-beta", "lrp-epsilon", "lrp-z-plus", "rap",
    ],
    .perturbation: ["occlusion", "lime", "kernel-shap", "dasp"],
    .control: ["random", "constant", "edge-detector", "input"],
  ]

  /// What there is besides.
  static let others: [MethodGroup: [String]] = [
    .gradient: [
      "layer-cam", "hires-cam", "x-grad-cam", "eigen-cam", "score-cam", "ablation-cam",
      "smooth-grad-cam-plus-plus",
    ],
    .path: ["guided-integrated-gradients", "blur-integrated-gradients", "xrai"],
    .relevance: [
      "lrp-gamma", "lrp-flat", "lrp-w-square", "lrp-epsilon-plus", "lrp-epsilon-plus-flat",
      "lrp-epsilon-alpha2-beta1", "lrp-epsilon-alpha2-beta1-flat", "lrp-epsilon-gamma-box",
    ],
    .perturbation: [
      "shapley-values", "rise", "meaningful-perturbation", "extremal-perturbation",
    ],
  ]

  @Test(arguments: MethodGroup.allCases)
  func `a group holds the identifiers of the contract, and the known others`(
    _ group: MethodGroup
  ) throws {
    let found = MethodCatalog.entries.filter { $0.group == group }.map(\.identifier)
    let expected = try #require(Self.contract[group]) + (Self.others[group] ?? [])
    #expect(found.sorted() == expected.sorted())
    for identifier in expected {
      #expect(MethodCatalog.entry(identifier)?.identifier == identifier)
    }
  }

  @Test func `an identifier stands for the method of its name`() throws {
    func method<M: AttributionMethod>(_ identifier: String, _: M.Type) throws -> M {
      try #require(MethodCatalog.entry(identifier)?.method as? M, "\(identifier)")
    }
    for (identifier, alpha) in [
      ("lrp-a1b0", 1.0), ("lrp-a2b1", 2), ("lrp-a3b2", 3), ("lrp-a4b3", 4), ("lrp-a5b4", 5),
      ("lrp-a6b5", 6), ("lrp-a9b8", 9),
    ] {
      #expect(try method(identifier, LRPAlphaBeta.self).alpha == alpha)
    }
    #expect(try method("integrated-gradients", IntegratedGradients.self).steps == 200)
    let paths = try method(
      "integrated-gradients-smooth-grad", NoiseTunnel<IntegratedGradients>.self)
    let lifts = try method("deep-lift-smooth-grad", NoiseTunnel<DeepLIFT>.self)
    #expect(paths.kind == .smoothGrad && paths.samples == 50 && paths.standardDeviation == 0.7)
    #expect(lifts.kind == .smoothGrad && lifts.samples == 50 && lifts.standardDeviation == 0.7)
    for identifier in ["guided-grad-cam", "guided-grad-cam-plus-plus"] {
      let map = try method(identifier, ClassActivationMap.self)
      #expect(map.guided && map.rectified, "\(identifier)")
    }
  }

  @Test func `every entry says in one line what it does, and where it comes from`() {
    for entry in MethodCatalog.entries {
      #expect(!entry.summary.isEmpty && !entry.summary.contains("\n"), "\(entry.identifier)")
      #expect(!entry.source.isEmpty && !entry.source.contains("\n"), "\(entry.identifier)")
    }
  }
}
