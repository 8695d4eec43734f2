import XAITensor

extension LawCheck {
  /// Completeness of a map that is a sum over points, of which there are never enough.
  ///
  /// What is left over grows with the contributions, and not with the difference of two logits, in
  /// which contributions of both signs cancel. Up to the tolerance of a tenth of the map's mass
  /// `sum |map|` it cannot be told whether the law is broken: near a difference of 0 no number of points
  /// would suffice, and neither answer would say anything about the map. In 14 maps of a trained
  /// VGG-16 differences were 0.07 to 0.27 of the mass, so that mostly the difference itself decides; a map of
  /// the right mass and random signs would be far out. Errors were at most 0.8 % of the difference with
  /// integrated gradients of 200 steps, and 31 % with gradient SHAP of 50 samples.
  /// - Parameters:
  ///   - map: `[1, C, H, W]`.
  ///   - expected: What it should sum to.
  ///   - magnitude: The magnitudes of the logits whose difference that is.
  ///   - tolerance: The largest error with which the law holds, as a fraction of the difference.
  init(sampledSum map: Tensor, expected: Double, magnitude: Double, tolerance: Double) {
    self.init(
      .completeness, expected: expected, found: map.rowSums[0], tolerance: tolerance,
      rounding: Self.rounding(of: map, logits: magnitude),
      approximation: tolerance * Self.mass(of: map) / 10)
  }
}
