package import XAITensor

/// Which of M segments are present.
package struct Coalition: Hashable {
  /// The most that are drawn: their rows are held together.
  static let most = 100_000

  /// One for each segment.
  package let members: [Bool]

  /// Takes who is present.
  /// - Parameter members: One for each segment.
  package init(members: [Bool]) { self.members = members }

  /// The number of segments that are present.
  package var size: Int { members.reduce(0) { $0 + ($1 ? 1 : 0) } }
  /// Those that are absent.
  var complement: Coalition { Coalition(members: members.map { !$0 }) }
  /// Whether some segments are present and some absent.
  var isMixed: Bool { 1..<members.count ~= size }
  /// 1 where a segment is present, else 0.
  package var row: [Double] { members.map { $0 ? 1 : 0 } }

  /// All or none of the segments.
  /// - Parameters:
  ///   - count: M.
  ///   - isPresent: Whether they are present.
  /// - Returns: The coalition.
  package static func uniform(_ count: Int, _ isPresent: Bool) -> Coalition {
    Coalition(members: Array(repeating: isPresent, count: count))
  }

  /// All coalitions; bit s of the index says whether segment s is present.
  /// - Parameter count: M.
  /// - Returns: 2^M coalitions.
  package static func all(of count: Int) -> [Coalition] {
    (0..<1 << count).map { index in
      Coalition(members: (0..<count).map { index >> $0 & 1 == 1 })
    }
  }

  /// Coalitions from a file.
  /// - Parameters:
  ///   - reference: Integers `[rows, M]`, 0 where a segment is absent.
  ///   - count: M.
  /// - Returns: One for each row.
  /// - Throws: `FileFailure`, or where the tensor has another shape.
  package static func design(_ reference: TensorReference, of count: Int) throws -> [Coalition] {
    let (values, shape) = try reference.integers()
    guard shape.count == 2, shape[0] > 0, shape[1] == count else {
      throw AttributionFailure(
        .usage,
        "the design \(reference.name) in \(reference.path) has the shape \(shape), "
          + "expected [rows, \(count)] for \(count) segments")
    }
    return (0..<shape[0]).map { row in
      Coalition(members: values[row * count..<(row + 1) * count].map { $0 != 0 })
    }
  }

  /// Checks the shape of coalitions in a file.
  /// - Parameters:
  ///   - reference: Integers `[rows, M]`.
  ///   - count: M, where it is known.
  /// - Returns: Their number.
  /// - Throws: `FileFailure`, or where the tensor has another shape.
  static func rows(of reference: TensorReference, segments count: Int?) throws -> Int {
    if let count { return try design(reference, of: count).count }
    return try reference.integers().shape.first ?? 0
  }

  /// Each segment is present with probability 1/2.
  static func drawn(_ count: Int, from stream: inout RandomStream) -> Coalition {
    Coalition(members: (0..<count).map { _ in stream.next() & 1 == 1 })
  }

  /// The size k is drawn with `p(k) ~ (M - 1) / (k (M - k))`, 0 < k < M, and a subset of that size
  /// uniformly: the distribution of the Shapley kernel.
  package static func kernelDrawn(_ count: Int, from stream: inout RandomStream) -> Coalition {
    let masses = (1..<count).map { 1 / Double($0 * (count - $0)) }
    var rest = stream.uniform() * masses.reduce(0, +)
    var size = 1
    while size < count - 1 && rest >= masses[size - 1] {
      rest -= masses[size - 1]
      size += 1
    }
    var order = Array(0..<count)
    stream.shuffle(&order)
    var members = Array(repeating: false, count: count)
    for member in order.prefix(size) { members[member] = true }
    return Coalition(members: members)
  }
}
