import Testing
import XAIExamples
import XAIStatistics
import XAITensor

@Suite struct KLBoundsTests {
  @Test func `a bound has the divergence of its level, and nothing beyond 0 and 1`() {
    for (mean, samples) in [(0.3, 20), (0.95, 100), (0.5, 7)] {
      for level in [0.5, 3.0, 9.0] {
        let (low, high) = (
          KLBounds.lower(mean, samples: samples, level: level),
          KLBounds.upper(mean, samples: samples, level: level)
        )
        #expect(low < mean && mean < high)
        #expect(abs(Double(samples) * KLBounds.divergence(mean, low) - level) < 1e-9)
        #expect(abs(Double(samples) * KLBounds.divergence(mean, high) - level) < 1e-9)
      }
    }
    #expect(KLBounds.lower(0, samples: 5, level: 3) == 0)
    #expect(KLBounds.upper(1, samples: 5, level: 3) == 1)
    // n kl(1, q) = -n ln q.
    let bound = KLBounds.lower(1, samples: 10, level: 2)
    #expect(abs(bound - 0.818_730_753_077_981_9) < 1e-12)
  }

  @Test func `the bound of 95 of 100 is that of the divergence, not Hoeffding's`() {
    let bound = KLBounds.lower(0.95, samples: 100, level: 2.995_732_273_553_991)
    #expect(abs(bound - 0.87847) < 5e-6)
  }
}

@Suite struct AnchorProofTests {
  @Test func `the first proof needs 964 of 1000, the second 967`() {
    var proof = AnchorProof()
    #expect(proof.fewestMatches == 964)
    let first = proof.look(matches: 963)
    #expect(!first.accepted && first.error == 0.025)
    #expect(proof.fewestMatches == 967)
    let second = proof.look(matches: 967)
    #expect(second.accepted && abs(second.error - 0.05 / 6) < 1e-15)
  }

  @Test func `the errors of all looks sum to at most delta`() {
    var (proof, sum) = (AnchorProof(), 0.0)
    for _ in 0..<2000 {
      sum += proof.nextError
      _ = proof.look(matches: 0)
    }
    #expect(sum < 0.05 && sum > 0.0499)
  }

  /// Draws of a rule of a precision.
  private static func draws(_ precision: Double, _ rule: [Int], _ run: Int, isProof: Bool) -> (
    Range<Int>
  ) -> Int {
    { range in
      range.count { sample in
        var stream = RandomStream(
          seed: UInt64(run), purpose: isProof ? "proof" : "search", rule.reduce(1) { 31 * $0 + $1 },
          sample)
        return stream.uniform() < precision
      }
    }
  }

  @Test(arguments: [0.90, 0.89, 0.88])
  func `of 60 runs on rules that are not precise enough at most 5 % accept one`(
    precision: Double
  ) {
    let accepted = (0..<60).count { run in
      AnchorSearch().run(predicates: 20) { rule, samples, isProof in
        Self.draws(precision, rule, run, isProof: isProof)(samples)
      }.reached
    }
    #expect(accepted <= 3, "\(accepted) of 60")
  }

  @Test func `a proof by the samples that chose the rule breaks the promise`() {
    // What alibi does: a lower bound above .90 from looks after every batch is called a rule of .95.
    let accepted = (0..<60).count { run in
      let draw = Self.draws(0.90, [1], run, isProof: true)
      return (1...20).contains { batch in
        let matches = draw(0..<100 * batch)
        let bound = KLBounds.lower(
          Double(matches) / Double(100 * batch), samples: 100 * batch, level: 2.3)
        return bound > 0.95 - 0.08
      }
    }
    #expect(accepted > 30, "\(accepted) of 60")
  }

  @Test func `the empty rule is found where the answer hardly depends on anything`() {
    let found = (0..<40).count { run in
      AnchorSearch().run(predicates: 20) { rule, samples, isProof in
        Self.draws(0.98, rule, run, isProof: isProof)(samples)
      }.anchor.rule.isEmpty
    }
    #expect(found >= 36, "\(found) of 40")
  }
}

@Suite struct AnchorSearchTests {
  @Test func `a constant network has the empty rule, after one look`() {
    let result = AnchorSearch().run(predicates: 8) { _, samples, _ in samples.count }
    #expect(result.reached && result.anchor.rule.isEmpty && result.looks.count == 1)
    #expect(result.samples == 1000)
  }

  @Test func `where no rule reaches the threshold the best one and its bound are the answer`() {
    var search = AnchorSearch()
    search.bandit.start = 50
    let result = search.run(predicates: 3) { rule, samples, _ in
      samples.count * (rule.contains(1) ? 96 : 50) / 100
    }
    #expect(!result.reached && result.anchor.rule.contains(1))
    #expect(result.anchor.verdict.bound < 0.95 && result.anchor.verdict.bound > 0.9)
  }

  @Test func `the shortest sufficient set is found, and of two the one that was looked at first`() {
    var search = AnchorSearch()
    search.bandit.batch = 20
    let result = search.run(predicates: 7, size: { $0.contains(6) ? 1 : 9 }) { rule, samples, _ in
      let isSufficient = [[2, 5], [2, 6]].contains { Set($0).isSubset(of: rule) }
      return isSufficient ? samples.count : samples.count * (rule.contains(2) ? 7 : 4) / 10
    }
    // Its error was larger, so that its bound is higher.
    #expect(result.reached && result.anchor.rule == [2, 5])
  }

  @Test func `where coverage differs the search goes on while a longer rule could cover more`() {
    // Predicate 0 covers little and suffices; 1 and 2 together cover more and suffice as well.
    let shares = [1.0 / 12, 0.5, 1.0 / 3]
    func coverage(_ rule: [Int]) -> Double { rule.reduce(1) { $0 * shares[$1] } }
    func run(_ isWide: Bool) -> AnchorSearch.Result {
      AnchorSearch().run(predicates: 3, coverage: coverage) { rule, samples, _ in
        let isSufficient = rule.contains(0) || (isWide && Set([1, 2]).isSubset(of: rule))
        return isSufficient ? samples.count : samples.count * 6 / 10
      }
    }
    let wide = run(true)
    #expect(wide.reached && wide.anchor.rule == [1, 2])
    let narrow = run(false)
    #expect(narrow.reached && narrow.anchor.rule == [0])
    // No rule of three predicates could cover more than one of two.
    #expect(wide.looks.allSatisfy { $0.rule.count < 3 })
  }

  @Test func `one segment in all leaves the empty rule and the whole image`() {
    let result = AnchorSearch().run(predicates: 1) { rule, samples, _ in
      rule.isEmpty ? samples.count / 2 : samples.count
    }
    #expect(result.reached && result.anchor.rule == [0] && result.looks.count == 2)
  }

  @Test func `every extension of a beam comes once`() {
    var seen: [[Int]] = []
    _ = AnchorSearch().run(predicates: 5) { rule, samples, isProof in
      if !isProof, samples.lowerBound == 0 { seen.append(rule) }
      return samples.count / 2
    }
    #expect(Set(seen).count == seen.count)
    #expect(seen.allSatisfy { $0 == $0.sorted() })
  }
}

@Suite struct RuleTableTests {
  @Test func `precisions are means over all coalitions that contain a rule`() throws {
    var stream = RandomStream(seed: 4, purpose: "rule table")
    let same = (0..<64).map { _ in stream.uniform() < 0.7 }
    let table = try RuleTable(same)
    for rule in 0..<64 {
      let those = (0..<64).filter { $0 & rule == rule }
      let mean = Double(those.count { same[$0] }) / Double(those.count)
      #expect(abs(table.precision[rule] - mean) < 1e-15)
    }
  }

  @Test func `the shortest rule is the most precise of its size`() throws {
    // Bits: segment 1 or segment 2 keeps the class; alone the rest does not.
    let table = try RuleTable((0..<8).map { $0 & 0b110 != 0 })
    #expect(table.shortest(threshold: 0.95) == 0b010)
    #expect(table.shortest(threshold: 0.7) == 0)
    #expect(try RuleTable([false, false]).shortest(threshold: 0.5) == nil)
    #expect(throws: ExampleFailure.self) { try RuleTable([true, false, true]) }
  }
}

@Suite struct KLLUCBTests {
  @Test func `equal arms end at the limit, and say so`() {
    var bandit = KLLUCB()
    bandit.top = 1
    bandit.epsilon = 0
    let run = bandit.run(arms: 2) { _, samples in samples.count / 2 }
    #expect(!run.complete && run.state.samples.reduce(0, +) <= 3000)
    #expect(run.best == [0])
  }

  @Test func `as many arms as are sought need no draw beyond the first`() {
    let run = KLLUCB().run(arms: 3) { _, samples in samples.count }
    #expect(run.complete && run.best == [0, 1, 2] && run.state.samples == [10, 10, 10])
  }
}
