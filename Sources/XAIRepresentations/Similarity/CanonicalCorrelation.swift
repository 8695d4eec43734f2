public import XAIStatistics
public import XAITensor

/// Singular vector canonical correlation analysis, and its weighted mean (Morcos et al.
///
/// 2018). Raghu et al. 2017.
///
/// Each layer keeps the leading principal directions that hold a share of its *variance* (squared singular
/// values); then the correlations of what is left.
/// - Note: Deviation from the authors' tutorial, which takes shares of singular values, not of their squares.
public struct CanonicalCorrelation: Sendable, Equatable {
  /// Canonical correlations, largest first; as many as the smaller layer kept directions.
  public let correlations: [Double]
  /// The number of directions kept of each layer.
  public let kept: [Int]
  /// The mean of the correlations (SVCCA); nil where a layer is constant.
  public let mean: Double?
  /// Their mean weighted by how much of the first layer each explains (PWCCA): not symmetric.
  public let weightedMean: Double?

  /// The default share of variance.
  public static let defaultShare = 0.99

  /// Correlates two layers.
  /// - Parameters:
  ///   - moments: Of both over the same samples.
  ///   - share: Of variance that is kept, more than 0 and at most 1.
  /// - Throws: `StatisticsFailure` where a number is not finite.
  public init(_ moments: JointMoments, keeping share: Double = defaultShare)
    throws(StatisticsFailure)
  {
    let first = try PrincipalDirections(moments.first, share)
    let second = try PrincipalDirections(moments.second, share)
    kept = [first.count, second.count]
    guard first.count > 0, second.count > 0 else {
      (correlations, mean, weightedMean) = ([], nil, nil)
      return
    }
    let whitened = first.whitening.transposed * moments.both * second.whitening
    let decomposition = try SingularValues(whitened, for: "canonical correlations")
    let correlations = decomposition.values.map { value in
      precondition(value < 1 + 1e-6, "a correlation of \(value)")
      return min(value, 1)
    }
    self.correlations = correlations
    mean = correlations.mean
    // <canonical variate i, neuron j> / n is row j of C V L^-1/2 U = V L^1/2 U.
    let loadings = first.coloring * decomposition.left
    let weights = correlations.indices.map { index in
      loadings.column(index).reduce(0) { $0 + abs($1) }
    }
    weightedMean = dot(weights, correlations) / weights.reduce(0, +)
  }

  /// Correlates two dense layers of more neurons than samples, through products of samples.
  /// - Parameters:
  ///   - first: `[n, p]`.
  ///   - second: `[n, q]` of the same images.
  ///   - share: Of variance that is kept, more than 0 and at most 1.
  /// - Throws: `StatisticsFailure` where a number is not finite.
  public init(
    samplesOf first: Tensor, _ second: Tensor, keeping share: Double = defaultShare
  ) throws(StatisticsFailure) {
    precondition(first.rows == second.rows, "\(first.rows) and \(second.rows) images")
    let (left, right) = (try SampleDirections(first, share), try SampleDirections(second, share))
    kept = [left.basis.columns, right.basis.columns]
    guard kept[0] > 0, kept[1] > 0 else {
      (correlations, mean, weightedMean) = ([], nil, nil)
      return
    }
    let decomposition = try SingularValues(
      left.basis.transposed * right.basis, for: "canonical correlations")
    correlations = decomposition.values.map { min($0, 1) }
    mean = correlations.mean
    let variates = left.basis * decomposition.left
    let loadings = GramProducts.combinations(variates, of: first, minus: left.center)
    let weights = correlations.indices.map { index in
      loadings.row(index).reduce(0) { $0 + abs($1) }
    }
    weightedMean = dot(weights, correlations) / weights.reduce(0, +)
  }

  /// Refuses so few samples that some correlations are exactly 1.
  /// - Parameter samples: The number of samples.
  /// - Throws: `RepresentationFailure`, which says how many are needed.
  public func requireSamples(_ samples: Int) throws(RepresentationFailure) {
    guard samples > samplesOfNoMeaning else {
      throw RepresentationFailure(
        .tooFew("samples for canonical correlations", found: samples, needed: samplesNeeded))
    }
  }

  /// The fewest samples with which correlations mean something: ten for each direction.
  public var samplesNeeded: Int { 10 * (kept.max() ?? 0) }
  /// With no more samples than this some correlations are exactly 1.
  public var samplesOfNoMeaning: Int { kept.reduce(0, +) }
}

/// The leading eigenvectors of the products of samples.
private struct SampleDirections {
  /// Orthonormal columns `[n, k]`.
  let basis: Matrix
  /// The mean sample.
  let center: [Double]

  init(_ samples: Tensor, _ share: Double) throws(StatisticsFailure) {
    center = GramProducts.mean(samples)
    let eigen = try SymmetricEigen(
      GramProducts.gram(samples, minus: center), for: "principal directions")
    let kept = PrincipalDirections.count(eigen.values.map { max($0, 0) }, share)
    basis = Matrix(rows: samples.rows, columns: kept) { eigen.vectors[$0, $1] }
  }
}

/// The leading eigenvectors of a covariance.
private struct PrincipalDirections {
  /// Shares that rounding leaves below count as reached.
  private static let slack = 1e-12
  /// Smaller eigenvalues than this share of the largest are rounding.
  private static let least = 1e-10

  /// How many eigenvalues hold a share of their sum.
  static func count(_ values: [Double], _ share: Double) -> Int {
    let total = values.reduce(0, +)
    let largest = values.first ?? 0
    var (sum, kept) = (0.0, 0)
    while kept < values.count, largest > 0, sum < share * total * (1 - slack),
      values[kept] >= least * largest
    {
      sum += values[kept]
      kept += 1
    }
    return kept
  }

  let count: Int
  /// V L^-1/2, `[p, k]`.
  let whitening: Matrix
  /// V L^1/2, `[p, k]`.
  let coloring: Matrix

  init(_ covariance: Matrix, _ share: Double) throws(StatisticsFailure) {
    let eigen = try SymmetricEigen(covariance, for: "principal directions")
    let values = eigen.values.map { max($0, 0) }
    let kept = Self.count(values, share)
    count = kept
    whitening = Matrix(rows: covariance.rows, columns: kept) {
      eigen.vectors[$0, $1] / values[$1].squareRoot()
    }
    coloring = Matrix(rows: covariance.rows, columns: kept) {
      eigen.vectors[$0, $1] * values[$1].squareRoot()
    }
  }
}
