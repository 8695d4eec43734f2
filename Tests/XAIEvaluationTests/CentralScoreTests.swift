import Testing
import XAIEvaluation

/// Medians and the intervals between order statistics, as tables of the binomial distribution have them.
@Suite struct CentralScoreTests {
  private func median(_ scores: [Double?]) -> CentralScore? {
    ScoreTable(
      scores, methods: 1, images: scores.count, higherIsBetter: [true], statistics: [.median]
    ).center(0, 0)
  }

  @Test(arguments: [
    (5, nil), (6, 1), (8, 1), (9, 2), (10, 2), (20, 6), (50, 18), (100, 40), (2_000, 956),
  ])
  func `the interval has the order statistics of the table`(_ count: Int, _ first: Int?) throws {
    let score = try #require(median((1...count).shuffled().map { Double($0) }))
    #expect(score.count == count && score.value == Double(count + 1) / 2)
    #expect(score.interval == first.map { Double($0)...Double(count + 1 - $0) })
  }

  @Test func `undefined scores do not count`() throws {
    #expect(median([nil, nil]) == nil)
    let score = try #require(median([nil, 3, 1, nil, 2]))
    #expect(score.count == 3 && score.value == 2 && score.interval == nil)
  }

  @Test func `one image of a heavy tail does not move it`() throws {
    let scores = (1...11).map { Double($0) }
    let moved = scores.dropLast() + [1e12]
    #expect(try #require(median(scores)).value == #require(median(Array(moved))).value)
  }
}
