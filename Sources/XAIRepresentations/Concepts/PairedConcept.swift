public import XAIStatistics
public import XAITensor
import XAIKernels

/// A concept and its counterpart in pairs: two pictures that differ in the concept and in nothing else.
///
/// Its null exchanges the two pictures of some pairs. If the concept made no difference, a pair would be as likely the other
/// way around, so that the rank of the mean cosine among those of exchanged pairs is an exact test (Fisher 1935).
public struct PairedConcept: Sendable {
  /// The number of pairs.
  public let pairs: Int
  private let gram: Matrix
  private let products: Matrix
  private let lengths: [Double]

  /// Takes rows of a layer.
  /// - Parameters:
  ///   - concept: `[m, ...]`.
  ///   - counterpart: The same scenes without the concept, in the same order.
  ///   - gradients: Gradients of the class images, those of all classes below each other, `[K, ...]`.
  /// - Throws: `RepresentationFailure` where shapes differ or there are fewer than 2 pairs.
  public init(
    _ concept: Tensor, _ counterpart: Tensor, gradients: Tensor
  ) throws(RepresentationFailure) {
    guard concept.rows > 1 else {
      throw RepresentationFailure(.tooFew("pairs of images", found: concept.rows, needed: 2))
    }
    guard concept.shape == counterpart.shape, gradients.rowCount == concept.rowCount else {
      throw RepresentationFailure(
        .shape(
          of: "the counterparts of a concept", found: counterpart.shape,
          expected: "that of the concept, \(concept.shape), and of the gradients"))
    }
    pairs = concept.rows
    let rows = Tensor(stacking: [concept, counterpart])
    let origin = GramProducts.mean(rows)
    gram = GramProducts.gram(rows, minus: origin, threads: ThreadTeam.count)
    products = GramProducts.products(
      rows, gradients, minus: origin, leftOnly: true, threads: ThreadTeam.count)
    lengths = gradients.rowLengths
  }

  /// What the pairs say about classes.
  /// - Parameters:
  ///   - classes: The gradients of each class.
  ///   - exchanged: The pairs whose two pictures change places.
  ///   - kind: How the vector is found.
  /// - Returns: One for each class.
  /// - Throws: `StatisticsFailure` where the rows do not differ.
  public func scores(
    of classes: [Range<Int>], exchanging exchanged: [Bool]? = nil,
    kind: ConceptVector.Kind = .logistic
  ) throws(StatisticsFailure) -> [ConceptScores] {
    let order = order(exchanged)
    let vector = try ConceptVector(
      gram: gram.part(rows: order, columns: order), positives: pairs, kind: kind)
    let all = vector.products(
      with: products.part(rows: order, columns: Array(0..<products.columns)))
    return classes.map {
      ConceptScores(Array(all[$0]), gradientLengths: Array(lengths[$0]))
    }
  }

  /// Margins of all rows by vectors that saw neither picture of their pair.
  /// - Parameter folds: The number of folds.
  /// - Returns: One margin for each row, the concept's first; positive speaks for the concept.
  /// - Throws: `StatisticsFailure` where the rows do not differ.
  public func crossFittedMargins(folds: Int = 3) throws(StatisticsFailure) -> [Double] {
    try ConceptVector.crossFittedMargins(
      gram: gram, positives: pairs, folds: folds, penalty: BinaryLogistic.defaultPenalty)
  }

  private func order(_ exchanged: [Bool]?) -> [Int] {
    guard let exchanged else { return Array(0..<2 * pairs) }
    return (0..<2 * pairs).map { row in
      exchanged[row % pairs] ? (row + pairs) % (2 * pairs) : row
    }
  }
}
