/// A number that says how much two maps are alike.
public protocol SimilarityMeasure: Sendable {
  /// The stable name in files and on the command line; it says how the number was made.
  var identifier: String { get }
  /// The same as a phrase for people.
  var summary: String { get }
  /// What it is called where there is little room, such as `SSIM`; empty where the identifier is short.
  var shortName: String { get }
  /// Where its values lie and what they mean.
  var scale: MeasureScale { get }
  /// The fewest rows and columns of maps that can be compared.
  var smallestExtent: Int { get }

  /// The same measure as it suits maps of a size, such as in a smaller window.
  /// - Parameters:
  ///   - height: Rows of the maps.
  ///   - width: Columns of the maps.
  /// - Returns: Itself where it suits them, or where nothing else would.
  func fitted(height: Int, width: Int) -> any SimilarityMeasure

  /// Compares two maps.
  /// - Parameter pair: The maps, at least `smallestExtent` high and wide.
  /// - Returns: The similarity.
  func similarity(of pair: ComparedPair) -> Similarity
}

extension SimilarityMeasure {
  /// One pixel suffices unless a measure says otherwise.
  public var smallestExtent: Int { 1 }
  /// The identifier serves unless a measure says otherwise.
  public var shortName: String { "" }
  /// -1 to 1, 1 for equal maps, unless a measure says otherwise.
  public var scale: MeasureScale { .correlation }

  /// Itself, unless a measure says otherwise.
  /// - Parameters:
  ///   - height: Rows of the maps.
  ///   - width: Columns of the maps.
  /// - Returns: The measure.
  public func fitted(height: Int, width: Int) -> any SimilarityMeasure { self }
}

/// The outcome of a measure.
public struct Similarity: Sendable, Equatable, Codable {
  /// On the measure's scale; never NaN.
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
  ///
  /// For measures on which 1 means equal and 0 unrelated.
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

  /// The values of a map that count.
  func values(of map: RelevanceMap) -> [Double] {
    self == .signed ? map.values : map.values.map(abs)
  }
}
