import XAIClassifiers
import XAIDatasets
import XAIFiles
import XAINetworks
import XAITraining

/// What `xai-eval` does: evaluates, prints, writes tables.
package struct EvaluationWork {
  private let options: EvaluationOptions
  private let network: CheckpointOptions
  private let common: CommonOptions
  private let console: Console

  /// Prepares an evaluation.
  package init(
    _ options: EvaluationOptions, _ network: CheckpointOptions, _ common: CommonOptions,
    _ console: Console
  ) {
    (self.options, self.network) = (options, network)
    (self.common, self.console) = (common, console)
  }

  /// Evaluates.
  package func run() throws {
    let inputs =
      [options.checkpoint] + network.files
      + (common.data.map { DataSource($0).inputs } ?? []) + options.image
    try OutputFiles.requireDistinct(options.outputs, from: inputs)
    let knowledge = try network.knowledge()
    let checkpoint = try Checkpoint.open(options.checkpoint, knowledge, observer: console)
    try console.stoppable("interrupted; nothing was written") {
      try options.image.isEmpty
        ? evaluateData(checkpoint, knowledge) : evaluatePictures(checkpoint)
    }
  }

  private func evaluateData(_ checkpoint: Checkpoint, _ knowledge: CheckpointKnowledge) throws {
    let path = options.checkpoint
    let dataset = try CheckpointEvaluation.open(
      common.opening(), options.split, for: checkpoint, path: path, observer: console)
    let completed = try checkpoint.completed(
      by: dataset, path: path, knowledge, observer: console)
    let (report, seconds) = try CheckpointEvaluation(
      completed, path: path, batchSize: options.batchSize
    ).report(on: dataset, options.split, limit: options.limit, observer: console)
    if LabelMapping(completed, dataset).assumesOrder {
      AssumedOrder(report, dataset.classes).sentence.map { console.warn("\(path): \($0)") }
    }
    let result = EvaluationResult(
      checkpoint: path, data: dataset.name, split: options.split, report: report,
      seconds: seconds)
    // Before the files: what was computed is not lost where one of them cannot be written.
    try options.json
      ? console.printLines(result.json) : result.lines.forEach(console.print)
    try writeFiles(report)
  }

  private func evaluatePictures(_ checkpoint: Checkpoint) throws {
    try network.contents.requireData(common.data)
    let result = try CheckpointEvaluation(
      checkpoint, path: options.checkpoint, batchSize: options.batchSize
    ).pictures(options.image, skipCorrupt: common.skipCorrupt, observer: console)
    try options.json
      ? console.printLines(result.json) : result.lines.forEach(console.print)
    if let predictions = options.predictions {
      try AtomicFile.write(result.csv, to: predictions)
    }
  }

  private func writeFiles(_ report: ClassificationReport) throws {
    if let perClass = options.perClass { try report.writePerClass(to: perClass) }
    if let predictions = options.predictions { try report.writePredictions(to: predictions) }
    guard let confusion = options.confusion else { return }
    if let picture = options.confusionPicture {
      try report.writeConfusion(to: confusion)
      try report.writeConfusionImage(to: picture)
    } else {
      try report.writeConfusionImage(to: confusion)
    }
  }
}
