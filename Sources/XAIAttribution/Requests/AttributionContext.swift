public import XAIKernels

/// How a computation behaves: memory, progress, interruption.
public struct AttributionContext {
  /// Bytes that activations may take at a time.
  public var memory: Int
  /// How convolutions sum; each method has its own default.
  public var algorithm: ConvolutionAlgorithm?
  /// Is told the walks that were done since the last call, in units of `AttributionCost`.
  public var advance: (Double) -> Void
  /// Whether the caller wants it to stop.
  public var isStopped: () -> Bool

  /// Describes the circumstances.
  /// - Parameters:
  ///   - memory: Bytes that activations may take at a time.
  ///   - algorithm: How convolutions sum, where not as the method has it.
  ///   - advance: Is told the walks that were done since the last call.
  ///   - isStopped: Whether the caller wants it to stop.
  public init(
    memory: Int = 256 << 20, algorithm: ConvolutionAlgorithm? = nil,
    advance: @escaping (Double) -> Void = { _ in }, isStopped: @escaping () -> Bool = { false }
  ) {
    (self.memory, self.algorithm) = (memory, algorithm)
    (self.advance, self.isStopped) = (advance, isStopped)
  }

  /// Calls a body with consecutive parts of a batch, each of which fits into the memory.
  /// - Parameters:
  ///   - count: Images, or copies of images, in all.
  ///   - bytes: Bytes that one of them takes.
  ///   - walks: Walks of one of them, for progress.
  ///   - body: Computes a part.
  /// - Throws: What the body throws, or `AttributionStopped`.
  public func forEachPart(
    of count: Int, bytesEach bytes: Int, walksEach walks: Double,
    _ body: (Range<Int>) throws -> Void
  ) throws {
    // More than this gains no speed.
    let size = max(1, min(64, memory / max(bytes, 1)))
    // Of equal size: a small last part would read all weights for few images.
    let parts = (count + size - 1) / size
    for part in 0..<parts {
      if isStopped() { throw AttributionStopped() }
      let range = count * part / parts..<count * (part + 1) / parts
      try body(range)
      advance(walks * Double(range.count))
    }
  }
}

/// What a method costs: walks through the network, forward or backward, of one image each.
public struct AttributionCost: Sendable, Equatable {
  /// Forward walks, or backward walks of about their cost.
  public var walks: Double

  /// Describes a cost.
  /// - Parameter walks: Walks of one image.
  public init(walks: Double) { self.walks = walks }
}
