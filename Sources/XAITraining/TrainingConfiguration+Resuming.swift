extension TrainingConfiguration {
  /// Why a training cannot go on under this configuration.
  ///
  /// Patience, its minimum and the number of epochs only decide when training ends: they may grow, for
  /// what was done would have come out the same. It would not where they had ended the training before, and
  /// everything else decided it, as do the epochs where the schedule looks ahead to the last one. The data's
  /// name decides nothing where the state has their digest.
  /// - Parameters:
  ///   - saved: The configuration of what was done.
  ///   - state: What was done.
  /// - Returns: A phrase for each value that would have changed what was done.
  public func conflicts(
    resuming saved: TrainingConfiguration, at state: TrainingState
  ) -> [String] {
    var allowed = saved
    (allowed.epochs, allowed.patience, allowed.minimumImprovement) = (
      epochs, patience, minimumImprovement
    )
    if state.dataDigest != nil { allowed.data = data }
    return differences(to: allowed)
      + [epochConflict(saved, state), patienceConflict(saved, state)].compactMap(\.self)
  }

  private func epochConflict(
    _ saved: TrainingConfiguration, _ state: TrainingState
  ) -> String? {
    guard epochs != saved.epochs else { return nil }
    if saved.schedule.looksAhead {
      return
        "epochs \(epochs) instead of \(saved.epochs), on which every rate of the schedule depends"
    }
    if saved.sizes != nil || saved.partialValidation != nil {
      return
        "epochs \(epochs) instead of \(saved.epochs), by which the sizes of the images or the epochs of a full "
        + "validation were chosen"
    }
    if epochs < state.epoch { return "epochs \(epochs), but \(state.epoch) are finished" }
    return epochs == state.epoch && state.stepInEpoch > 0
      ? "epochs \(epochs), but epoch \(state.epoch + 1) is under way" : nil
  }

  private func patienceConflict(
    _ saved: TrainingConfiguration, _ state: TrainingState
  ) -> String? {
    let isChanged =
      patience != saved.patience || minimumImprovement != saved.minimumImprovement
    // What cannot be at all is for `validate()` to say.
    guard isChanged, patience > 0, minimumImprovement >= 0 else { return nil }
    let rule = EarlyStopping(patience: patience, minimumImprovement: minimumImprovement)
    guard let end = rule.end(of: state.metrics.map(\.validationLoss)),
      end < state.epoch || state.stepInEpoch > 0
    else { return nil }
    return
      "patience \(patience) with a minimum improvement of \(minimumImprovement), which would have "
      + "ended it after epoch \(end)"
  }
}
