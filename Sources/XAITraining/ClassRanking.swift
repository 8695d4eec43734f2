#if canImport(Glibc)
  import Glibc
#endif

/// What a network's logits for one image say.
public struct ClassRanking: Sendable, Equatable {
  /// Up to five classes, the likeliest first.
  ///
  /// Equal logits rank by the lower index; `torch.topk`
  /// leaves their order open. Empty when a logit is NaN or infinite: such an output ranks nothing.
  public let classes: [Int]
  /// The probabilities of `classes`: softmax in double precision.
  public let probabilities: [Double]
  /// Cross-entropy, -ln of the true class's probability, in double precision.
  public let loss: Double

  /// Ranks the classes.
  /// - Parameters:
  ///   - logits: One number per class, before softmax.
  ///   - label: The true class.
  public init(logits: UnsafeBufferPointer<Float>, label: Int) {
    precondition(logits.indices.contains(label), "label \(label) of \(logits.count) classes")
    if logits.contains(where: { !$0.isFinite }) {
      (classes, probabilities, loss) = ([], [], .nan)
      return
    }
    var classes: [Int] = []
    for (index, logit) in logits.enumerated() {
      let place = classes.firstIndex { logit > logits[$0] } ?? classes.count
      guard place < 5 else { continue }
      if classes.count == 5 { classes.removeLast() }
      classes.insert(index, at: place)
    }
    // Log-sum-exp: no overflow, and the greatest term is exactly 1.
    let greatest = Double(logits[classes[0]])
    let sum = logits.reduce(0.0) { $0 + exp(Double($1) - greatest) }
    let logarithm = greatest + log(sum)
    self.classes = classes
    probabilities = classes.map { exp(Double(logits[$0]) - logarithm) }
    loss = logarithm - Double(logits[label])
  }

  /// The likeliest class; none when a logit is NaN or infinite.
  public var predicted: Int? { classes.first }

  /// The probability of the likeliest class; NaN when a logit is NaN or infinite.
  public var confidence: Double { probabilities.first ?? .nan }
}
