/// A number that says how much two maps are alike.
public protocol SimilarityMeasure: Sendable {
  /// The stable name in files and on the command line; it says how the number was made.
  var identifier: String { get }
  /// The same as a phrase for people.
  var summary: String { get }
  /// The fewest rows and columns of maps that can be compared.
  var smallestExtent: Int { get }

  /// Compares two maps.
  /// - Parameter pair: The maps, at least `smallestExtent` high and wide.
  /// - Returns: The similarity.
  func similarity(of pair: ComparedPair) -> Similarity
}

extension SimilarityMeasure {
  /// One pixel suffices unless a measure says otherwise.
  public var smallestExtent: Int { 1 }
}

/// The outcome of a measure.
public struct Similarity: Sendable, Equatable, Codable {
  /// 1 for equal maps; never NaN.
  public var value: Double
  /// Whether a map said nothing that the measure could compare, so that the value is a convention: to
  /// be counted, and to be read with care.
  public var isDegenerate: Bool

  /// Groups an outcome.
  /// - Parameters:
  ///   - value: The similarity.
  ///   - isDegenerate: Whether it is a convention.
  public init(value: Double, isDegenerate: Bool = false) {
    (self.value, self.isDegenerate) = (value, isDegenerate)
  }

  /// The convention where a formula has no value: two maps without content are alike, one without and
  /// one with content are not.
  /// - Parameter bothEmpty: Whether neither map has content.
  /// - Returns: 1 or 0.
  public static func convention(bothEmpty: Bool) -> Similarity {
    Similarity(value: bothEmpty ? 1 : 0, isDegenerate: true)
  }
}

/// Whether signs count.
public enum SignTreatment: String, Sendable, Hashable, CaseIterable, Codable {
  /// The map as it is.
  case signed
  /// Its absolute values.
  case absolute
}
