/// What a number of a table means.
public struct MeasureColumn: Sendable, Hashable {
  /// What a measure is about.
  public enum Family: String, Sendable, CaseIterable, Codable {
    /// Whether the network depends on what the map names.
    case faithfulness
    /// Whether the map names the object.
    case localization
    /// Whether the map stays when the image hardly changes.
    case robustness
    /// How simple the map is; it describes.
    case complexity
    /// Whether the map accounts for what it explains.
    case axioms
  }

  /// Which numbers are better.
  public enum Direction: String, Sendable, Codable {
    /// Higher ones.
    case higher
    /// Lower ones.
    case lower
    /// None: the number describes, and does not rank.
    case describes
  }

  /// A short name, such as `deletion.black.probability`; a contract.
  public let identifier: String
  /// What it is about.
  public let family: Family
  /// Which numbers are better.
  public let direction: Direction
  /// What the number is, in one line.
  public let summary: String
  /// What a map without information gets; `nil` where it depends on the network or the image.
  public let null: Double?

  /// Describes a number.
  /// - Parameters:
  ///   - identifier: A short name.
  ///   - family: What it is about.
  ///   - direction: Which numbers are better.
  ///   - summary: What it is, in one line.
  ///   - null: What a map without information gets.
  public init(
    _ identifier: String, _ family: Family, _ direction: Direction, _ summary: String,
    null: Double? = nil
  ) {
    (self.identifier, self.family, self.direction) = (identifier, family, direction)
    (self.summary, self.null) = (summary, null)
  }

  /// Columns of both quantities: the logit, which is explained, and the probability, which has a scale.
  static func both(
    _ identifier: String, _ family: Family, _ direction: Direction, _ summary: String,
    null: Double? = nil
  ) -> [MeasureColumn] {
    TargetQuantity.allCases.map {
      MeasureColumn(
        "\(identifier).\($0.rawValue)", family, direction, "\(summary), of the \($0.rawValue)",
        null: null)
    }
  }
}
