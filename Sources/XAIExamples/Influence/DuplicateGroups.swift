public import XAIStatistics

/// Images that are equal, or nearly: removing one of them leaves the other.
public enum DuplicateGroups {
  /// Groups rows.
  /// - Parameters:
  ///   - rows: Features.
  ///   - tolerance: How far rows of a group may be from its first, as a share of its length.
  /// - Returns: Groups of at least two rows, by their first.
  public static func groups(of rows: Matrix, tolerance: Double = 1e-3) -> [[Int]] {
    let squares = (0..<rows.rows).map { row in dot(rows.row(row), rows.row(row)) }
    // Rows near each other have nearly the same length, so that only neighbors in this order are compared.
    let order = squares.indices.sorted { (squares[$0], $0) < (squares[$1], $1) }
    var (groups, isTaken) = ([[Int]](), Array(repeating: false, count: rows.rows))
    for (place, first) in order.enumerated() where !isTaken[first] {
      let length = squares[first].squareRoot()
      var group = [first]
      for other in order[(place + 1)...] {
        guard squares[other].squareRoot() <= length * (1 + tolerance) else { break }
        guard !isTaken[other] else { continue }
        let difference = zip(rows.row(first), rows.row(other)).reduce(0.0) {
          $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
        }
        if difference.squareRoot() <= tolerance * length { group.append(other) }
      }
      guard group.count > 1 else { continue }
      for row in group { isTaken[row] = true }
      groups.append(group.sorted())
    }
    return groups.sorted { $0[0] < $1[0] }
  }
}
