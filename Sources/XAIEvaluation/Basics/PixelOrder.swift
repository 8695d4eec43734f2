/// The order in which pixels are taken away: `morf`, most relevant first.
///
/// Equal values come in the order of their tie ranks, a random permutation that all methods share. So a
/// constant map is a random order, and maps of equal blocks have no bias towards the top. `lerf`, least
/// relevant first, is the exact reverse.
/// - Note: Deviation: Quantus sorts unstably, RISE and Xplique in reversed raster order, pnpxai in raster
///   order; where most pixels are equal, as in a rectified Grad-CAM map, that decides the score.
public struct PixelOrder: Sendable, Hashable {
  /// Indices of pixels, most relevant first.
  public let pixels: [Int]

  /// Takes an order as it is.
  /// - Parameters:
  ///   - pixels: A permutation of the indices.
  ///   - subject: Whose order it is, for messages.
  /// - Throws: `EvaluationFailure` where it is none.
  public init(_ pixels: [Int], subject: String) throws(EvaluationFailure) {
    guard Permutation.isOne(pixels) else {
      throw EvaluationFailure(.noPermutation(of: pixels.count), of: subject)
    }
    self.pixels = pixels
  }

  /// Orders values.
  /// - Parameters:
  ///   - values: One finite number for each index, compared as it is.
  ///   - ties: As many ranks; among equal values the lower one comes first.
  public init(of values: [Double], ties: [Int]) {
    precondition(values.count == ties.count, "\(values.count) values, \(ties.count) tie ranks")
    pixels = values.indices.sorted {
      values[$0] != values[$1] ? values[$0] > values[$1] : ties[$0] < ties[$1]
    }
  }

  /// The exact reverse: least relevant first.
  public var reversed: PixelOrder { PixelOrder(unchecked: pixels.reversed()) }

  private init(unchecked pixels: [Int]) { self.pixels = pixels }
}

/// What makes a list of whole numbers an order.
enum Permutation {
  /// Whether a list names each of `0 ..< count` once.
  static func isOne(_ numbers: some Collection<Int>) -> Bool {
    var seen = Array(repeating: false, count: numbers.count)
    for number in numbers {
      guard seen.indices ~= number, !seen[number] else { return false }
      seen[number] = true
    }
    return true
  }
}
