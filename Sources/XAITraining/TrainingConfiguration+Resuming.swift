extension TrainingConfiguration {
  /// Why a training cannot go on under this configuration.
  ///
  /// Patience, its minimum and the number of epochs only decide when training ends: they may change, for
  /// what was done would have come out the same. Everything else decided it, and so do the epochs where
  /// the schedule looks ahead to the last one. The data's name decides nothing: their digest does.
  /// - Parameters:
  ///   - saved: The configuration of what was done.
  ///   - knowsData: Whether the state tells data by their digest, so that their name may change.
  /// - Returns: A phrase for each value that would have changed what was done.
  public func conflicts(resuming saved: TrainingConfiguration, knowsData: Bool) -> [String] {
    var allowed = saved
    (allowed.patience, allowed.minimumImprovement) = (patience, minimumImprovement)
    if knowsData { allowed.data = data }
    var reasons: [String] = []
    if case .cosine = saved.schedule {
      if epochs != saved.epochs {
        reasons.append(
          "epochs \(epochs) instead of \(saved.epochs), on which every rate of the cosine depends")
      }
    }
    allowed.epochs = epochs
    return differences(to: allowed) + reasons
  }
}
