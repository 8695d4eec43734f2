/// Where the time of an experiment went.
public final class PhaseTimes {
  /// The phases in the order in which they first ended, with their seconds.
  public private(set) var phases: [(name: String, seconds: Double)] = []
  private var start = ContinuousClock.now

  /// The first phase begins.
  public init() {}

  /// A phase ends, and the next one begins.
  /// - Parameter name: Which.
  public func end(_ name: String) {
    add((.now - start) / .seconds(1), to: name)
    restart()
  }

  /// The next phase begins; what was before it is counted elsewhere.
  public func restart() { start = .now }

  /// Counts time that was measured elsewhere.
  /// - Parameters:
  ///   - seconds: How much.
  ///   - name: Of which phase.
  public func add(_ seconds: Double, to name: String) {
    if let index = phases.firstIndex(where: { $0.name == name }) {
      phases[index].seconds += seconds
    } else {
      phases.append((name, seconds))
    }
  }
}
