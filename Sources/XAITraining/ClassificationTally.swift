public import XAITensor

/// Counts hits and adds up losses: what validation after an epoch needs.
public struct ClassificationTally: Sendable, Equatable {
  /// Images so far.
  public private(set) var images = 0
  /// Images whose class came first.
  public private(set) var hits = 0
  /// Images whose class was among the first five, or among all if there are fewer.
  public private(set) var hitsInFive = 0
  /// Images whose logits held a NaN; they count as misses and make the loss NaN.
  public private(set) var undefined = 0
  private var lossSum = 0.0

  /// A tally of no images.
  public init() {}

  /// Adds an image.
  /// - Parameters:
  ///   - ranking: What the logits say.
  ///   - label: The true class.
  public mutating func record(_ ranking: ClassRanking, label: Int) {
    images += 1
    lossSum += ranking.loss
    if ranking.predicted == label { hits += 1 }
    if ranking.classes.contains(label) { hitsInFive += 1 }
    if ranking.predicted == nil { undefined += 1 }
  }

  /// Adds a batch.
  /// - Parameters:
  ///   - logits: `[N, classes]`, before softmax. Rows beyond the labels are ignored, so that a
  ///     last batch may be padded.
  ///   - labels: The true classes, at most N.
  public mutating func record(logits: Tensor, labels: [Int]) {
    eachRanking(logits: logits, labels: labels) { record($1, label: labels[$0]) }
  }

  /// Mean cross-entropy; NaN without images.
  public var loss: Double { lossSum / Double(images) }
  /// Fraction of images whose class came first; NaN without images.
  public var top1: Double { Double(hits) / Double(images) }
  /// Fraction of images whose class was among the first five; NaN without images.
  public var top5: Double { Double(hitsInFive) / Double(images) }
}

/// Ranks each row of a batch that has a label.
func eachRanking(logits: Tensor, labels: [Int], _ body: (Int, ClassRanking) -> Void) {
  precondition(
    logits.shape.count == 2 && labels.count <= logits.shape[0],
    "logits \(logits.shape) for \(labels.count) labels")
  let classes = logits.shape[1]
  logits.withUnsafeElements { elements in
    for (row, label) in labels.enumerated() {
      let logits = UnsafeBufferPointer(rebasing: elements[row * classes..<(row + 1) * classes])
      body(row, ClassRanking(logits: logits, label: label))
    }
  }
}
