import Testing
import XAIAttribution
import XAICommandLine
import XAIExperiments
import XAITensor
import XAITestSupport

@Suite struct WordsTests {
  @Test func `methods are read by words with blanks around them`() throws {
    let both = try MethodSelection("group1, saliency ,saliency")
    #expect(both.choices.filter(\.isNamed).map(\.identifier) == ["saliency"])
    let none = #expect(throws: CommandFailure.self) { try MethodSelection(",") }
    #expect(none?.description == "',' chooses no method; write ID,ID or relevance")
  }

  @Test(arguments: [
    ("auto", SampleRule.recognised(5)), ("auto:7", .recognised(7)), ("12", .chosen("12")),
    ("a.png,b.png", .chosen("a.png,b.png")),
  ])
  func `samples are read from a word`(text: String, rule: SampleRule) throws {
    #expect(try SampleRule(text) == rule)
  }

  @Test(arguments: ["auto:0", "auto:x", "auto:"])
  func `a rule without a number above 0 is refused`(text: String) {
    let failure = #expect(throws: CommandFailure.self) { try SampleRule(text) }
    #expect(failure?.description.hasPrefix("--samples \(text): expected auto:N") == true)
  }

  @Test(arguments: [
    (["blur"], BaselineKind.blur), (["data"], .data(64)), (["data:3"], .data(3)),
    (["file", "a:b.png"], .file("a:b.png")), (["file:x.png"], .file("x.png")),
  ])
  func `baselines are read from words`(words: [String], kind: BaselineKind) throws {
    #expect(try BaselineKind(words) == kind)
  }

  @Test(arguments: [["file"], ["data:0"], ["data:x"], ["blur:3"], ["blurr"], []])
  func `other words are refused`(words: [String]) {
    #expect(throws: CommandFailure.self) { try BaselineKind(words) }
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
      var failures: [any Failure] = []
      func attempt(_ read: () throws -> Void) {
        do { try read() } catch { failures += [error as? any Failure].compactMap(\.self) }
      }
      attempt { _ = try MethodSelection(text) }
      attempt { _ = try TensorReference(text) }
      attempt {
        _ = try BaselineKind(text.split(separator: " ").map(String.init))
      }
      for failure in failures { trial.check(failure) }
      if failures.count == 3 { throw failures[0] }
    }
  }
}
