import XAIAttribution
import XAIClassifiers
public import XAIMetrics
public import XAINetworks
import XAITensor

/// Makes the results of a test from what was computed.
public struct RandomizationAssembly {
  private let run: RandomizationRun
  private let checkpoint: Checkpoint
  private let record: ExplanationResults.CheckpointRecord
  private let configuration: RandomizationConfiguration
  private let samples: String

  /// Prepares the results.
  /// - Parameters:
  ///   - run: The run, its units finished.
  ///   - checkpoint: The network.
  ///   - record: The network's file.
  ///   - configuration: How layers were randomized and what was explained.
  ///   - samples: The rule by which images were chosen, as a sentence.
  public init(
    _ run: RandomizationRun, checkpoint: Checkpoint,
    record: ExplanationResults.CheckpointRecord, configuration: RandomizationConfiguration,
    samples: String
  ) {
    (self.run, self.checkpoint) = (run, checkpoint)
    (self.record, self.configuration, self.samples) = (record, configuration, samples)
  }

  /// Assembles the results, with summaries and verdicts.
  /// - Parameters:
  ///   - panel: The measures.
  ///   - scores: One row for each randomized map.
  ///   - health: The network at each step.
  ///   - convergence: How fast signals forget where they started.
  ///   - rule: What verdicts rest on.
  /// - Returns: The results.
  /// - Throws: `AttributionFailure` where a parameter has no JSON form, `FileFailure` where a unit is
  ///   damaged.
  public func results(
    _ panel: SimilarityPanel, scores: [ScoreRow], health: [HealthRecord],
    convergence: [ConvergenceCurve], rule: VerdictRule
  ) throws -> RandomizationResults {
    let test = run.test
    let methods = try test.methods.map { try TestedMethod($0) }
    let plans = test.plans.map { plan($0, of: test.network) }
    let measures = panel.measures.map(\.identifier)
    var results = RandomizationResults(
      version: Toolkit.version, complete: try run.estimate().missing == 0, checkpoint: record,
      configuration: configuration, seeds: test.seeds, samples: samples,
      images: test.subjects.map(image), methods: methods, plans: plans, measures: measures,
      measureRecords: panel.measures.map(MeasureRecord.init), headline: panel.headline,
      health: health, scores: scores, summaries: [],
      verdicts: [], rule: "", convergence: convergence, complexity: try run.complexity())
    try results.judge(by: rule, maps: run, measures: panel.measures)
    return results
  }

  private func image(_ subject: RandomizationTest.Subject) -> TestedImage {
    func record(_ index: Int) -> ExplanationResults.ClassRecord {
      .init(index, subject.prediction, checkpoint.classes)
    }
    return TestedImage(
      name: subject.image.name, source: subject.image.source, key: subject.image.keyText,
      label: subject.image.label.map(record), predicted: record(subject.prediction.predicted),
      target: record(subject.target))
  }

  private func plan(_ plan: RandomizationPlan, of network: Network) -> PlanRecord {
    let dense = Set(network.nodes.filter { $0.operation == .dense }.map(\.name))
    let layers = plan.steps.map(\.name)
    // Only a cascade that begins at the logits goes through the whole head first.
    let begins = plan.mode == .cascading && plan.steps.first?.index == 0
    return PlanRecord(
      mode: plan.mode, layers: layers,
      denseHead: begins ? layers.prefix { dense.contains($0) }.count : 0)
  }
}

extension ExplanationResults.ClassRecord {
  /// What a network says about a class of an image.
  init(_ index: Int, _ prediction: Prediction, _ classes: [Checkpoint.ClassName]) {
    let name = classes.isEmpty ? nil : classes[index]
    self.init(
      index: index, id: name?.id, name: name?.name, logit: prediction.logits[index],
      probability: prediction.probability(of: index))
  }
}

extension TestedMethod {
  /// Describes a method for readers of results.
  init(_ method: MethodUnderTest) throws {
    self.init(
      identifier: method.identifier, method: method.entry.identifier,
      group: method.entry.group,
      parameters: .object(try MethodParameters(of: method.method).values),
      baseline: method.baseline?.description, meaning: method.method.meaning,
      summary: method.entry.summary,
      source: method.entry.source)
  }
}
