/// How much memory a backend keeps.
public struct MemoryLimits: Sendable, Equatable {
  /// Bytes of packed weights.
  ///
  /// Beyond, those that were not used for longest go, and are packed anew when they are needed. What one
  /// operation reads is always kept.
  public var packedWeights: Int
  /// Bytes in all.
  ///
  /// Beyond, memory that nothing uses goes back to the system. What is in use may be more.
  public var total: Int

  /// Keeps everything.
  public static let none = MemoryLimits(packedWeights: .max, total: .max)

  /// Sets limits.
  /// - Parameters:
  ///   - packedWeights: Bytes of packed weights.
  ///   - total: Bytes in all.
  public init(packedWeights: Int, total: Int) {
    (self.packedWeights, self.total) = (packedWeights, total)
  }
}
