import XAITensor

/// Checks numbers that rules of relevance compute with as floats.
enum RelevanceParameter {
  /// More would overflow within a few layers.
  private static let largest = 1e6

  /// Requires a number that keeps denominators from zero.
  static func requireStabilizer(
    _ value: Double, _ name: String, of method: String
  ) throws(AttributionFailure) {
    // Its float may be 0 or infinite where this is not.
    guard Float(value) > 0, Float(value).isFinite else {
      throw AttributionFailure(
        .usage,
        "\(method) has \(name) = \(value); give a number of more than 0 that a Float can hold, such as 1e-6"
      )
    }
  }

  /// Requires a factor by which weights are favored.
  static func requireFactor(
    _ value: Double, _ name: String, of method: String
  ) throws(AttributionFailure) {
    guard 0...largest ~= value else {
      throw AttributionFailure(
        .usage, "\(method) has \(name) = \(value); give a number from 0 to a million, such as 0.25")
    }
  }
}
