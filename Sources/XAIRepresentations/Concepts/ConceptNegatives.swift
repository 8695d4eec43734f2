import XAIKernels
public import XAIStatistics
public import XAITensor

/// The sets that concepts are compared with, and gradients, as products: the resident part of TCAV.
///
/// A concept activation vector lies in the span of its two sets, so all that is asked of it follows from products
/// of rows with rows and of rows with gradients. The vectors of a thousand runs never exist.
public struct ConceptNegatives: Sendable {
  /// The number of sets.
  public let count: Int
  /// The rows of a set.
  public let rowsPerSet: Int
  /// What is subtracted from every row before products are made: the mean of the negatives.
  public let origin: [Double]
  /// The length of each gradient.
  public let gradientLengths: [Double]
  let rows: Tensor
  let gradients: Tensor
  private let grams: [Matrix]
  private let gradientProducts: [Matrix]

  /// Takes negatives and gradients.
  /// - Parameters:
  ///   - sets: R sets of m rows each, `[m, ...]`.
  ///   - gradients: Gradients of the class images, those of all classes and scores below each other, `[K, ...]`.
  /// - Throws: `RepresentationFailure` where sets have different sizes or fewer than 2 rows.
  public init(_ sets: [Tensor], gradients: Tensor) throws(RepresentationFailure) {
    guard let first = sets.first else {
      throw RepresentationFailure(.tooFew("random sets", found: 0, needed: 1))
    }
    guard first.rows > 1 else {
      throw RepresentationFailure(.tooFew("images in a set", found: first.rows, needed: 2))
    }
    for set in sets where set.shape != first.shape {
      throw RepresentationFailure(
        .shape(of: "a random set", found: set.shape, expected: "that of the others, \(first.shape)")
      )
    }
    guard gradients.rowCount == first.rowCount else {
      throw RepresentationFailure(
        .shape(
          of: "the gradients", found: gradients.shape, expected: "[K] + \(first.shape.dropFirst())")
      )
    }
    (count, rowsPerSet) = (sets.count, first.rows)
    rows = Tensor(stacking: sets)
    self.gradients = gradients
    let origin = GramProducts.mean(rows)
    self.origin = origin
    grams = sets.map { GramProducts.gram($0, minus: origin, threads: ThreadTeam.count) }
    gradientProducts = sets.map {
      GramProducts.products(
        $0, gradients, minus: origin, leftOnly: true, threads: ThreadTeam.count)
    }
    gradientLengths = gradients.rowLengths
  }

  /// All products of a set with these.
  /// - Parameter set: `[m, ...]`, as many rows as each negative has.
  /// - Returns: The products.
  /// - Throws: `RepresentationFailure` where the set has another shape.
  public func products(of set: Tensor) throws(RepresentationFailure) -> ConceptProducts {
    guard set.rows == rowsPerSet, set.rowCount == rows.rowCount else {
      throw RepresentationFailure(
        .shape(
          of: "a set of concept images", found: set.shape,
          expected: "that of the random sets, \([rowsPerSet] + rows.shape.dropFirst())"))
    }
    return ConceptProducts(
      negatives: self, own: GramProducts.gram(set, minus: origin, threads: ThreadTeam.count),
      cross: GramProducts.products(set, rows, minus: origin, threads: ThreadTeam.count),
      gradients: GramProducts.products(
        set, gradients, minus: origin, leftOnly: true, threads: ThreadTeam.count))
  }

  /// Products of a set and one of the negatives, the set's rows first.
  func joint(_ own: Matrix, _ cross: Matrix, run: Int) -> Matrix {
    let (size, start) = (rowsPerSet, run * rowsPerSet)
    return Matrix(rows: 2 * size, columns: 2 * size) { row, column in
      switch (row < size, column < size) {
      case (true, true): own[row, column]
      case (true, false): cross[row, start + column - size]
      case (false, true): cross[column, start + row - size]
      case (false, false): grams[run][row - size, column - size]
      }
    }
  }

  func jointGradients(_ own: Matrix, run: Int) -> Matrix {
    let size = rowsPerSet
    return Matrix(rows: 2 * size, columns: own.columns) {
      $0 < size ? own[$0, $1] : gradientProducts[run][$0 - size, $1]
    }
  }

  /// The rows of one of the negatives.
  func set(_ run: Int) -> Tensor { rows.rows(run * rowsPerSet..<(run + 1) * rowsPerSet) }
}

/// Products of one set with itself, with all negatives and with all gradients.
public struct ConceptProducts: Sendable {
  private let negatives: ConceptNegatives
  private let own: Matrix
  private let cross: Matrix
  private let gradients: Matrix

  init(negatives: ConceptNegatives, own: Matrix, cross: Matrix, gradients: Matrix) {
    (self.negatives, self.own, self.cross) = (negatives, own, cross)
    self.gradients = gradients
  }

  /// The length of each gradient.
  var gradientLengths: [Double] { negatives.gradientLengths }

  /// The number of runs: one against each of the negatives.
  public var runs: Int { negatives.count }

  /// The concept activation vector of one run.
  /// - Parameters:
  ///   - run: The set that the concept is compared with.
  ///   - kind: How the vector is found.
  ///   - penalty: Of its weights.
  /// - Returns: The vector, in the span of the rows.
  /// - Throws: `StatisticsFailure` where the rows do not differ.
  public func vector(
    run: Int, kind: ConceptVector.Kind = .logistic,
    penalty: Double = BinaryLogistic.defaultPenalty
  ) throws(StatisticsFailure) -> ConceptVector {
    try ConceptVector(
      gram: negatives.joint(own, cross, run: run), positives: negatives.rowsPerSet, kind: kind,
      penalty: penalty)
  }

  /// How the class images respond to a step along a vector: gradient times unit vector.
  /// - Parameters:
  ///   - vector: The vector of a run.
  ///   - run: The run.
  /// - Returns: One number for each gradient.
  public func sensitivities(of vector: ConceptVector, run: Int) -> [Double] {
    vector.products(with: negatives.jointGradients(gradients, run: run))
  }

  /// Margins of all rows of a run by vectors that did not see them.
  /// - Parameters:
  ///   - run: The run.
  ///   - folds: The number of folds.
  ///   - penalty: Of the weights.
  /// - Returns: One margin for each row, the concept's first; positive speaks for the concept.
  /// - Throws: `StatisticsFailure` where the rows do not differ.
  public func crossFittedMargins(
    run: Int, folds: Int = 3, penalty: Double = BinaryLogistic.defaultPenalty
  ) throws(StatisticsFailure) -> [Double] {
    try ConceptVector.crossFittedMargins(
      gram: negatives.joint(own, cross, run: run), positives: negatives.rowsPerSet, folds: folds,
      penalty: penalty)
  }
}

extension Tensor {
  /// The Euclidean length of each row, in Double.
  var rowLengths: [Double] {
    withUnsafeElements { elements in
      (0..<rows).map { row in
        elements[row * rowCount..<(row + 1) * rowCount]
          .reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
      }
    }
  }
}
