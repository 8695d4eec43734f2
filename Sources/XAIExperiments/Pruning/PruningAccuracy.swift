import XAIStatistics
import XAITraining

/// What a network answered on a split.
public struct PruningAccuracy: Codable, Sendable, Equatable {
  /// The number of images.
  public var images: Int
  /// Images whose class came first.
  public var top1: Int
  /// Images whose class was among the first five.
  public var top5: Int
  /// Mean cross-entropy; nil where logits are not finite.
  public var loss: Double?
  /// Which images were right: one digit of 16 for each four.
  private var right: String

  init(_ tally: ClassificationTally, hits: [Bool]) {
    (images, top1, top5) = (tally.images, tally.hits, tally.hitsInFive)
    loss = tally.loss.isFinite ? tally.loss : nil
    right = stride(from: 0, to: hits.count, by: 4).map { start in
      let digit = (0..<4).reduce(0) { sum, bit in
        sum + (start + bit < hits.count && hits[start + bit] ? 1 << bit : 0)
      }
      return String(digit, radix: 16)
    }.joined()
  }

  /// Which images were right.
  private var hits: [Bool] {
    right.compactMap(\.hexDigitValue).flatMap { digit in (0..<4).map { digit >> $0 & 1 == 1 } }
  }

  /// Whether a file can hold this.
  var isPossible: Bool {
    images > 0 && 0...images ~= top1 && top1...images ~= top5
      && right.count == (images + 3) / 4 && hits.count { $0 } == top1
  }

  /// The share of images whose class came first.
  var share: Double { Double(top1) / Double(images) }

  /// McNemar's exact test against another network on the same images.
  func mcNemar(against other: PruningAccuracy) -> Double {
    let pairs = zip(hits, other.hits)
    return CountTests.mcNemar(pairs.count { $0 && !$1 }, pairs.count { !$0 && $1 })
  }
}
