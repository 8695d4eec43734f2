public import XAIEvaluation

/// The removal curves of an evaluation: what the network says of an image while more and more of it goes.
public struct EvaluationCurves: Sendable {
  /// Curves of one image against one baseline.
  public struct Entry: Sendable {
    /// The position of the image.
    public let image: Int
    /// What stands in the place of what is removed.
    public let baseline: String
    /// The curves of each method and control, in the order of the results; nil where a map holds NaN.
    public let methods: [CurvePair?]
    /// The mean of the curves of several random orders, at the same points.
    public let random: RemovalCurve
    /// Removing the cells of the coalition table in the best order there is, by quantity: logit, probability.
    public let best: [RemovalCurve]
    /// The same in the worst order there is.
    public let worst: [RemovalCurve]

    /// Groups curves.
    /// - Parameters:
    ///   - image: The position of the image.
    ///   - baseline: What stands in the place of what is removed.
    ///   - methods: The curves of each method and control; nil where a map holds NaN.
    ///   - random: The mean of the curves of several random orders.
    ///   - best: The cells in the best order, for logit and probability.
    ///   - worst: The cells in the worst order, for logit and probability.
    public init(
      image: Int, baseline: String, methods: [CurvePair?], random: RemovalCurve,
      best: [RemovalCurve], worst: [RemovalCurve]
    ) {
      (self.image, self.baseline, self.methods) = (image, baseline, methods)
      (self.random, self.best, self.worst) = (random, best, worst)
    }
  }

  /// One for each image and baseline; none where faithfulness was not measured.
  public var entries: [Entry]

  /// Groups entries.
  /// - Parameter entries: One for each image and baseline.
  public init(_ entries: [Entry] = []) { self.entries = entries }
}
