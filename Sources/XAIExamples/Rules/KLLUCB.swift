#if canImport(Glibc)
  import Glibc
#endif

/// Finds the most precise of several rules with few samples (Kaufmann and Kalyanakrishnan 2013, KL-LUCB).
///
/// What it finds is a suggestion: the samples that chose a rule cannot prove it. See `AnchorProof`.
public struct KLLUCB: Sendable {
  /// How many of the best arms are sought.
  public var top = 4
  /// The probability that may be wrong.
  public var delta = 0.05
  /// The gap between the best and the rest at which it stops.
  public var epsilon = 0.15
  /// The exponent of the round in the exploration rate, more than 1.
  public var alpha = 1.1
  /// The factor of the number of arms in the exploration rate.
  public var factor = 405.5
  /// How many samples of each arm it starts with.
  public var start = 10
  /// How many samples of an arm are drawn at a time.
  public var batch = 50
  /// The most samples in all: arms that are equal would ask for more and more.
  public var most = 3000

  /// The numbers of the semantics.
  public init() {}

  /// What was drawn of each arm.
  public struct State: Sendable, Equatable {
    /// Samples of each arm that kept the class.
    public var positives: [Int]
    /// Samples of each arm.
    public var samples: [Int]

    /// Groups counts.
    /// - Parameters:
    ///   - positives: One for each arm.
    ///   - samples: One for each arm, at least 1.
    public init(positives: [Int], samples: [Int]) {
      (self.positives, self.samples) = (positives, samples)
    }

    /// The share of positives of each arm.
    public var means: [Double] {
      zip(positives, samples).map { Double($0) / Double(max($1, 1)) }
    }
  }

  /// What is known in a round.
  public struct Round: Sendable, Equatable {
    /// The exploration rate: what n kl may be.
    public let level: Double
    /// A bound of each arm.
    public let lower: [Double]
    /// A bound of each arm.
    public let upper: [Double]
    /// The arms of largest mean, by index.
    public let best: [Int]
    /// The arm outside the best with the highest upper bound; nil where all are among the best.
    public let outside: Int?
    /// The arm inside with the lowest lower bound; nil where nothing is sought.
    public let inside: Int?

    /// The upper bound outside less the lower one inside; 0 where there is no choice.
    public var gap: Double {
      guard let outside, let inside else { return 0 }
      return upper[outside] - lower[inside]
    }
  }

  /// Looks at a state.
  /// - Parameters:
  ///   - state: What was drawn.
  ///   - number: The number of the round, from 1.
  /// - Returns: Bounds and the two critical arms; of equal ones the lower index.
  public func round(_ state: State, number: Int) -> Round {
    let (count, means) = (state.samples.count, state.means)
    let rate = log(factor * Double(count) * pow(Double(number), alpha) / delta)
    let level = rate + log(rate)
    let lower = (0..<count).map {
      KLBounds.lower(means[$0], samples: state.samples[$0], level: level)
    }
    let upper = (0..<count).map {
      KLBounds.upper(means[$0], samples: state.samples[$0], level: level)
    }
    let order = (0..<count).sorted { (-means[$0], $0) < (-means[$1], $1) }
    let best = order.prefix(max(top, 0)).sorted()
    let others = order.dropFirst(max(top, 0)).sorted()
    return Round(
      level: level, lower: lower, upper: upper, best: best,
      outside: others.min { (-upper[$0], $0) < (-upper[$1], $1) },
      inside: best.min { (lower[$0], $0) < (lower[$1], $1) })
  }

  /// A whole search.
  public struct Run: Sendable {
    /// The arms it suggests, by index.
    public let best: [Int]
    /// What was drawn.
    public let state: State
    /// The critical arms and gaps of all rounds; in the last one nothing was drawn.
    public let trace: [(outside: Int, inside: Int, gap: Double)]
    /// Whether the gap was closed; false where the most samples were drawn before.
    public let complete: Bool
  }

  /// Draws until the best arms are told from the rest.
  /// - Parameters:
  ///   - arms: How many.
  ///   - draw: Draws a number of samples of an arm behind those drawn of it before; returns how many are
  ///     positive.
  /// - Returns: The search.
  /// - Throws: What the closure throws.
  public func run(
    arms: Int, draw: (_ arm: Int, _ samples: Range<Int>) throws -> Int
  ) rethrows -> Run {
    var state = State(
      positives: Array(repeating: 0, count: arms), samples: Array(repeating: 0, count: arms))
    func add(_ count: Int, to arm: Int) throws {
      let first = state.samples[arm]
      state.positives[arm] += try draw(arm, first..<first + count)
      state.samples[arm] += count
    }
    for arm in 0..<arms { try add(max(start, 1), to: arm) }
    var trace: [(outside: Int, inside: Int, gap: Double)] = []
    var now = round(state, number: 1)
    while let outside = now.outside, let inside = now.inside {
      trace.append((outside, inside, now.gap))
      if now.gap <= epsilon { break }
      guard state.samples.reduce(0, +) + 2 * batch <= most else {
        return Run(best: now.best, state: state, trace: trace, complete: false)
      }
      try add(max(batch, 1), to: outside)
      try add(max(batch, 1), to: inside)
      now = round(state, number: trace.count + 1)
    }
    return Run(best: now.best, state: state, trace: trace, complete: true)
  }
}
