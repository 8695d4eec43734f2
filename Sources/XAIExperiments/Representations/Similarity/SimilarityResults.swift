/// How similar layers represent images: `results.json`.
///
/// Nothing in it depends on when or how fast it was computed: the same call gives the same bytes.
public struct SimilarityResults: Codable, Sendable {
  /// What kind of file this is.
  public static let schema = "swift-xai/similarity"
  /// Rises when a reader of older files would go wrong.
  public static let schemaVersion = 1

  /// What kind of file this is.
  public var schema = Self.schema
  /// The version of the file's layout.
  public var schemaVersion = Self.schemaVersion
  /// The version of the toolkit.
  public var version: String
  /// The networks, one or two.
  public var networks: [StudiedNetwork]
  /// The images.
  public var data: StudiedData
  /// The images of a batch.
  public var batch: Int
  /// What decides permutations and random weights.
  public var seed: UInt64
  /// The layers of the first network: the rows of every matrix.
  public var rows: [String]
  /// The layers of the other network, or of the same one: the columns.
  public var columns: [String]
  /// A matrix for each measure and each thing that the rows are compared with.
  public var matrices: [SimilarityMatrix]
  /// What a reader must know besides.
  public var notes: [String]

  enum CodingKeys: String, CodingKey {
    case schema
    case schemaVersion = "schema_version"
    case version, networks, data, batch, seed, rows, columns, matrices, notes
  }

  /// The matrix of a measure.
  /// - Parameters:
  ///   - measure: The measure.
  ///   - comparison: What the first network is compared with.
  /// - Returns: The matrix, where it was computed.
  public func matrix(
    _ measure: SimilarityMatrix.Measure, _ comparison: SimilarityMatrix.Comparison
  ) -> SimilarityMatrix? {
    matrices.first { $0.measure == measure && $0.comparison == comparison }
  }
}

/// The similarities of layers with layers.
public struct SimilarityMatrix: Codable, Sendable {
  /// How similarity is measured.
  public enum Measure: String, Codable, Sendable, CaseIterable {
    /// Linear centered kernel alignment, unbiased, over batches.
    case cka
    /// The same with a radial kernel.
    case ckaRBF = "cka-rbf"
    /// The mean of canonical correlations of the directions that hold 99 % of the variance.
    case svcca
  }

  /// What the first network is compared with.
  public enum Comparison: String, Codable, Sendable, CaseIterable {
    /// The second network, or itself.
    case networks
    /// The same with the images of one side in another order: similarity of unrelated representations.
    case permuted
    /// A network of the same architecture with random weights: what the architecture alone gives.
    case randomized
  }

  /// How similarity is measured.
  public var measure: Measure
  /// What the first network is compared with.
  public var comparison: Comparison
  /// Rows are layers of the first network, columns of the other; `null` where the measure is undefined.
  public var values: [[Double?]]
  /// The standard error of each value, where there are batches to leave out.
  public var errors: [[Double?]]?
  /// CKA of the biased estimate, for comparison with what others publish.
  public var biased: [[Double?]]?
  /// PWCCA: the mean of the correlations weighted by how much of the row's layer each explains.
  public var weighted: [[Double?]]?
  /// The number of directions kept of the row's and of the column's layer.
  public var kept: [[[Int]?]]?
  /// The number of samples of canonical correlations.
  public var samples: [[Int?]]?
}
