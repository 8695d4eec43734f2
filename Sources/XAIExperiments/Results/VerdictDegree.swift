import XAIMetrics

extension MethodVerdict {
  /// How much a method's maps depend on what the network has learned.
  public enum Degree: String, Codable, Sendable, CaseIterable {
    /// They lose more than half of what they could lose.
    case depends
    /// They lose less than half.
    case hardly
    /// They stay as they were when the whole dense head is random.
    case doesNot = "does not"
    /// The test cannot tell.
    case cannotTell = "cannot tell"
  }

  /// How far maps went from those of the trained network to unrelated ones, once the whole dense head was random.
  ///
  /// 0 where they are the same, 1 where they are as alike as maps of different images, the noise floor, which is
  /// taken as known; beyond 1 where they are less alike than these.
  public struct Change: Codable, Sendable, Equatable {
    /// Of the mean over images and draws.
    public var mean: Double
    /// Of the more alike end of the mean's confidence interval; nil where that is open.
    public var lower: Double?
    /// Of the less alike end.
    public var upper: Double?

    /// Measures a change; nil where unrelated maps are as alike as equal ones.
    /// - Parameters:
    ///   - summary: Similarity after the dense head.
    ///   - floor: Similarity of unrelated maps.
    ///   - scale: The measure's scale.
    init?(_ summary: ScoreSummary, floor: Double, on scale: MeasureScale) {
      let whole = scale.equal - floor
      guard whole != 0, whole.isFinite else { return nil }
      func share(_ value: Double) -> Double { (scale.equal - value) / whole }
      let ends = [summary.lower, summary.upper].map { $0.map(share) }
      mean = share(summary.mean)
      let isAlike = scale.direction == .alike
      (lower, upper) = isAlike ? (ends[1], ends[0]) : (ends[0], ends[1])
    }
  }
}

extension VerdictRule {
  /// How much a method depends on what was learned, and how far its maps went.
  ///
  /// Where maps are still at the margin after the whole dense head, they do not depend on it. Else the interval of the
  /// share of the way to the noise floor decides, where it lies on one side of one half. What keeps a verdict from
  /// being spoken keeps a degree from it; controls have no such excuse.
  func degree(
    _ evidence: Evidence, isControl: Bool
  ) -> (degree: MethodVerdict.Degree, change: MethodVerdict.Change?) {
    guard let after = evidence.summary(.cascading, head, measure) else { return (.cannotTell, nil) }
    let floor = evidence.floor?.mean
    let change = floor.flatMap { MethodVerdict.Change(after, floor: $0, on: record.scale) }
    let isUnchanged = isUnchanged(after.mean, at: margin)
    if isControl { return (isUnchanged ? .doesNot : .cannotTell, change) }
    if obstacle(to: [after], evidence) != nil { return (.cannotTell, change) }
    if let floor, self.isUnchanged(floor, at: margin) { return (.cannotTell, change) }
    if isUnchanged { return (.doesNot, change) }
    let ranks = evidence.summary(.cascading, head, Self.ranks)?.mean
    // The map is turned around or scaled rather than changed.
    if let ranks, ranks >= ranksMargin { return (.cannotTell, change) }
    guard let change, let lower = change.lower, let upper = change.upper else {
      return (.cannotTell, change)
    }
    return (lower > 0.5 ? .depends : upper < 0.5 ? .hardly : .cannotTell, change)
  }
}
