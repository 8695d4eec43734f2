import XAITensor

extension Attribution {
  /// Maps of methods that give each segment one value.
  ///
  /// Completeness holds for the sum over segments, each counted once, not over pixels.
  /// - Parameters:
  ///   - request: The images.
  ///   - explain: The segments of an image and their shares.
  /// - Returns: `[N, 1, H, W]`, with a check of completeness where the shares say what they
  ///   should sum to.
  /// - Throws: What the closure throws.
  static func ofSegments(
    _ request: AttributionRequest,
    _ explain: (Int) throws -> (segments: SegmentMap, shares: SegmentShares)
  ) throws -> Attribution {
    var maps: [Tensor] = []
    var laws: [LawCheck] = []
    for image in 0..<request.count {
      let (segments, shares) = try explain(image)
      maps.append(segments.painted(shares.values))
      guard let expected = shares.expected else { continue }
      laws.append(
        LawCheck(
          .completeness, expected: expected, found: shares.values.reduce(0, +), tolerance: 1e-6))
    }
    return Attribution(maps: Tensor(stacking: maps), laws: laws)
  }
}
