package import XAITraining

/// Shows a training on the console.
package final class ConsoleEvents: TrainingEvents {
  private let console: Console
  private let configuration: TrainingConfiguration
  private var bar: ProgressBar?

  init(_ console: Console, _ configuration: TrainingConfiguration) {
    self.console = console
    self.configuration = configuration
  }

  package var isInterrupted: Bool { Interruption.requested }

  package func willTrain(epoch: Int, of total: Int, steps: Int, _ state: TrainingState) {
    bar = console.progress(
      "epoch \(epoch)/\(total)", total: steps, first: state.stepInEpoch,
      itemsPerStep: configuration.batchSize)
  }

  package func didTrain(_ state: TrainingState) {
    let loss = state.lossSum / Double(state.images)
    let top1 = Double(state.correct) / Double(state.images)
    bar?.update(
      state.stepInEpoch,
      "loss \(Format.fixed(loss, digits: 3)), top-1 \(Format.percent(top1))")
  }

  package func willValidate(images: Int) { bar = console.progress("validation", total: images) }

  package func didValidate(images: Int) { bar?.update(images) }

  /// Removes the bar of an epoch that did not come to its end.
  package func finish() { bar?.finish() }

  package func didFinish(_ metrics: EpochMetrics, isBest: Bool) {
    bar?.finish()
    console.note(
      "epoch \(metrics.epoch): train loss \(Format.fixed(metrics.trainLoss, digits: 4)), top-1 "
        + "\(Format.percent(metrics.trainTop1)); \(validation(metrics)), top-1 "
        + "\(Format.percent(metrics.validationTop1)), top-5 "
        + "\(Format.percent(metrics.validationTop5)); "
        + "\(Format.fixed(metrics.imagesPerSecond, digits: 1)) images/s, "
        + "\(Format.duration(metrics.seconds))\(isBest ? ", best so far" : "")")
  }

  /// The validation's loss; where it does not decide, on which images it was.
  private func validation(_ metrics: EpochMetrics) -> String {
    if let loss = metrics.validationLoss {
      return "validation loss \(Format.fixed(loss, digits: 4))"
    }
    let size = metrics.imageSize.map { ", \($0) pixels high" } ?? ""
    return "validation of \(Format.count(metrics.validationImages ?? 0, "image"))\(size)"
  }
}
