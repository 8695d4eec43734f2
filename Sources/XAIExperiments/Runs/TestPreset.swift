public import XAIAttribution

/// A randomization test as somebody published it.
public enum TestPreset: String, Sendable, CaseIterable {
  /// The experiment of Nuzzo 2020, chapter 7: 20 methods in four groups.
  ///
  /// 5 images, 5 seeds, cascading and independent; 200 steps of integrated gradients, 5 noisy copies of
  /// standard deviation 0.7, blurred baselines, 64 images of the data for DeepSHAP.
  case thesis
  /// The same with black baselines besides (figures 7.22 and 7.32).
  case thesisBaselines = "thesis-baselines"

  /// The number of seeds.
  public var seeds: Int { 5 }
  /// The modes.
  public var modes: [RandomizationMode] { [.cascading, .independent] }

  /// The methods.
  /// - Parameter change: Changes their parameters.
  /// - Returns: Each with the baseline that it compares with.
  /// - Throws: What `change` throws; nothing else, as the methods are known.
  public func methods(
    changing change: (inout MethodSelection) throws -> Void = { _ in }
  ) throws -> [MethodUnderTest] {
    let words = [
      "saliency", "input-x-gradient", "deconvnet", "guided-backprop", "grad-cam",
      "guided-grad-cam", "deep-lift", "deep-shap", "deep-lift-smooth-grad",
      "integrated-gradients", "integrated-gradients-smooth-grad", "gradient-shap", "lrp-a1b0",
      "lrp-a2b1", "lrp-a3b2", "lrp-a4b3", "lrp-a5b4", "lrp-a6b5", "lrp-a9b8", "rap",
    ]
    var selection = try MethodSelection(words)
    let copies = JSONValue.object(["samples": .integer(5), "standardDeviation": .number(0.7)])
    try selection.apply([
      "deep-lift-smooth-grad": copies, "integrated-gradients-smooth-grad": copies,
      "integrated-gradients": .object(["steps": .integer(200)]),
    ])
    try change(&selection)
    var methods = selection.choices.map { choice in
      MethodUnderTest(
        choice,
        baseline: RequestMaker.baseline(of: choice.method, chosen: nil))
    }
    guard self == .thesisBaselines else { return methods }
    let compared = [
      "deep-lift", "deep-lift-smooth-grad", "integrated-gradients",
      "integrated-gradients-smooth-grad",
    ]
    methods += methods.filter { compared.contains($0.identifier) }.map { method in
      var black = method
      black.identifier += "@black"
      black.baseline = .black
      return black
    }
    return methods
  }
}
