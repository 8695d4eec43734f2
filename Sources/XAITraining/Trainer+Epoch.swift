import XAIDatasets
import XAINetworks
import XAITensor

extension Trainer {
  /// Validates the epoch that was trained, keeps its parameters if they are the best, saves all state.
  /// - Returns: Whether it came to its end; if not, nothing changed.
  func validate() throws -> Bool {
    let start = ContinuousClock.now
    let candidate = (average ?? parameters).download(from: backend)
    try requireFinite(candidate)
    try requireFinite(descent.velocities.download(from: backend), "the velocity of ")
    let rule = configuration.validation(ofEpoch: state.epoch)
    guard let tally = try tally(candidate, stride: rule.stride) else { return false }
    guard tally.loss.isFinite else {
      throw divergence("validation: the loss is \(tally.loss)")
    }
    let metrics = EpochMetrics(
      epoch: state.epoch + 1, learningRate: rate(inStep: stepsPerEpoch - 1),
      trainLoss: state.lossSum / Double(state.images),
      trainTop1: Double(state.correct) / Double(state.images),
      validationLoss: rule.decides ? tally.loss : nil,
      validationTop1: tally.top1, validationTop5: tally.top5,
      imagesPerSecond: Double(state.images) / state.epochSeconds,
      seconds: state.epochSeconds + (.now - start) / .seconds(1),
      imageSize: configuration.imageExtent(ofEpoch: state.epoch).height,
      validationImages: tally.images)
    var isBest = false
    if let loss = metrics.validationLoss {
      isBest = state.stopping.observe(validationLoss: loss, epoch: metrics.epoch)
      configuration.schedule.finishEpoch(validationLoss: loss, state: &state.schedule)
    }
    state.metrics.append(metrics)
    state.epoch += 1
    state.stepInEpoch = 0
    (state.lossSum, state.correct, state.images, state.epochSeconds) = (0, 0, 0, 0)
    state.seconds += (.now - start) / .seconds(1)
    try save()
    if isBest { try writeBestModel(candidate, metrics) }
    try writeCurves()
    try writeEvents(metrics)
    events.didFinish(metrics, isBest: isBest)
    return true
  }

  /// Loss and accuracy on every so many images of the validation split; nil if interrupted.
  private func tally(_ candidate: Parameters, stride: Int) throws -> ClassificationTally? {
    let total = (dataset.count(of: .validation) + stride - 1) / stride
    events.willValidate(images: total)
    let evaluator = try Evaluator(
      network: network(ofEpoch: state.epoch), parameters: candidate, preprocessing: preprocessing,
      batchSize: configuration.batchSize, backend: backend)
    var tally = ClassificationTally()
    try evaluator.forEachBatch(
      of: dataset, split: .validation,
      extent: configuration.imageExtent(ofEpoch: state.epoch), stride: stride
    ) { batch, logits in
      if events.isInterrupted { return false }
      tally.record(logits: logits, labels: batch.labels)
      events.didValidate(images: tally.images)
      return true
    }
    return tally.images == total ? tally : nil
  }

  private func writeEvents(_ metrics: EpochMetrics) throws {
    guard let eventFile else { return }
    let scalars =
      [
        ("loss/train", metrics.trainLoss),
        ("top1/train", metrics.trainTop1), ("top1/validation", metrics.validationTop1),
        ("top5/validation", metrics.validationTop5), ("learning_rate", metrics.learningRate),
        ("images_per_second", metrics.imagesPerSecond),
      ] + (metrics.validationLoss.map { [("loss/validation", $0)] } ?? [])
    try eventFile.write(scalars, step: metrics.epoch)
  }
}
