import XAIAttribution
package import XAITensor

extension WorkObserver {
  /// Shows how much of a report is written.
  /// - Parameter write: Writes it, and tells the share that is done, from 0 to 1.
  /// - Throws: What `write` throws; `AttributionStopped` where the observer asks to stop.
  package func reporting(
    _ write: (_ progress: (Double) throws -> Void) throws -> Void
  ) throws {
    begin("reporting", total: 1000, unit: "parts")
    defer { end() }
    try write { share in
      advance(to: Int(1000 * share), "")
      if isStopped { throw AttributionStopped() }
    }
  }
}
