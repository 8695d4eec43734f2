import FoundationEssentials
import Testing
import XAIAttribution
import XAIFiles
import XAITensor
import XAITestSupport

/// Damaged parameters of methods, and words that name no method, tensor or baseline.
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
      var selection = try MethodSelection("all")
      try selection.apply(
        try JSONText.decode(
          [String: JSONValue].self, from: String(decoding: bytes, as: UTF8.self),
          name: "--parameters"))
    }
  }

  @Test func `words of the command line`() throws {
    let words = [
      "saliency,group1, control", "all", "integrated-gradients", "file.safetensors:images",
      "data:64", "file a/b.safetensors:baselines", "blur", "8x5", "3",
    ]
    var trial = MutationTrial("words", seeds: words.map { Array($0.utf8) }, isText: true)
    trial.kinds = [.usage]
    try trial.run(2_000, readsSeeds: false) { bytes in
      let text = String(decoding: bytes, as: UTF8.self)
      var failures: [AttributionFailure] = []
      func attempt(_ read: () throws(AttributionFailure) -> Void) {
        do throws(AttributionFailure) { try read() } catch { failures.append(error) }
      }
      attempt { () throws(AttributionFailure) in _ = try MethodSelection(text) }
      attempt { () throws(AttributionFailure) in _ = try TensorReference(text) }
      attempt { () throws(AttributionFailure) in
        _ = try BaselineKind(text.split(separator: " ").map(String.init))
      }
      for failure in failures { trial.check(failure) }
      if failures.count == 3 { throw failures[0] }
    }
  }

  @Test func `a word of a megabyte is refused at once`() throws {
    let word = String(repeating: "x", count: 1 << 20)
    let failure = try #require(throws: AttributionFailure.self) { try MethodSelection(word) }
    #expect(failure.description.hasSuffix("; xai-explain methods lists all"))
    #expect(failure.description.utf8.count < 1 << 14)
  }
}
