/// What the sign of a method's maps means; pictures, legends and words follow it.
public enum MapMeaning: String, Sendable, Codable, CaseIterable {
  /// Contributions: positive values speak for the class, negative ones against it.
  case relevance
  /// Slopes: where a value is positive, more of the pixel raises the logit, where negative it lowers it.
  case sensitivity
  /// Amounts: there is no sign, or one that says nothing.
  case magnitude
  /// The map is no explanation.
  case none
}
