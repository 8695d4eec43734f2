public import XAITensor

/// Maps, and how far each keeps the law of its theory.
public struct Attribution: Sendable {
  /// What a user should know about maps besides.
  public struct Note: Sendable, Equatable {
    /// One sentence or clause.
    public var text: String
    /// The position of the image that it is about; nothing where it is about every map.
    public var image: Int?

    /// Writes a note.
    /// - Parameters:
    ///   - text: One sentence or clause.
    ///   - image: The position of the image that it is about.
    public init(_ text: String, image: Int? = nil) { (self.text, self.image) = (text, image) }
  }

  /// `[N, C, H, W]`, or `[N, 1, H, W]` where the method has no channels.
  public var maps: Tensor
  /// One for each image, empty where the theory has no law.
  public var laws: [LawCheck]
  /// What a user should know about these maps besides.
  public var notes: [Note]

  /// Groups a result.
  /// - Parameters:
  ///   - maps: `[N, C | 1, H, W]`.
  ///   - laws: One for each image, or none.
  ///   - notes: What a user should know besides.
  public init(maps: Tensor, laws: [LawCheck] = [], notes: [Note] = []) {
    (self.maps, self.laws, self.notes) = (maps, laws, notes)
  }

  /// What should be known about one map.
  /// - Parameter image: The position of the image.
  /// - Returns: Notes about it and about every map.
  public func notes(of image: Int) -> [String] {
    notes.filter { $0.image == nil || $0.image == image }.map(\.text)
  }

  /// Says which maps show nothing.
  /// - Parameter maps: `[N, ...]`.
  /// - Returns: One note for each map that is 0 everywhere.
  static func notesOnZeroMaps(_ maps: Tensor) -> [Note] {
    (0..<maps.rows).filter { row in
      maps.row(row).withUnsafeElements { $0.allSatisfy { $0 == 0 } }
    }.map { Note("the map is zero everywhere", image: $0) }
  }
}

/// What a map should sum to, and what it sums to.
public struct LawCheck: Sendable, Equatable, Codable {
  /// Which law.
  public enum Law: String, Sendable, Codable {
    /// The map sums to f(x) - f(baseline) (Sundararajan et al. 2017; Shrikumar et al. 2017).
    case completeness
    /// The map sums to the relevance that entered at the output (Bach et al. 2015).
    case conservation
  }

  /// Which law.
  public let law: Law
  /// What the map should sum to.
  public let expected: Double
  /// What it sums to.
  public let found: Double
  /// The largest relative error that is no reason to warn.
  public let tolerance: Double

  /// Groups a check.
  /// - Parameters:
  ///   - law: Which law.
  ///   - expected: What the map should sum to.
  ///   - found: What it sums to.
  ///   - tolerance: The largest relative error that is no reason to warn.
  public init(_ law: Law, expected: Double, found: Double, tolerance: Double) {
    (self.law, self.expected, self.found, self.tolerance) = (law, expected, found, tolerance)
  }

  /// `found - expected`.
  public var error: Double { found - expected }
  /// The error as a fraction of what was expected, which counts as 1e-3 where it is smaller.
  public var relativeError: Double { abs(error) / max(abs(expected), 1e-3) }
  /// Whether the error is no reason to warn.
  public var holds: Bool { relativeError <= tolerance }
}
