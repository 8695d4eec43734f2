import Testing
import XAIStatistics
import XAITensor
import XAITestSupport

@Suite struct TTestTests {
  /// scipy.stats.ttest_ind of SciPy 1.17.
  @Test func `it says what SciPy says`() throws {
    let (first, second) = ([1.0, 2, 3, 4, 7], [2.0, 2.5, 9])
    let welch = try #require(TTest.welch(first, second))
    expectClose(
      [welch.t, welch.degreesOfFreedom, welch.p],
      [-0.44380342028265735, 2.8589071483010384, 0.6886116970498669], relative: 1e-9)
    let pooled = try #require(TTest.pooled(first, second))
    expectClose(
      [pooled.t, pooled.degreesOfFreedom, pooled.p],
      [-0.5131255911961764, 6, 0.6262026741718557], relative: 1e-9)
  }

  @Test func `where nothing varies there is no test`() {
    #expect(TTest.welch([1, 1, 1], [2, 2]) == nil)
    #expect(TTest.pooled([1, 1, 1], [2, 2]) == nil)
    #expect(TTest.welch([1], [2, 3]) == nil)
    #expect(TTest.welch([], []) == nil)
    #expect(TTest.pooled([], [1, 2, 3]) == nil)
  }
}

@Suite struct RankTestTests {
  @Test func `the rank counts ties against what is tested`() {
    #expect(RankTest(3, among: [1, 2, 3, 4]).p == 3.0 / 5)
    #expect(RankTest(5, among: [1, 2, 3, 4]).p == 1.0 / 5)
    #expect(RankTest(3, among: [3 - 1e-13]).p == 1)
    #expect(RankTest(3, among: [3 - 1e-11]).p == 0.5)
    #expect(RankTest(.nan, among: [1]).p == 1)
  }

  @Test func `nineteen controls are the fewest of one test at 5 %`() {
    #expect((1...4).map { RankTest.fewestControls(tests: $0) } == [19, 39, 59, 79])
    #expect(RankTest(1, among: Array(repeating: 0, count: 19)).p == 0.05)
    #expect(RankTest.fewestControls(tests: 1, level: 0.01) == 99)
  }

  @Test func `its error rate is its level`() {
    var stream = RandomStream(seed: 3, purpose: "rank")
    let rejected = (0..<4000).count { _ in
      let values = (0..<20).map { _ in stream.uniform() }
      return RankTest(values[0], among: Array(values[1...])).p <= 0.05
    }
    // Five percent and three standard deviations.
    #expect(rejected <= 241 && rejected >= 159, "\(rejected)")
  }
}

@Suite struct HolmTests {
  @Test func `adjusted by hand`() {
    expectClose(
      Holm.adjusted([0.03, 0.001, 0.04, 0.9]), [0.09, 0.004, 0.09, 0.9], relative: 1e-14)
    #expect(Holm.adjusted([0.5, 0.6]) == [1, 1])
    #expect(Holm.adjusted([]) == [])
  }

  @Test func `an order of p values does not matter`() {
    let values = [0.2, 0.01, 0.01, 0.3, 0.004]
    let reversed = Holm.adjusted(values.reversed())
    #expect(Holm.adjusted(values) == reversed.reversed())
  }
}

@Suite struct CountTestsTests {
  @Test func `tails by hand`() {
    expectClose(
      [
        CountTests.binomial(atLeast: 3, of: 4, chance: 0.5),
        CountTests.binomial(atLeast: 0, of: 4, chance: 0.5),
        CountTests.binomial(atLeast: 2, of: 2, chance: 0.25),
        CountTests.binomial(atLeast: 5, of: 4, chance: 0.5),
      ], [5.0 / 16, 1, 1.0 / 16, 0], relative: 1e-13)
    expectClose(
      [CountTests.mcNemar(1, 8), CountTests.mcNemar(8, 1), CountTests.mcNemar(4, 4)],
      [20.0 / 512, 20.0 / 512, 1], relative: 1e-13)
    #expect(CountTests.mcNemar(0, 0) == 1)
  }

  /// scipy.stats.binomtest(...).proportion_ci(method="wilson").
  @Test func `the interval of a share is Wilson's`() {
    let none = CountTests.wilson(0, of: 10)
    expectClose([none.lowerBound, none.upperBound], [0, 0.27753279986288926], relative: 1e-9)
    let some = CountTests.wilson(7, of: 20)
    expectClose(
      [some.lowerBound, some.upperBound], [0.1811918241010821, 0.5671457233147637], relative: 1e-9)
  }
}

@Suite struct TopValuesTests {
  @Test(arguments: [1, 2, 5, 33])
  func `it keeps what sorting finds, in any order`(count: Int) {
    var stream = RandomStream(seed: 5, purpose: "top")
    var values = (0..<500).map { _ in Float(stream.integer(below: 90)) }
    let sorted = values.sorted(by: >)
    for _ in 0..<5 {
      stream.shuffle(&values)
      var top = TopValues(count: count)
      for start in stride(from: 0, to: 500, by: 37) {
        top.insert(values[start..<min(start + 37, 500)])
      }
      #expect((0..<count).map { top.value(ofRank: $0) } == Array(sorted[..<count]))
    }
  }

  @Test func `of fewer values than asked for it has no more`() {
    var top = TopValues(count: 4)
    top.insert([2, .nan, 1])
    #expect((0..<4).map { top.value(ofRank: $0) } == [2, 1, nil, nil])
  }
}
