/// What happens to the batch norm of a randomized layer.
///
/// Published tests differ: Adebayo et al. (2018) draw beta anew and keep the trained statistics, Sixt et
/// al. (2020) and Quantus reset everything. Random weights against the statistics of trained ones rescale
/// activations at every layer, so the choice is reported with every result.
public enum BatchNormPolicy: String, Sendable, Hashable, CaseIterable, Codable {
  /// Scale 1, shift 0, mean 0, variance 1: an untrained layer.
  case reset
  /// Everything as trained.
  case keep
  /// Scale 1, shift 0, and running statistics estimated anew for the random weights: an untrained
  /// layer whose activations have the size that training would have given them.
  case recalibrate
}
