/// Finds what somebody may have meant.
package enum Spelling {
  /// Words close to one that does not exist.
  /// - Parameters:
  ///   - word: What was written.
  ///   - candidates: What there is.
  ///   - limit: The most words to return.
  /// - Returns: The closest, best first; none where nothing is close.
  package static func closest(
    to word: String, in candidates: [String], limit: Int = 3
  ) -> [String] {
    let wanted = Array(word.lowercased())
    let most = max(1, wanted.count / 3)
    let ranked = candidates.enumerated().compactMap { position, candidate in
      let letters = candidate.lowercased()
      // No fewer changes than the lengths differ: what is far too long is not compared at all.
      let isLike = abs(letters.count - wanted.count) <= most
      let changes = isLike ? distance(wanted, Array(letters)) : Int.max
      let isPart =
        wanted.count > 2 && wanted.count <= letters.count && letters.contains(String(wanted))
      let isClose = changes <= most
      return isPart || isClose
        ? (candidate: candidate, rank: isClose ? changes : 100, position: position) : nil
    }
    return ranked.sorted { ($0.rank, $0.position) < ($1.rank, $1.position) }.prefix(limit)
      .map(\.candidate)
  }

  /// The fewest letters to insert, remove or replace (Levenshtein 1966).
  private static func distance(_ left: [Character], _ right: [Character]) -> Int {
    var row = Array(0...right.count)
    for (i, letter) in left.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, other) in right.enumerated() {
        let replaced = diagonal + (letter == other ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(replaced, diagonal + 1, row[j] + 1)
      }
    }
    return row[right.count]
  }
}

extension StringProtocol {
  /// The text without spaces at its ends.
  package var trimmingSpaces: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
