public import XAIAttribution
public import XAITensor

/// The fewest segments whose removal changes the answer, and none of them can be spared.
///
/// Sources: Martens and Provost 2014; Vermeire, Brughmans et al. 2022, SEDC.
/// Best first: the set whose removal lowers the class most is extended by every other segment, every set is asked
/// once, and the round that finds a change ends the search; then segments that are not needed return.
///
/// - Note: Deviation from the authors' program, which asks permutations of a set again, returns sets of which a
///   part suffices, and fails where nothing changes the class.
public struct EvidenceCounterfactual: Sendable {
  /// No set is extended any more once so many were asked.
  public var limit = 400
  /// Up to so many segments all smaller sets are asked as well, which proves that none suffices.
  public var provedSegments = 12
  /// The most forward passes of that proof.
  public var proofLimit = 2000
  /// The class that is wanted; any other one where it is nil.
  public var goal: Int?

  /// The numbers of the semantics.
  public init() {}

  /// What was found.
  public struct Result: Sendable, Equatable {
    /// The predicted class.
    public let predicted: Int
    /// Segments whose removal changes the class, before pruning; empty where none were found.
    public let found: [Int]
    /// Those that are left when none can be spared.
    public let pruned: [Int]
    /// The class without them; nil where none were found.
    public let changed: Int?
    /// Sets that were asked: the whole image, each set of the search once, and each that pruning tried.
    public let asked: Int
    /// Whether no smaller set suffices; nil where that was not asked.
    public let isMinimal: Bool?
    /// Whether the search ended by itself, not at its limit.
    public let complete: Bool
    /// The set that lowers the class most, and by how much, where nothing was found.
    public let closest: (segments: [Int], drop: Double)?

    /// Whether all fields are equal.
    public static func == (left: Result, right: Result) -> Bool {
      (left.predicted, left.found, left.pruned, left.changed)
        == (right.predicted, right.found, right.pruned, right.changed)
        && (left.asked, left.isMinimal, left.complete)
          == (right.asked, right.isMinimal, right.complete)
        && left.closest?.segments == right.closest?.segments
        && left.closest?.drop == right.closest?.drop
    }
  }

  /// Searches.
  /// - Parameters:
  ///   - image: `[1, C, H, W]`, normalized.
  ///   - absent: `[1, C, H, W]`: what removed segments show.
  ///   - segments: The image's segments.
  ///   - provesMinimum: Whether smaller sets are asked as well.
  ///   - reader: The network.
  /// - Returns: What was found.
  /// - Throws: `ExampleFailure` where shapes do not fit, or where a kernel fails.
  public func search(
    _ image: Tensor, absent: Tensor, _ segments: SegmentMap, provesMinimum: Bool = true,
    on reader: ClassReader
  ) throws -> Result {
    try reader.requireImages(image, "the image")
    try reader.requireImages(absent, "what removed segments show")
    if let goal { try reader.requireClass(goal) }
    guard [segments.height, segments.width] == Array(image.shape.suffix(2)) else {
      throw ExampleFailure(
        .shape(
          of: "the segments", found: [segments.height, segments.width],
          expected: "\(Array(image.shape.suffix(2)))"))
    }
    var game = RemovalGame(image: image, absent: absent, segments: segments, goal: goal, reader)
    let search = try EvidenceSearch(self, &game)
    let minimal =
      provesMinimum && !search.pruned.isEmpty && segments.count <= provedSegments
      ? try game.isMinimum(search.pruned, limit: proofLimit) : nil
    return Result(
      predicted: game.predicted, found: search.found, pruned: search.pruned,
      changed: search.changed, asked: search.asked, isMinimal: minimal,
      complete: search.complete, closest: search.closest)
  }
}

/// The way of one search.
private struct EvidenceSearch {
  var found: [Int] = []
  var pruned: [Int] = []
  var changed: Int?
  var asked = 0
  var complete = true
  var closest: (segments: [Int], drop: Double)?

  init(_ rules: EvidenceCounterfactual, _ game: inout RemovalGame) throws {
    try game.start()
    defer { asked = game.asked }
    guard !game.isReached else { return }
    var open: [(members: Set<Int>, drop: Double)] = [([], 0)]
    while !open.isEmpty {
      // Sets that were asked count, not the whole image.
      guard game.asked - 1 < rules.limit else {
        complete = false
        break
      }
      let best = open.indices.reduce(0) { open[$1].drop > open[$0].drop ? $1 : $0 }
      let members = open.remove(at: best).members
      let round = try game.answers(extending: members)
      let flips = round.filter(\.isChanged)
      if let flip = flips.first.map({ flips.reduce($0) { $1.drop > $0.drop ? $1 : $0 } }) {
        found = flip.members.sorted()
        let rest = try game.pruned(flip)
        (pruned, changed) = (rest.members.sorted(), rest.predicted)
        return
      }
      open += round.map { ($0.members, $0.drop) }
    }
    closest = game.largestDrop
  }
}
