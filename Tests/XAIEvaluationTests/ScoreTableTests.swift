import Testing
import XAIEvaluation

/// From scores to a table, with numbers computed by hand.
@Suite struct ScoreTableTests {
  /// Three methods, four images, two measures; lower is better in the second.
  private func table(_ first: [[Double?]], _ second: [[Double?]]) -> ScoreTable {
    let scores = first.indices.flatMap { method in
      first[method].indices.flatMap { [first[method][$0], second[method][$0]] }
    }
    return ScoreTable(
      scores, methods: first.count, images: first[0].count, higherIsBetter: [true, false])
  }

  @Test func `the mean stands on the images that have a score`() throws {
    let table = table([[1, 2, nil, 3]], [[nil, nil, nil, nil]])
    let mean = try #require(table.center(0, 0))
    #expect(mean.count == 3 && mean.value == 2)
    // t(0.975, 2) = 4.302653, s = 1.
    let interval = try #require(mean.interval)
    #expect(interval.upperBound.isClose(to: 2 + 4.302652729911275 / 3.0.squareRoot(), within: 1e-9))
    #expect(interval.lowerBound.isClose(to: 2 - 4.302652729911275 / 3.0.squareRoot(), within: 1e-9))
    #expect(table.center(0, 1) == nil)
    #expect(
      try #require(ScoreTable([5], methods: 1, images: 1, higherIsBetter: [true]).center(0, 0))
        .interval == nil)
  }

  @Test func `a gain is paired, and positive is better in both directions`() throws {
    let table = table([[1, 2, nil, 4], [0, 1, 7, 3]], [[1, 2, 3, 4], [0, 1, nil, 3]])
    let gains = [try #require(table.gain(0, over: 1, 0)), try #require(table.gain(0, over: 1, 1))]
    #expect(gains.map(\.count) == [3, 3] && gains.map(\.value) == [1, -1])
    #expect(gains.map(\.mayBeZero) == [false, false])
    #expect(try #require(table.gain(1, over: 1, 0)).mayBeZero)
  }

  @Test func `equal means share their ranks, and the direction counts`() {
    let table = table(
      [[1, 3], [2, 2], [5, 5], [nil, nil]], [[1, 3], [2, 2], [5, 5], [9, 9]])
    #expect(table.ranks(0) == [2.5, 2.5, 1, nil])
    #expect(table.ranks(1) == [1.5, 1.5, 3, 4])
    #expect(table.ranks(0, on: [0, 0]) == [3, 2, 1, nil])
  }

  @Test func `rank intervals are quantiles between order statistics`() {
    let table = table([[1, 3], [2, 2]], [[0, 0], [0, 0]])
    let ranks = table.bootstrapRanks(0, samples: [[0, 0], [0, 1], [1, 1]])
    // Method 0 has the ranks 2, 1.5, 1.
    #expect(ranks[0].interval == 1.025...1.975)
    #expect(ranks[0].firstShare == 2.0 / 3 && ranks[1].firstShare == 2.0 / 3)
    #expect(table.bootstrapRanks(1, samples: [[0, 0]])[0].interval == 1.5...1.5)
  }

  @Test func `agreement turns directions, and is undefined for a constant measure`() {
    let table = table([[1], [2], [3]], [[30], [20], [10]])
    #expect(table.kendall(0, 1) == 1)
    #expect(self.table([[1], [2], [3]], [[1], [1], [1]]).kendall(0, 1) == nil)
    // One pair is tied in the first: 2 / sqrt(2 * 3).
    let tied = self.table([[1], [1], [3]], [[30], [20], [10]])
    #expect(tied.kendall(0, 1).isClose(to: 2 / 6.0.squareRoot(), within: 1e-12))
    #expect(
      ScoreTable([], methods: 20, images: 0, higherIsBetter: []).kendallNullDeviation
        .isClose(to: 0.1622, within: 1e-4))
  }

  @Test func `the front has those that no other beats everywhere`() {
    let table = table([[1], [2], [3], [2]], [[1], [2], [3], [2.5]])
    #expect(table.paretoFront([0, 1]) == [true, true, true, false])
    #expect(table.paretoFront([0]) == [false, false, true, false])
  }

  @Test func `methods that cannot be told apart share a letter`() {
    let near = [[1.0, 2, 3, 4], [1.5, 1.5, 3.5, 3.5], [9, 10, 11, 12]]
    #expect(table(near, near).letterGroups(0) == [[1], [1], [0]])
  }

  @Test func `letters say exactly which pairs cannot be told apart`() {
    // The first two differ by 1 on each image; the third is noisy and like both.
    let scores: [[Double?]] = [[3, 3.1, 3, 2.9], [2, 2.1, 2, 1.9], [9, -4, 7, -3]]
    let table = table(scores, scores)
    let groups = table.letterGroups(0)
    for left in 0..<3 {
      for right in 0..<3 where left != right {
        let isAlike = table.gain(left, over: right, 0)?.mayBeZero
        #expect(Set(groups[left]).isDisjoint(with: groups[right]) == (isAlike == false))
      }
    }
    #expect(groups == [[0], [1], [0, 1]])
  }

  @Test func `a method on few of the images does not enter`() {
    let table = table(
      [[1, 2, 3, 4], [9, nil, nil, nil], [2, 3, nil, nil]],
      [[1, 1, 1, 1], [1, 1, 1, 1], [1, 1, 1, 1]])
    #expect(table.ranks(0) == [2.5, 1, 2.5] && table.settled.ranks(0) == [1.5, nil, 1.5])
    #expect(
      table.settled.count(1, 1) == 4 && table.settled.paretoFront([0, 1]) == [true, false, true])
  }

  @Test func `a heavy tail is ranked by its median`() {
    let scores: [Double?] = [1, 1, 1, 100, 2, 2, 2, 2]
    func table(_ statistic: ScoreStatistic) -> ScoreTable {
      ScoreTable(
        scores, methods: 2, images: 4, higherIsBetter: [false], statistics: [statistic])
    }
    #expect(table(.mean).ranks(0) == [2, 1] && table(.median).ranks(0) == [1, 2])
    #expect(table(.median).gain(0, over: 1, 0)?.value == 1)
  }

  @Test func `a total is an opinion in weights`() {
    let table = table([[1], [2], [3]], [[1], [2], [3]])
    #expect((0..<3).map { table.total($0, weights: [1, 0]) } == [0, 0.5, 1])
    #expect((0..<3).map { table.total($0, weights: [1, 3]) } == [0.75, 0.5, 0.25])
  }
}
