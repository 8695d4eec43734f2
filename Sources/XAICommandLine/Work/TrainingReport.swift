package import XAITraining

/// What is said when a training is over.
package struct TrainingReport {
  package let summary: RunSummary
  package let stopping: EarlyStopping
  package let folder: RunFolder

  /// The best epoch, before there is any: nothing.
  package var best: String? {
    guard let epoch = summary.bestEpoch, let loss = summary.bestValidationLoss,
      let top1 = summary.bestValidationTop1
    else { return nil }
    let place = folder.bestModelEpoch == epoch ? folder.bestModel : "its model is lost"
    return "best epoch \(epoch): validation loss \(Format.fixed(loss, digits: 4)), top-1 "
      + "\(Format.percent(top1)); \(place)"
  }

  /// Why it ended.
  package var end: String {
    let length = "\(summary.epochs) epochs in \(Format.duration(summary.seconds))"
    switch summary.stoppedBy {
    case .epochs:
      return "\(length): all epochs are done"
    case .earlyStopping:
      let since = summary.epochs - stopping.epochsWithoutImprovement
      let least =
        stopping.minimumImprovement > 0 ? " of more than \(stopping.minimumImprovement)" : ""
      return
        "\(length): patience is over, no improvement\(least) of the validation loss for "
        + "\(Format.count(stopping.epochsWithoutImprovement, "epoch")) since epoch \(since); "
        + "--resume with a greater --patience goes on"
    case .maximumSteps:
      return "stopped after \(summary.steps) steps by --max-steps; continue with --resume; "
        + folder.bestModel
    case .interrupted:
      return "interrupted after step \(summary.steps), everything is saved"
    }
  }
}
