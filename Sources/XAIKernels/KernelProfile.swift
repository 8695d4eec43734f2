/// Seconds and calls of each kind of kernel.
public final class KernelProfile {
  /// One row of the table.
  public struct Row: Sendable {
    /// The kernel.
    public let name: String
    /// How often it ran.
    public let calls: Int
    /// Its wall time in all.
    public let seconds: Double
  }

  private var totals: [String: (calls: Int, seconds: Double)] = [:]

  /// Starts an empty profile.
  public init() {}

  /// The kernels, the longest first.
  public var rows: [Row] {
    totals.map { Row(name: $0.key, calls: $0.value.calls, seconds: $0.value.seconds) }
      .sorted { ($0.seconds, $1.name) > ($1.seconds, $0.name) }
  }

  /// Adds one call.
  /// - Parameters:
  ///   - name: The kernel or phase.
  ///   - seconds: Its wall time.
  public func add(_ name: String, seconds: Double) {
    totals[name, default: (0, 0)].calls += 1
    totals[name, default: (0, 0)].seconds += seconds
  }

  /// Measures a body under a name.
  /// - Parameters:
  ///   - name: The kernel or phase.
  ///   - body: What is measured.
  /// - Returns: What the body returns.
  /// - Throws: What the body throws.
  public func measure<Result, Thrown: Error>(
    _ name: String, _ body: () throws(Thrown) -> Result
  ) throws(Thrown) -> Result {
    let start = ContinuousClock.now
    defer { add(name, seconds: (ContinuousClock.now - start) / .seconds(1)) }
    return try body()
  }
}
