public import XAITensor

extension [LawCheck] {
  /// One check for each map: that it sums to what entered at the logit.
  /// - Parameters:
  ///   - maps: `[N, C, H, W]`.
  ///   - expected: What entered, one for each map.
  ///   - tolerance: The largest error with which the law holds, as a fraction of what entered.
  public init(conservationOf maps: Tensor, expected: [Double], tolerance: Double) {
    self = zip(maps.rowSums, expected).enumerated().map { row, sums in
      LawCheck(
        .conservation, expected: sums.1, found: sums.0, tolerance: tolerance,
        rounding: LawCheck.rounding(of: maps.row(row), logits: sums.1))
    }
  }
}
