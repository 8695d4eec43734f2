import ArgumentParser
import Testing
import XAICommandLine
import XAIExperiments
import XAINetworks
import XAITensor
import XAITestSupport

/// Words that are nearly the values of options.
@Suite struct MutationTests {
  private struct Refusal: Failure {
    let kind = FailureKind.usage
    let description: String
  }

  @Test func `values of options`() throws {
    let words = [
      "12", "1024", "0.25", "1e-3", "1.5GB", "512 MiB", "10min", "500", "18446744073709551615",
      "9223372036854775807", "1.5 m", "4611686018427387904B", "4TiB",
    ]
    var trial = MutationTrial("values", seeds: words.map { Array($0.utf8) }, isText: true)
    trial.kinds = [.usage]
    trial.translation = { ($0 as? ValidationError).map { Refusal(description: $0.message) } }
    func expect<Value>(
      _ parse: @escaping (String) throws -> Value, _ isValid: @escaping (Value) -> Bool
    ) -> (String) throws -> Void {
      { text in
        let value = try parse(text)
        #expect(isValid(value), "\(text)")
      }
    }
    let readers: [(String) throws -> Void] = [
      expect(Parse.positiveInteger) { $0 >= 1 }, expect(Parse.threadCount) { 1...1024 ~= $0 },
      expect(Parse.nonNegativeInteger) { $0 >= 0 }, expect(Parse.positiveNumber) { $0 > 0 },
      expect(Parse.nonNegativeNumber) { $0 >= 0 }, expect(Parse.fraction) { 0..<1 ~= $0 },
      expect(Parse.properFraction) { $0 > 0 && $0 < 1 }, expect(Parse.seed) { _ in true },
      expect(Parse.byteCount) { $0 >= 1 }, expect(Parse.saveInterval) { _ in true },
    ]
    var turn = 0
    try trial.run(6_000, readsSeeds: false) { bytes in
      turn += 1
      try readers[turn % readers.count](String(decoding: bytes, as: UTF8.self))
    }
  }

  @Test func `targets and samples`() throws {
    let classes: [Checkpoint.ClassName] = [
      .init(id: "n01", name: "German shepherd, alsatian"), .init(id: "n02", name: "banana"),
    ]
    let words = ["predicted,true,1", "banana", "German shepherd, alsatian", "auto:3", "n01, 0"]
    var trial = MutationTrial("targets", seeds: words.map { Array($0.utf8) }, isText: true)
    trial.kinds = [.usage]
    try trial.run(2_000, readsSeeds: false) { bytes in
      let text = String(decoding: bytes, as: UTF8.self)
      _ = try SampleRule(text)
      let choices = try TargetChoice.list(text, classes: classes, count: 2)
      #expect(!choices.isEmpty)
    }
  }
}
