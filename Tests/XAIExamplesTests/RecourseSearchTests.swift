import Testing
import XAIExamples
import XAITensor

@Suite struct RecourseSearchTests {
  typealias Step = RecourseSearch.Step

  private static let grid = [0.05, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95]

  /// Four numbers and a category of three values, with a score that needs more than one of them.
  private static func search(_ shares: [Double]) -> RecourseSearch {
    let numbers = shares.map { share in
      RecourseSearch.Feature(
        share: share, settings: grid.filter { abs($0 - share) > 1e-9 }.map { .share($0) })
    }
    let category = RecourseSearch.Feature(share: nil, settings: [.choice(1), .choice(2)])
    return RecourseSearch(numbers + [category])
  }

  private static func price(_ shares: [Double]) -> (Step) -> Double {
    { step in
      switch step.setting {
      case .share(let new): abs(new - shares[step.feature])
      case .choice: 1
      }
    }
  }

  private static func score(
    _ shares: [Double], _ weights: [Double], _ bias: Double, _ steps: [Step]
  ) -> Double {
    var (values, choice) = (shares, 0)
    for step in steps {
      switch step.setting {
      case .share(let new): values[step.feature] = new
      case .choice(let value): choice = value
      }
    }
    return zip(values, weights).reduce(bias) { $0 + $1.0 * $1.1 } + 0.4 * Double(choice)
  }

  /// Every single change and every pair.
  private static func cheapest(
    _ shares: [Double], reaches: ([Step]) -> Bool
  ) -> Double? {
    let numbers = shares.indices.flatMap { feature in
      grid.filter { abs($0 - shares[feature]) > 1e-9 }.map { Step(feature, .share($0)) }
    }
    let steps = numbers + [Step(shares.count, .choice(1)), Step(shares.count, .choice(2))]
    let price = price(shares)
    let singles = steps.map { [$0] }
    let pairs = steps.flatMap { first in
      steps.filter { $0.feature > first.feature }.map { [first, $0] }
    }
    let ways = singles + pairs
    return ways.filter(reaches).map { $0.reduce(0) { $0 + price($1) } }.min()
  }

  @Test(arguments: 0..<24)
  func `the first answer is the cheapest of all single changes and pairs, asked one by one`(
    _ run: Int
  ) throws {
    var stream = RandomStream(seed: 3, purpose: "recourse", run)
    let shares = (0..<4).map { _ in stream.uniform() }
    let weights = (0..<4).map { _ in stream.uniform(in: -1..<1) }
    let now = Self.score(shares, weights, 0, [])
    let bias = -now - stream.uniform(in: 0.05..<0.9)
    var search = Self.search(shares)
    (search.halvings, search.batch) = (0, 1 + run)
    let result = try search.run(price: Self.price(shares)) { all in
      all.map { steps in
        let score = Self.score(shares, weights, bias, steps)
        return RecourseSearch.Outcome(isReached: score > 0, margin: score)
      }
    }
    let best = Self.cheapest(shares) { Self.score(shares, weights, bias, $0) > 0 }
    #expect(result.complete)
    guard let first = result.answers.first, first.steps.count < 3 else {
      #expect(best == nil)
      return
    }
    #expect(abs(first.cost - (best ?? 9)) < 1e-12 && result.isCheapest)
    let sets = result.answers.map { $0.steps.map(\.feature) }
    #expect(Set(sets).count == sets.count, "distinct features")
  }

  @Test func `numbers come back as far as the goal allows`() throws {
    let search = RecourseSearch([
      RecourseSearch.Feature(share: 0.2, settings: [.share(0.5), .share(0.95)])
    ])
    let result = try search.run(price: Self.price([0.2])) { all in
      all.map { steps in
        let value = Self.score([0.2], [1], -0.61, steps)
        return RecourseSearch.Outcome(isReached: value > 0, margin: value)
      }
    }
    guard case .share(let value) = result.answers[0].steps[0].setting else {
      Issue.record("it is a number")
      return
    }
    #expect(value > 0.61 && value < 0.61 + 0.75 / 256 + 1e-12)
    #expect(abs(result.answers[0].cost - (value - 0.2)) < 1e-12)
    #expect(result.asked == 2 + 8)
  }

  @Test func `a number is not moved to where it may not be`() throws {
    let search = RecourseSearch([
      RecourseSearch.Feature(share: 0.9, settings: [.share(0.5), .share(0.1)])
    ])
    let result = try search.run(price: Self.price([0.9])) { step in
      if case .share(let value) = step.setting { value <= 0.5 } else { false }
    } ask: { all in
      all.map { _ in RecourseSearch.Outcome(isReached: true, margin: 1) }
    }
    #expect(result.answers.map(\.steps) == [[Step(0, .share(0.5))]])
  }

  @Test func `three changes are tried where two do not suffice, and nothing found is a result`()
    throws
  {
    let features = (0..<3).map { _ in
      RecourseSearch.Feature(share: nil, settings: [.choice(1)])
    }
    func found(_ needed: Int) throws -> RecourseSearch.Result {
      try RecourseSearch(features).run(price: { _ in 1 }) { all in
        all.map {
          RecourseSearch.Outcome(isReached: $0.count >= needed, margin: Double($0.count - needed))
        }
      }
    }
    let three = try found(3)
    #expect(three.answers.count == 1 && three.answers[0].steps.count == 3 && !three.isCheapest)
    #expect(three.closest == nil && three.asked == 3 + 3 + 1)
    let none = try found(4)
    #expect(none.answers.isEmpty && none.closest?.steps.count == 3)
    #expect(none.closest?.outcome.margin == -1 && none.complete)
    let nothing = try RecourseSearch([]).run(price: { _ in 1 }) { _ in [] }
    #expect(nothing.answers.isEmpty && nothing.closest == nil && nothing.asked == 0)
  }

  @Test func `several answers have no feature in common where there are such`() throws {
    let features = (0..<4).map { _ in
      RecourseSearch.Feature(share: nil, settings: [.choice(1), .choice(2)])
    }
    let result = try RecourseSearch(features).run(price: { Double(1 + $0.feature) }) { all in
      all.map { steps in
        let set = Set(steps.map(\.feature))
        return RecourseSearch.Outcome(
          isReached: set.contains(1) || set.isSuperset(of: [0, 2]) || set.isSuperset(of: [0, 3]),
          margin: 0)
      }
    }
    #expect(result.answers.map { $0.steps.map(\.feature) } == [[1], [0, 2], [0, 3]])
  }

  @Test func `what followed is part of the price where it is priced`() throws {
    let features = (0..<2).map { _ in
      RecourseSearch.Feature(share: nil, settings: [.choice(1)])
    }
    var search = RecourseSearch(features)
    search.answers = 1
    let result = try search.run(price: { $0.feature == 0 ? 0.1 : 0.5 }) { all in
      all.map {
        RecourseSearch.Outcome(isReached: true, margin: 1, extra: $0[0].feature == 0 ? 2 : 0)
      }
    }
    #expect(result.answers.map(\.cost) == [0.5] && result.isCheapest)
  }

  @Test func `a search ends at its budget and says so`() throws {
    var search = Self.search([0.1, 0.2, 0.3, 0.4])
    (search.budget, search.batch) = (10, 4)
    let result = try search.run(price: Self.price([0.1, 0.2, 0.3, 0.4])) { all in
      all.map { _ in RecourseSearch.Outcome(isReached: false, margin: -1) }
    }
    #expect(result.asked == 10 && !result.complete && result.closest != nil)
  }
}
