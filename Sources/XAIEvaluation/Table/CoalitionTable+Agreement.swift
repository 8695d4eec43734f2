extension CoalitionTable {
  /// Sensitivity-n at every n, over **all** subsets: Pearson's correlation of summed relevance with what the
  /// subset's removal costs.
  ///
  /// In [-1, 1], higher is better.
  ///
  /// Source: Ancona et al. 2018.
  /// - Parameters:
  ///   - relevance: The sum of the map over each cell.
  ///   - quantity: Logit or probability.
  ///   - correlation: Which correlation.
  /// - Returns: One for each size 1 ..< S; `nil` where either side is constant.
  /// - Note: Deviation: Quantus correlates over images, sums of a step with cumulative drops, in the first
  ///   batch only.
  public func sensitivity(
    _ relevance: [Double], _ quantity: TargetQuantity = .logit,
    _ correlation: Correlation = .pearson
  ) -> [Double?] {
    let (sums, drops) = (sums(relevance), drops(quantity))
    let sets = Dictionary(grouping: values.indices, by: \.nonzeroBitCount)
    return (1..<max(count, 1)).map { size in
      let sets = sets[size] ?? []
      return correlation.of(sets.map { sums[$0] }, sets.map { drops[$0] })
    }
  }

  /// Infidelity over all nonempty subsets of the cells, exact.
  /// - Parameters:
  ///   - relevance: The sum of the map over each cell.
  ///   - quantity: Logit or probability.
  /// - Returns: The infidelity.
  public func infidelity(
    _ relevance: [Double], _ quantity: TargetQuantity = .logit
  ) -> Infidelity {
    Infidelity(
      attributed: Array(sums(relevance).dropFirst()), drops: Array(drops(quantity).dropFirst()))
  }

  /// How a map agrees with the exact Shapley values of the cells: a ground truth for `f` against the
  /// baseline.
  ///
  /// In [-1, 1], higher is better.
  /// - Parameters:
  ///   - relevance: The sum of the map over each cell.
  ///   - correlation: Which correlation.
  ///   - quantity: Logit or probability.
  /// - Returns: The correlation; `nil` where either side is constant.
  public func shapleyAgreement(
    _ relevance: [Double], _ correlation: Correlation, _ quantity: TargetQuantity = .logit
  ) -> Double? {
    correlation.of(relevance, shapleyValues(quantity))
  }
}
