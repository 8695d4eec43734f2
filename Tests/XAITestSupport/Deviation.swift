public import Testing
public import XAITensor

/// How far an array is from what was expected.
public struct Deviation: Sendable {
  /// The largest absolute difference; infinite where just one of two elements is NaN.
  public var absolute: Double = 0
  /// `absolute` divided by the largest absolute value that was expected.
  public var relative: Double = 0
  /// Where the difference is largest.
  public var index = 0
}

/// Compares two arrays of the same length.
/// - Parameters:
///   - actual: What was computed.
///   - expected: What should have been.
/// - Returns: The largest deviation. Equal elements and pairs of NaN do not deviate.
public func largestDeviation(
  _ actual: some Collection<Double>, _ expected: some Collection<Double>
) -> Deviation {
  precondition(actual.count == expected.count, "\(actual.count) elements, not \(expected.count)")
  var deviation = Deviation()
  var scale = 0.0
  for (index, (left, right)) in zip(actual, expected).enumerated() {
    if right.isFinite { scale = max(scale, right.magnitude) }
    if left == right || left.isNaN && right.isNaN { continue }
    let difference = (left - right).isNaN ? .infinity : (left - right).magnitude
    if difference > deviation.absolute {
      deviation.absolute = difference
      deviation.index = index
    }
  }
  deviation.relative = deviation.absolute == 0 ? 0 : deviation.absolute / scale
  return deviation
}

/// Compares two arrays of the same length.
/// - Parameters:
///   - actual: What was computed.
///   - expected: What should have been.
/// - Returns: The largest deviation. Equal elements and pairs of NaN do not deviate.
public func largestDeviation(
  _ actual: some Collection<Float>, _ expected: some Collection<Float>
) -> Deviation {
  largestDeviation(actual.map(Double.init), expected.map(Double.init))
}

/// Compares two tensors of the same size.
/// - Parameters:
///   - actual: What was computed.
///   - expected: What should have been.
/// - Returns: The largest deviation. Equal elements and pairs of NaN do not deviate.
public func largestDeviation(_ actual: Tensor, _ expected: Tensor) -> Deviation {
  largestDeviation(actual.elements, expected.elements)
}

/// Records an issue where an array is too far from what was expected, and says where it is worst.
/// - Parameters:
///   - actual: What was computed.
///   - expected: What should have been.
///   - relative: The largest acceptable deviation, relative to the largest expected value.
///   - absolute: A deviation that is always acceptable.
///   - label: What is compared.
///   - sourceLocation: The line to blame.
public func expectClose(
  _ actual: some Collection<Double>, _ expected: some Collection<Double>, relative: Double,
  absolute: Double = 0, _ label: String = "", sourceLocation: SourceLocation = #_sourceLocation
) {
  guard actual.count == expected.count else {
    Issue.record(
      "\(label) has \(actual.count) elements, expected \(expected.count)",
      sourceLocation: sourceLocation)
    return
  }
  let deviation = largestDeviation(actual, expected)
  if deviation.absolute <= absolute || deviation.relative <= relative { return }
  let found = actual[actual.index(actual.startIndex, offsetBy: deviation.index)]
  let wanted = expected[expected.index(expected.startIndex, offsetBy: deviation.index)]
  Issue.record(
    """
    \(label) deviates by \(deviation.relative) (\(deviation.absolute) absolute), allowed \
    \(relative); worst at element \(deviation.index): \(found), expected \(wanted)
    """, sourceLocation: sourceLocation)
}

/// Records an issue where an array is too far from what was expected, and says where it is worst.
/// - Parameters:
///   - actual: What was computed.
///   - expected: What should have been.
///   - relative: The largest acceptable deviation, relative to the largest expected value.
///   - absolute: A deviation that is always acceptable.
///   - label: What is compared.
///   - sourceLocation: The line to blame.
public func expectClose(
  _ actual: some Collection<Float>, _ expected: some Collection<Float>, relative: Double,
  absolute: Double = 0, _ label: String = "", sourceLocation: SourceLocation = #_sourceLocation
) {
  expectClose(
    actual.map(Double.init), expected.map(Double.init), relative: relative, absolute: absolute,
    label, sourceLocation: sourceLocation)
}

/// Records an issue where a tensor has another shape or is too far from what was expected.
/// - Parameters:
///   - actual: What was computed.
///   - expected: What should have been.
///   - relative: The largest acceptable deviation, relative to the largest expected value.
///   - absolute: A deviation that is always acceptable.
///   - label: What is compared.
///   - sourceLocation: The line to blame.
public func expectClose(
  _ actual: Tensor, _ expected: Tensor, relative: Double, absolute: Double = 0,
  _ label: String = "", sourceLocation: SourceLocation = #_sourceLocation
) {
  guard actual.shape == expected.shape else {
    Issue.record(
      "\(label) has the shape \(actual.shape), expected \(expected.shape)",
      sourceLocation: sourceLocation)
    return
  }
  expectClose(
    actual.elements, expected.elements, relative: relative, absolute: absolute, label,
    sourceLocation: sourceLocation)
}
