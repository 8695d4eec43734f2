/// The precision of every rule over a few segments, from all of their coalitions: exact, nothing is drawn.
///
/// Bit s of an index says whether segment s is present; what is absent shows something else. Every segment that a
/// rule does not fix stays with probability 1/2.
public struct RuleTable: Sendable {
  /// The most segments: each doubles the table.
  public static let mostSegments = 20
  /// The number of segments.
  public let segments: Int
  /// The precision of each rule, by the number whose bits are its segments.
  public let precision: [Double]

  /// Computes precisions.
  /// - Parameter isSame: Whether the class stays, for every coalition: a power of two many.
  /// - Throws: `ExampleFailure` where there are not so many.
  public init(_ isSame: [Bool]) throws(ExampleFailure) {
    let segments = isSame.count.trailingZeroBitCount
    guard !isSame.isEmpty, isSame.count == 1 << segments, segments <= Self.mostSegments else {
      throw ExampleFailure(
        .value(
          of: "the number of coalitions", found: "\(isSame.count)",
          expected: "a power of two up to 2^\(Self.mostSegments)"))
    }
    self.segments = segments
    // Sums over all coalitions that contain a rule, one segment after the other.
    var sums = isSame.map { $0 ? 1.0 : 0.0 }
    for segment in 0..<segments {
      for index in sums.indices where index >> segment & 1 == 0 {
        sums[index] += sums[index | 1 << segment]
      }
    }
    precision = sums.indices.map { index in
      sums[index] / Double(1 << (segments - index.nonzeroBitCount))
    }
  }

  /// The rule of fewest segments that is precise enough; of these the most precise, then the lowest number.
  /// - Parameter threshold: The precision that is asked for.
  /// - Returns: Its number; nil where none is precise enough.
  public func shortest(threshold: Double) -> Int? {
    precision.indices.filter { precision[$0] >= threshold }.min {
      ($0.nonzeroBitCount, -precision[$0], $0) < ($1.nonzeroBitCount, -precision[$1], $1)
    }
  }
}
