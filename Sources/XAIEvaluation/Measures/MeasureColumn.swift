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

  /// Why a number is to be taken with care.
  public enum Reservation: String, Sendable, Codable {
    /// It assumes that relevances add up to differences of the logit: slopes and amounts do not.
    case additive
    /// It is what the paper wrote, and of little worth.
    case literal
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
  /// What stands in the place of what is removed, where something is.
  public private(set) var baseline: String?
  /// What of the network's answer it is about, where there are several.
  public private(set) var quantity: TargetQuantity?
  /// Why it is to be taken with care.
  public private(set) var reservation: Reservation?

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

  /// The identifier without baseline and quantity: what tables that are about one of each call it.
  public var name: String {
    let words = [baseline, quantity?.rawValue].compactMap(\.self)
    return identifier.split(separator: ".", omittingEmptySubsequences: false)
      .filter { !words.contains(String($0)) }.joined(separator: ".")
  }

  /// The same, about a baseline.
  /// - Parameter baseline: The name of the baseline, which is one of the words of the identifier.
  /// - Returns: The column.
  public func against(_ baseline: String) -> MeasureColumn {
    var column = self
    column.baseline = baseline
    return column
  }

  /// The same, to be taken with care.
  func taken(_ reservation: Reservation) -> MeasureColumn {
    var column = self
    column.reservation = reservation
    return column
  }

  /// Columns of both quantities: the logit, which is explained, and the probability, which has a scale.
  static func both(
    _ identifier: String, _ family: Family, _ direction: Direction, _ summary: String,
    null: Double? = nil
  ) -> [MeasureColumn] {
    TargetQuantity.allCases.map { quantity in
      var column = MeasureColumn(
        "\(identifier).\(quantity.rawValue)", family, direction,
        "\(summary), of the \(quantity.rawValue)", null: null)
      column.quantity = quantity
      return column
    }
  }
}
