import FoundationEssentials
import Testing
import XAIAttribution
import XAIFiles
import XAITensor
import XAITestSupport

/// Damaged parameters of methods, and words that name no method.
@Suite struct MutationTests {
  @Test func `parameters of methods`() throws {
    // Each method with all of its parameters, and some of them for many methods at once.
    var seeds = try MethodCatalog.entries.map { entry in
      "{\"\(entry.identifier)\": \(try MethodParameters(of: entry.method).json)}"
    }
    seeds += [
      #"{"steps": 7, "seed": "unit", "samples": 3}"#, #"{"window": [3, 5], "stride": 2}"#,
      #"{"integrated-gradients": {"rule": "trapezoid", "steps": 20}, "target": null}"#,
    ]
    var trial = MutationTrial(
      "parameters", seeds: seeds.map { Array($0.utf8) }, isText: true)
    trial.kinds = [.usage, .badData]
    try trial.run(3_000, readsSeeds: false) { bytes in
      var selection = try MethodSelection(["all"])
      try selection.apply(
        try JSONText.decode(
          [String: JSONValue].self, from: String(decoding: bytes, as: UTF8.self),
          name: "--parameters"))
    }
  }

  @Test func `a word of a megabyte is refused at once`() throws {
    let word = String(repeating: "x", count: 1 << 20)
    let failure = try #require(throws: AttributionFailure.self) { try MethodSelection([word]) }
    #expect(failure.description.hasPrefix("there is no method or group 'xxx"))
    #expect(failure.description.utf8.count < 1 << 14)
  }
}
