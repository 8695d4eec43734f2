/// The shortest set of predicates that is sufficient for an answer, proved (Ribeiro, Singh and Guestrin 2018).
///
/// KL-LUCB suggests rules, size after size; fresh samples prove them. Coverage of image rules is
/// `keep^size` exactly, so the first size with an accepted rule has the largest. Where rules of one length cover more or
/// less, the search goes on as long as a longer one could cover more.
///
/// - Note: Deviation from the paper and its programs: the empty rule is asked first, the lower bound is exact, and
///   the confidence is spent over all looks of an image.
public struct AnchorSearch: Sendable {
  /// How samples of rules are shared out.
  public var bandit = KLLUCB()
  /// What a rule must prove.
  public var proof = AnchorProof()
  /// The most predicates of a rule.
  public var mostPredicates = 8

  /// The numbers of the semantics.
  public init() {}

  /// A rule, and what is known of it.
  public struct Anchor: Sendable, Equatable {
    /// Its predicates, ascending.
    public let rule: [Int]
    /// What its proof, or the attempt, showed.
    public let verdict: AnchorProof.Verdict
  }

  /// What a search found.
  public struct Result: Sendable {
    /// The accepted rule; where none was, the one of the highest bound.
    public let anchor: Anchor
    /// Whether a rule was accepted.
    public let reached: Bool
    /// Every rule that was looked at, in this order.
    public let looks: [Anchor]
    /// All samples that were drawn.
    public let samples: Int
    /// Whether each size was searched to the end.
    public let complete: Bool
  }

  /// Searches.
  /// - Parameters:
  ///   - predicates: How many there are.
  ///   - size: What of several rules of the same bound is larger, such as its pixels.
  ///   - coverage: How much a rule covers, falling as it grows; nil where that follows from its length.
  ///   - matches: How many of some samples of a rule keep the class; `isProof` tells fresh draws from those of
  ///     the search.
  /// - Returns: What was found.
  /// - Throws: What the closure throws.
  public func run(
    predicates: Int, size: ([Int]) -> Int = { _ in 0 }, coverage: (([Int]) -> Double)? = nil,
    matches: (_ rule: [Int], _ samples: Range<Int>, _ isProof: Bool) throws -> Int
  ) rethrows -> Result {
    var proof = proof
    var (looks, samples, complete) = ([Anchor](), 0, true)
    func look(_ rule: [Int]) throws -> Anchor {
      let count = try matches(rule, 0..<proof.samples, true)
      samples += proof.samples
      let anchor = Anchor(rule: rule, verdict: proof.look(matches: count))
      looks.append(anchor)
      return anchor
    }
    func result(_ anchor: Anchor) -> Result {
      Result(
        anchor: anchor, reached: anchor.verdict.accepted, looks: looks, samples: samples,
        complete: complete)
    }
    let empty = try look([])
    if empty.verdict.accepted { return result(empty) }
    var beam: [[Int]] = [[]]
    var widest: Anchor?
    for _ in 0..<min(mostPredicates, predicates) {
      let candidates = Self.extensions(of: beam, predicates)
      if let coverage, let widest {
        let known = coverage(widest.rule)
        guard candidates.contains(where: { coverage($0) > known }) else { break }
      }
      let run = try bandit.run(arms: candidates.count) { arm, range in
        samples += range.count
        return try matches(candidates[arm], range, false)
      }
      complete = complete && run.complete
      let means = run.state.means
      let best = run.best.sorted { (-means[$0], $0) < (-means[$1], $1) }
      let proved = try best.filter { means[$0] >= proof.threshold }
        .map { try look(candidates[$0]) }.filter(\.verdict.accepted)
      if let coverage {
        widest = ([widest].compactMap(\.self) + proved).min {
          (-coverage($0.rule), -$0.verdict.bound) < (-coverage($1.rule), -$1.verdict.bound)
        }
      } else if let answer = proved.min(by: {
        (-$0.verdict.bound, size($0.rule)) < (-$1.verdict.bound, size($1.rule))
      }) {
        return result(answer)
      }
      beam = best.map { candidates[$0] }
    }
    if let widest { return result(widest) }
    // Where none was precise enough to be proved, what the most precise of the longest ones holds is the attempt.
    if looks.count == 1, let best = beam.first, !best.isEmpty {
      let attempt = try look(best)
      if attempt.verdict.accepted { return result(attempt) }
    }
    let closest = looks.max { $0.verdict.bound < $1.verdict.bound } ?? empty
    return result(closest)
  }

  /// Every rule of a beam with one predicate more, each set once.
  static func extensions(of beam: [[Int]], _ predicates: Int) -> [[Int]] {
    var (seen, rules) = (Set<[Int]>(), [[Int]]())
    for rule in beam {
      for predicate in 0..<predicates where !rule.contains(predicate) {
        let longer = (rule + [predicate]).sorted()
        if seen.insert(longer).inserted { rules.append(longer) }
      }
    }
    return rules
  }
}
