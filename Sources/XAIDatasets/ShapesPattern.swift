import XAITensor

/// What fills an object or a piece of clutter.
public enum ShapesPattern: String, Sendable, Codable, CaseIterable {
  /// One color that runs into the other.
  case gradient
  /// Bands.
  case stripes
  /// A chessboard.
  case checks
  /// Disks of one color on the other.
  case dots
  /// Blotches.
  case mottle

  /// The periods in pixels.
  var periods: Range<Double> {
    switch self {
    case .gradient: 30..<70
    case .mottle: 2.5..<7
    case .stripes, .checks, .dots: 4..<11
    }
  }
}

/// A pattern and its place, as they are drawn.
public struct ShapesTextureDraws: Sendable, Equatable, Codable {
  /// The pattern.
  public internal(set) var pattern: ShapesPattern
  /// The direction of its first axis, in turns.
  public internal(set) var axis: Double
  /// Where its period lies in the range of the pattern, 0 to 1.
  public internal(set) var period: Double
  /// Where it begins along its axes, 0 to 1.
  public internal(set) var phase: SIMD2<Double>
  /// What its blotches are made of.
  public internal(set) var salt: UInt64

  init(_ stream: inout RandomStream) {
    pattern = ShapesPattern.allCases[stream.integer(below: ShapesPattern.allCases.count)]
    axis = stream.uniform()
    period = stream.uniform()
    phase = SIMD2(stream.uniform(), stream.uniform())
    salt = stream.next()
  }
}
