import XAIRepresentations
import XAIStatistics
import XAITensor

/// What is summed over batches for the matrices of one comparison.
struct SimilaritySums {
  let comparison: SimilarityMatrix.Comparison
  private let rows: [String]
  private let columns: [String]
  private let shapes: (String) -> [Int]
  private let measures: [SimilarityMatrix.Measure]
  private var linear: [[KernelSums]]
  private var radial: [[KernelSums]]
  private var correlations: [[CorrelationSums?]]

  /// The sums of one pair of layers.
  private struct KernelSums {
    var unbiased = BatchedCKA()
    var biased = CKATerms()
    /// Whether a kernel of a batch is undefined.
    var isUndefined = false

    mutating func insert(_ left: Matrix?, _ right: Matrix?) {
      guard let left, let right else {
        isUndefined = true
        return
      }
      unbiased.append(left, right)
      biased = biased + CKATerms(left, right, .biased)
    }
  }

  init(
    _ comparison: SimilarityMatrix.Comparison, _ measures: [SimilarityMatrix.Measure],
    rows: [String], columns: [String], shapes: @escaping (String) -> [Int]
  ) {
    (self.comparison, self.measures, self.shapes) = (comparison, measures, shapes)
    (self.rows, self.columns) = (rows, columns)
    linear = rows.map { _ in columns.map { _ in KernelSums() } }
    radial = linear
    correlations = rows.map { row in
      columns.map { column in
        let (left, right) = (shapes(row), shapes(column))
        guard measures.contains(.svcca), left.dropFirst() == right.dropFirst() else { return nil }
        return CorrelationSums(isDense: left.count == 1)
      }
    }
  }

  mutating func insert(_ left: LayerRepresentations, _ right: LayerRepresentations) throws {
    if measures.contains(.cka) { insert(left.grams, right.grams, into: \.linear) }
    if measures.contains(.ckaRBF) {
      func radial(_ grams: [String: Matrix]) -> [String: Matrix] {
        grams.compactMapValues { RBFKernel.kernel(of: $0) }
      }
      insert(radial(left.grams), radial(right.grams), into: \.radial)
    }
    for (row, first) in rows.enumerated() {
      for (column, second) in columns.enumerated() where correlations[row][column] != nil {
        guard let one = left.outputs[first], let other = right.outputs[second] else { continue }
        try correlations[row][column]?.insert(one, other)
      }
    }
  }

  private mutating func insert(
    _ left: [String: Matrix], _ right: [String: Matrix],
    into sums: WritableKeyPath<SimilaritySums, [[KernelSums]]>
  ) {
    for (row, first) in rows.enumerated() {
      for (column, second) in columns.enumerated() {
        self[keyPath: sums][row][column].insert(left[first], right[second])
      }
    }
  }

  func matrix(
    _ measure: SimilarityMatrix.Measure, notes: inout [String]
  ) throws -> SimilarityMatrix {
    switch measure {
    case .cka: return matrix(measure, of: linear)
    case .ckaRBF: return matrix(measure, of: radial)
    case .svcca: return try canonical(notes: &notes)
    }
  }

  private func matrix(
    _ measure: SimilarityMatrix.Measure, of sums: [[KernelSums]]
  ) -> SimilarityMatrix {
    func all(_ value: (KernelSums) -> Double?) -> [[Double?]] {
      sums.map { $0.map { $0.isUndefined ? nil : value($0) } }
    }
    return SimilarityMatrix(
      measure: measure, comparison: comparison, values: all(\.unbiased.similarity),
      errors: all(\.unbiased.standardError), biased: all(\.biased.similarity))
  }

  private func canonical(notes: inout [String]) throws -> SimilarityMatrix {
    var matrix = SimilarityMatrix(measure: .svcca, comparison: comparison, values: [])
    matrix.weighted = []
    (matrix.kept, matrix.samples) = ([], [])
    for (row, first) in rows.enumerated() {
      var (values, weighted): ([Double?], [Double?]) = ([], [])
      var (kept, samples): ([[Int]?], [Int?]) = ([], [])
      for (column, second) in columns.enumerated() {
        guard let sums = correlations[row][column] else {
          values.append(nil)
          weighted.append(nil)
          kept.append(nil)
          samples.append(nil)
          continue
        }
        let analysis = try sums.analysis()
        let (count, needed) = (sums.count, analysis.samplesNeeded)
        let means = count > analysis.samplesOfNoMeaning
        if comparison == .networks, count < needed {
          notes.append(
            "svcca of \(first) and \(second) has \(grouped(count)) samples, and at least "
              + "\(grouped(needed)) are needed"
              + (means ? " for correlations to mean something" : ": it is left out"))
        }
        values.append(means ? analysis.mean : nil)
        weighted.append(means ? analysis.weightedMean : nil)
        kept.append(analysis.kept)
        samples.append(count)
      }
      matrix.values.append(values)
      matrix.weighted?.append(weighted)
      matrix.kept?.append(kept)
      matrix.samples?.append(samples)
    }
    return matrix
  }
}

/// What canonical correlations of two layers are made of.
private struct CorrelationSums {
  private let isDense: Bool
  private var moments = JointMoments()
  private var rows: (first: [Tensor], second: [Tensor]) = ([], [])

  init(isDense: Bool) { self.isDense = isDense }

  /// Samples: images of dense layers, positions of maps.
  var count: Int { isDense ? rows.first.reduce(0) { $0 + $1.rows } : moments.count }

  mutating func insert(_ first: Tensor, _ second: Tensor) throws {
    guard !isDense else {
      rows.first.append(first)
      rows.second.append(second)
      return
    }
    for (one, other) in zip(first.parts(of: Self.together), second.parts(of: Self.together)) {
      try moments.insert(one, other)
    }
  }

  /// Images whose positions are widened at a time.
  private static let together = 8

  func analysis() throws -> CanonicalCorrelation {
    isDense
      ? try CanonicalCorrelation(
        samplesOf: Tensor(stacking: rows.first), Tensor(stacking: rows.second))
      : try CanonicalCorrelation(moments)
  }
}
