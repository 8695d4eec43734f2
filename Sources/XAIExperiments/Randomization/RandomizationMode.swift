/// In which order, and together with which others, layers are randomized.
public enum RandomizationMode: String, Sendable, Hashable, CaseIterable, Codable {
  /// From the logits down: each step randomizes one layer more (Adebayo et al. 2018).
  case cascading
  /// One layer at a time, all others as trained (Adebayo et al. 2018).
  case independent
  /// From the input up: each step randomizes one layer more.
  case bottomUp = "bottom-up"
}
