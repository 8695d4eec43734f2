/// The cheapest changes of named features that reach a goal, asked of what answers itself and of no surrogate (Ustun,
/// Spangher and Liu 2019; Karimi, Schoelkopf and Valera 2020).
///
/// All single changes and all pairs on a grid, in the order of their price, so that the first one that reaches the goal
/// is the cheapest of them; where none does, triples of the most promising pairs. Then every number is halved back
/// towards the fact as far as the goal stays reached.
public struct RecourseSearch: Sendable {
  /// What a feature is set to.
  public enum Setting: Sendable, Hashable {
    /// A number, by the share of its distribution that lies below it.
    case share(Double)
    /// One of several values.
    case choice(Int)
  }

  /// A feature that is set.
  public struct Step: Sendable, Hashable {
    /// Its position.
    public let feature: Int
    /// What it is set to.
    public let setting: Setting

    /// Sets a feature.
    /// - Parameters:
    ///   - feature: Its position.
    ///   - setting: What it is set to.
    public init(_ feature: Int, _ setting: Setting) {
      (self.feature, self.setting) = (feature, setting)
    }
  }

  /// What was answered when features were set.
  public struct Outcome: Sendable, Equatable {
    /// Whether the goal is reached.
    public let isReached: Bool
    /// By how much it leads; what comes nearest where nothing reaches it.
    public let margin: Double
    /// The price of what followed, where that is priced.
    public let extra: Double

    /// Describes an answer.
    /// - Parameters:
    ///   - isReached: Whether the goal is reached.
    ///   - margin: By how much it leads.
    ///   - extra: The price of what followed, at least 0.
    public init(isReached: Bool, margin: Double, extra: Double = 0) {
      (self.isReached, self.margin, self.extra) = (isReached, margin, extra)
    }
  }

  /// Changes, and what they lead to.
  public struct Answer: Sendable, Equatable {
    /// What is set, by ascending feature.
    public var steps: [Step]
    /// What each step costs.
    public var prices: [Double]
    /// What was answered.
    public var outcome: Outcome

    /// What all of it costs.
    public var cost: Double { prices.reduce(outcome.extra, +) }
    fileprivate var features: Set<Int> { Set(steps.map(\.feature)) }
  }

  /// What a search found.
  public struct Result: Sendable, Equatable {
    /// Answers by ascending cost, of other features each; empty where nothing reaches the goal.
    public let answers: [Answer]
    /// What comes nearest where nothing reaches it; nil where nothing may be set.
    public let closest: Answer?
    /// Whether no single change and no pair on the grid costs less than the cheapest one did before its numbers were
    /// moved back.
    public let isCheapest: Bool
    /// How often was asked.
    public let asked: Int
    /// Whether it ended by itself, not at its budget.
    public let complete: Bool
  }

  /// How many answers are wanted, of features that they have not in common where there are such.
  public var answers = 3
  /// At most so many questions.
  public var budget = 6000
  /// Questions that are asked together.
  public var batch = 64
  /// How often a number is halved back.
  public var halvings = 8
  /// Pairs that a third change is added to where no pair suffices.
  public var extendedPairs = 32
  private let features: [Feature]

  /// A feature that may be set.
  public struct Feature: Sendable, Equatable {
    /// Where the fact's number lies in its distribution; nil where it is no number.
    public let share: Double?
    /// What it may be set to.
    public let settings: [Setting]

    /// Describes a feature.
    /// - Parameters:
    ///   - share: Where the fact's number lies in its distribution; nil where it is no number.
    ///   - settings: What it may be set to; nothing where it may not.
    public init(share: Double?, settings: [Setting]) {
      (self.share, self.settings) = (share, settings)
    }
  }

  /// Takes features.
  /// - Parameter features: What may be set.
  public init(_ features: [Feature]) { self.features = features }

  /// Searches.
  /// - Parameters:
  ///   - price: What a step costs, at least 0.
  ///   - isAllowed: Whether a step may be taken, for numbers that are moved back.
  ///   - ask: The answers when steps are taken, one for each set.
  /// - Returns: What was found; of equal costs fewer features, then lower ones come first.
  /// - Throws: What asking throws.
  public func run(
    price: (Step) -> Double, isAllowed: (Step) -> Bool = { _ in true },
    ask: ([[Step]]) throws -> [Outcome]
  ) throws -> Result {
    let singles = features.indices.flatMap { feature in
      features[feature].settings.map { Step(feature, $0) }
    }
    let prices = singles.map(price)
    var ways: [Way] = singles.indices.map { Way(places: [$0], price: prices[$0]) }
    for first in singles.indices {
      for second in singles.indices.dropFirst(first + 1)
      where singles[second].feature != singles[first].feature {
        ways.append(Way(places: [first, second], price: prices[first] + prices[second]))
      }
    }
    var state = State(wanted: max(answers, 1))
    try examine(ways.sorted(by: Way.isBefore), singles, prices, &state, ask)
    if state.reached.isEmpty, !state.isSpent {
      try examine(triples(state, singles, prices), singles, prices, &state, ask)
    }
    let isCheapest = state.isCheapest
    var chosen = state.chosen
    for index in chosen.indices {
      chosen[index] = try movedBack(chosen[index], price, isAllowed, &state.asked, ask)
    }
    return Result(
      answers: chosen.sorted { $0.cost < $1.cost }, closest: chosen.isEmpty ? state.closest : nil,
      isCheapest: isCheapest, asked: state.asked, complete: !state.isSpent)
  }

  /// Steps by their positions among the single ones.
  private struct Way {
    let places: [Int]
    let price: Double

    static func isBefore(_ left: Way, _ right: Way) -> Bool {
      if left.price != right.price { return left.price < right.price }
      if left.places.count != right.places.count { return left.places.count < right.places.count }
      return left.places.lexicographicallyPrecedes(right.places)
    }
  }

  private struct State {
    let wanted: Int
    var asked = 0
    var isSpent = false
    var isCheapest = false
    var reached: [Answer] = []
    var closest: Answer?
    /// Pairs that did not reach the goal, by their margins.
    var pairs: [(places: [Int], margin: Double)] = []

    init(wanted: Int) { self.wanted = wanted }

    /// The cheapest answers of features that they have not in common, then of other features.
    var chosen: [Answer] {
      // A stable sort: what was asked first comes first.
      let order = reached.indices.sorted {
        (reached[$0].cost, $0) < (reached[$1].cost, $1)
      }.map { reached[$0] }
      var chosen: [Answer] = []
      var used: Set<Int> = []
      for answer in order where chosen.count < wanted && used.isDisjoint(with: answer.features) {
        chosen.append(answer)
        used.formUnion(answer.features)
      }
      for answer in order where chosen.count < wanted {
        let isNew = !chosen.contains {
          $0.features.isSubset(of: answer.features) || answer.features.isSubset(of: $0.features)
        }
        if isNew { chosen.append(answer) }
      }
      return chosen
    }

    /// Whether all that is wanted was found, and nothing that costs at least a price can change it.
    func isEnough(before price: Double) -> Bool {
      guard reached.count >= wanted else { return false }
      let chosen = chosen
      let features = chosen.map(\.features)
      let isDisjoint =
        features.reduce(Set()) { $0.union($1) }.count == features.map(\.count).reduce(0, +)
      return chosen.count == wanted && isDisjoint && chosen.allSatisfy { $0.cost <= price }
    }
  }

  private func examine(
    _ ways: [Way], _ singles: [Step], _ prices: [Double], _ state: inout State,
    _ ask: ([[Step]]) throws -> [Outcome]
  ) throws {
    var sufficient: [Set<Int>] = []
    var next = 0
    while next < ways.count {
      if state.isEnough(before: ways[next].price) { break }
      var part: [Way] = []
      while next < ways.count, part.count < batch {
        let places = Set(ways[next].places)
        // What a part of it reaches is known, and cheaper.
        if !sufficient.contains(where: { $0.isSubset(of: places) }) { part.append(ways[next]) }
        next += 1
      }
      let left = budget - state.asked
      if part.count > left {
        state.isSpent = true
        next -= part.count - max(left, 0)
        part = Array(part.prefix(max(left, 0)))
      }
      let outcomes = part.isEmpty ? [] : try ask(part.map { way in way.places.map { singles[$0] } })
      state.asked += part.count
      for (way, outcome) in zip(part, outcomes) {
        let answer = Answer(
          steps: way.places.map { singles[$0] }, prices: way.places.map { prices[$0] },
          outcome: outcome)
        if outcome.isReached {
          state.reached.append(answer)
          sufficient.append(Set(way.places))
        } else {
          if state.closest.map({ outcome.margin > $0.outcome.margin }) ?? true {
            state.closest = answer
          }
          if way.places.count == 2 { state.pairs.append((way.places, outcome.margin)) }
        }
      }
      if state.isSpent { break }
    }
    let rest = next < ways.count ? ways[next].price : Double.infinity
    if let first = state.chosen.first {
      state.isCheapest = first.steps.count < 3 && first.cost <= rest
    }
  }

  private func triples(_ state: State, _ singles: [Step], _ prices: [Double]) -> [Way] {
    let best = state.pairs.indices.sorted {
      (-state.pairs[$0].margin, $0) < (-state.pairs[$1].margin, $1)
    }.prefix(extendedPairs)
    var seen: Set<[Int]> = []
    return best.flatMap { pair in
      singles.indices.compactMap { third -> Way? in
        let two = state.pairs[pair].places
        guard !two.contains(where: { singles[$0].feature == singles[third].feature }) else {
          return nil
        }
        let places = (two + [third]).sorted()
        guard seen.insert(places).inserted else { return nil }
        return Way(places: places, price: places.reduce(0) { $0 + prices[$1] })
      }
    }.sorted(by: Way.isBefore)
  }

  /// Numbers as near to the fact as the goal allows, the dearest first.
  private func movedBack(
    _ answer: Answer, _ price: (Step) -> Double, _ isAllowed: (Step) -> Bool, _ asked: inout Int,
    _ ask: ([[Step]]) throws -> [Outcome]
  ) throws -> Answer {
    var best = answer
    let order = answer.steps.indices.sorted {
      (-answer.prices[$0], $0) < (-answer.prices[$1], $1)
    }
    for index in order {
      let feature = answer.steps[index].feature
      guard case .share(let set) = answer.steps[index].setting,
        let fact = features[feature].share
      else { continue }
      var (low, high) = (0.0, 1.0)
      for _ in 0..<halvings {
        let middle = (low + high) / 2
        let step = Step(feature, .share(fact + (set - fact) * middle))
        var steps = best.steps
        steps[index] = step
        guard isAllowed(step) else {
          low = middle
          continue
        }
        asked += 1
        guard let outcome = try ask([steps]).first, outcome.isReached else {
          low = middle
          continue
        }
        high = middle
        (best.steps, best.outcome) = (steps, outcome)
        best.prices[index] = price(step)
      }
    }
    return best
  }
}
