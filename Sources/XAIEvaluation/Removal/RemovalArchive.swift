/// What a network said about one image, class and filling when sets of pixels were gone, kept beyond the process:
/// a method that is added later pays for its own orders only.
public protocol RemovalArchive: AnyObject {
  /// What is known of some removals.
  /// - Parameter masks: The pixels that go.
  /// - Returns: One for each; `nil` where it is not known.
  /// - Throws: Where it cannot be read.
  func answers(to masks: [PixelMask]) throws -> [RemovalAnswer?]

  /// Keeps what was found.
  /// - Parameters:
  ///   - answers: What the network said.
  ///   - masks: The pixels that went.
  /// - Throws: Where it cannot be written.
  func keep(_ answers: [RemovalAnswer], to masks: [PixelMask]) throws
}

/// What a network says without some pixels.
public struct RemovalAnswer: Sendable, Equatable {
  /// Logit and probability of the class that is explained.
  public var value: TargetValue
  /// The class that the network names.
  public var prediction: Int

  /// Groups what a network says.
  /// - Parameters:
  ///   - value: Logit and probability of the class that is explained.
  ///   - prediction: The class that the network names.
  public init(value: TargetValue, prediction: Int) {
    (self.value, self.prediction) = (value, prediction)
  }
}
