/// Pearson's product-moment correlation of the values (Pearson 1895).
///
/// Blind to scale and offset; decided by the few largest values of heavy-tailed maps.
public struct PearsonCorrelation: SimilarityMeasure {
  /// `pearson`.
  public let identifier = "pearson"
  /// How the number is made.
  public let summary = "Pearson's correlation of the values"

  /// The only variant.
  public init() {}

  /// Compares two maps.
  /// - Parameter pair: The maps.
  /// - Returns: -1 to 1; 0 where one map is constant, 1 where both are.
  public func similarity(of pair: ComparedPair) -> Similarity {
    pair.left[.deviations].correlation(with: pair.right[.deviations])
  }
}

/// Spearman's rank correlation (Spearman 1904): Pearson's correlation of average ranks.
///
/// Signed ranks tell a map from its negative, absolute ones do not (Adebayo et al. 2018 report both,
/// as "rank correlation without" and "with absolute value").
public struct SpearmanCorrelation: SimilarityMeasure {
  /// Whether signs count.
  public let signs: SignTreatment

  /// Chooses a variant.
  /// - Parameter signs: Whether signs count.
  public init(_ signs: SignTreatment) { self.signs = signs }

  /// `spearman.signed` or `spearman.absolute`.
  public var identifier: String { "spearman.\(signs.rawValue)" }

  /// How the number is made.
  public var summary: String {
    "Spearman's rank correlation of the \(signs == .signed ? "values" : "absolute values")"
  }

  /// Compares two maps.
  /// - Parameter pair: The maps.
  /// - Returns: -1 to 1; 0 where one map has equal values only, 1 where both have.
  public func similarity(of pair: ComparedPair) -> Similarity {
    let ranks = MapPreparation<Deviations>.ranks(signs)
    return pair.left[ranks].correlation(with: pair.right[ranks])
  }
}

/// The cosine of the angle between two maps as vectors.
///
/// Blind to scale, not to offset: maps of positive values are always rather alike.
public struct CosineSimilarity: SimilarityMeasure {
  /// `cosine`.
  public let identifier = "cosine"
  /// How the number is made.
  public let summary = "cosine of the angle between the maps as vectors"

  /// The only variant.
  public init() {}

  /// Compares two maps.
  /// - Parameter pair: The maps.
  /// - Returns: -1 to 1; 0 where one map is zero, 1 where both are.
  public func similarity(of pair: ComparedPair) -> Similarity {
    let (left, right) = (pair.left[.direction], pair.right[.direction])
    guard !left.isEmpty, !right.isEmpty else {
      return .convention(bothEmpty: left.isEmpty && right.isEmpty)
    }
    let cosine = zip(left, right).reduce(0) { $0 + $1.0 * $1.1 }
    return Similarity(value: min(max(cosine, -1), 1))
  }
}

extension MapPreparation where Value == Deviations {
  /// The values about their mean.
  static var deviations: Self { Self("deviations") { Deviations($0.values) } }

  /// The ranks about their mean.
  static func ranks(_ signs: SignTreatment) -> Self {
    Self("ranks.\(signs.rawValue)") {
      Deviations(Deviations.averageRanks(signs.values(of: $0)))
    }
  }
}

extension MapPreparation where Value == [Double] {
  /// The map as a vector of length 1; empty for the zero map.
  static var direction: Self {
    Self("direction") { map in
      let largest = map.values.reduce(0) { max($0, abs($1)) }
      guard largest > 0 else { return [] }
      let length = map.values.reduce(0) { $0 + $1 / largest * ($1 / largest) }.squareRoot()
      return map.values.map { $0 / largest / length }
    }
  }
}
