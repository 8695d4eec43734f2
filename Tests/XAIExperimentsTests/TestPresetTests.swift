import Testing
import XAIAttribution
import XAIExperiments

@Suite struct TestPresetTests {
  @Test func `the thesis tests 20 methods in four groups as it says`() throws {
    let methods = try TestPreset.thesis.methods()
    let groups = Dictionary(grouping: methods, by: \.entry.group.rawValue).mapValues(\.count)
    #expect(groups == ["gradients": 6, "references": 3, "paths": 3, "relevance": 8])
    #expect(TestPreset.thesis.seeds == 5)
    #expect(TestPreset.thesis.modes == [.cascading, .independent])
    func parameters(_ name: String) throws -> [String: JSONValue] {
      let method = try #require(methods.first { $0.identifier == name })
      return try MethodParameters(of: method.method).values
    }
    let integrated = try parameters("integrated-gradients")
    #expect(integrated["steps"] == .integer(200))
    #expect(integrated["rule"] == .string("gauss-legendre"))
    for name in ["deep-lift-smooth-grad", "integrated-gradients-smooth-grad"] {
      let tunnel = try parameters(name)
      #expect(tunnel["samples"] == .integer(5) && tunnel["standardDeviation"] == .number(0.7))
    }
    let baselines = Dictionary(
      uniqueKeysWithValues: methods.map { ($0.identifier, $0.baseline?.description ?? "none") })
    #expect(baselines["deep-lift"] == "blur" && baselines["integrated-gradients"] == "blur")
    #expect(baselines["deep-shap"] == "data:64" && baselines["saliency"] == "none")
  }

  @Test func `its second preset adds black baselines where one baseline is compared with`() throws {
    let plain = try TestPreset.thesis.methods().map(\.identifier)
    let methods = try TestPreset.thesisBaselines.methods()
    #expect(Array(methods.map(\.identifier).prefix(20)) == plain)
    let black = methods.dropFirst(20)
    #expect(
      black.map(\.identifier) == [
        "deep-lift@black", "deep-lift-smooth-grad@black", "integrated-gradients@black",
        "integrated-gradients-smooth-grad@black",
      ])
    #expect(black.allSatisfy { $0.baseline == .black })
  }

  @Test func `parameters can be changed`() throws {
    let methods = try TestPreset.thesis.methods { selection in
      try selection.apply(["integrated-gradients": .object(["steps": .integer(7)])])
    }
    let method = try #require(methods.first { $0.identifier == "integrated-gradients" })
    #expect(try MethodParameters(of: method.method).values["steps"] == .integer(7))
  }
}
