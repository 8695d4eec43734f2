import XAIAttribution
import XAIClassifiers
import XAIEvaluation
import XAIImages
import XAIMetrics
import XAINetworks
import XAITensor

/// Makes the results of an evaluation from what was found on each image.
struct EvaluationAssembly {
  let plan: EvaluationPlan
  let configuration: EvaluationExperiment.Configuration
  let session: Session
  let findings: [EvaluationJudge.Finding]
  /// What was found about the measures themselves, where they were tried.
  let trials: Trials?

  typealias Trials = (findings: [MeasureTrial.Finding], columns: [MeasureColumn])

  private var names: [String] { EvaluationJudge.names(plan) }
  private var methodCount: Int { plan.methods.count }

  /// Everything that reports show.
  func outcome() throws -> EvaluationOutcome {
    let images = plan.subjects.count
    let scores = names.indices.flatMap { method in
      findings.indices.map { image in score(findings[image].rows[method], method, image) }
    }
    let measures = plan.columns.columns.map(EvaluationColumns.record)
    let methods = try evaluatedMethods()
    let summaries = EvaluationSummary.summaries(
      of: scores, methods: methods, measures: measures, images: images,
      draws: EvaluationDraws(seed: session.request.seed))
    let network = session.network
    var results = EvaluationResults(
      version: Toolkit.version,
      checkpoint: try .init(
        network.checkpoint, path: network.path, sha256: try network.digest.value()),
      seed: session.request.seed, setup: setup, images: plan.subjects.map(record),
      methods: methods, measures: measures, scores: scores, summaries: summaries,
      boxes: try boxes(), agreement: AgreementRecord(measures: [], tau: [], methods: 0), pareto: [],
      findings: [], notes: [])
    results.compareMeasures()
    results.total = plan.weights.map { $0.total(of: results) }
    if let trials { results.add(trials.findings, of: trials.columns) }
    results.say(
      wantsObjects: configuration.measures.contains {
        $0 == .everything || $0 == .family(.localization)
      })
    results.notes += try unlikeMethods()
    if plan.columns.needsNeighbors, plan.code == nil {
      results.notes.append(
        "How the images were normalized is not known: neighbors differ by up to 0.02 in the units of the tensors, "
          + "not in those of pixels.")
    }
    return EvaluationOutcome(
      results, maps: names.indices.map { method in findings.map { $0.rows[method].map } },
      objects: plan.subjects.map { $0.truth?.mask },
      curves: EvaluationCurves(findings.flatMap(\.curves)),
      pictures: plan.pictures)
  }

  private func score(_ row: EvaluationJudge.Row, _ method: Int, _ image: Int) -> EvaluationScore {
    let extremes = row.map?.extremes
    return EvaluationScore(
      method: names[method], image: image,
      values: row.values.map { $0?.isFinite == true ? $0 : nil },
      isConstant: extremes.map { $0.0 == $0.1 } ?? false, tiedShare: row.tiedShare)
  }

  private var setup: EvaluationSetupRecord {
    var families: [MeasureColumn.Family] = []
    for family in plan.columns.columns.map(\.family) where !families.contains(family) {
      families.append(family)
    }
    return EvaluationSetupRecord(
      samples: configuration.images.sentence, target: configuration.targetWords,
      baselines: plan.baselines, cells: [plan.cells.rows, plan.cells.columns],
      steps: configuration.steps,
      boxArea: [configuration.boxArea.lowerBound, configuration.boxArea.upperBound],
      correctOnly: configuration.correctOnly,
      neighbors: plan.columns.needsNeighbors ? configuration.neighbors : 0, families: families)
  }

  private func record(_ subject: EvaluationSubject) -> EvaluatedImage {
    let classes = session.network.checkpoint.classes
    func record(_ index: Int) -> ExplanationResults.ClassRecord {
      .init(index, subject.prediction, classes)
    }
    let area = subject.truth?.mask.areaShare
    return EvaluatedImage(
      name: subject.name, source: subject.source, key: subject.keyText,
      label: subject.label.map(record), predicted: record(subject.prediction.predicted),
      target: record(subject.target),
      // Nothing can be placed inside of an object that is nowhere or everywhere.
      truth: area.flatMap { 0 < $0 && $0 < 1 ? subject.truth?.kind : nil }, area: area)
  }

  private func evaluatedMethods() throws -> [EvaluatedMethod] {
    let own = Dictionary(
      uniqueKeysWithValues: EvaluationControl.allCases.map { ($0.rawValue, $0.summary) })
    let explained = Dictionary(
      plan.explained.map { ($0.identifier, $0) }, uniquingKeysWith: { first, _ in first })
    return try names.enumerated().map { position, name in
      let method = try explained[name].map { try TestedMethod($0) }
      // A file's name says nothing about the method that made its maps.
      let isGiven = methodCount..<methodCount + plan.given.count ~= position
      let known = isGiven ? nil : configuration.known[name]
      return EvaluatedMethod(
        identifier: name,
        kind: position < methodCount ? .method : isGiven ? .given : .control,
        method: method, summary: method?.summary ?? own[name] ?? "maps that were given",
        verdict: known?.verdict.flatMap { $0.isAbout(method) ? $0.value : nil },
        consistency: known?.consistency.flatMap { $0.isAbout(method) ? $0.value : nil })
    }
  }

  /// What other experiments found about methods with other parameters or baselines, which says nothing here.
  private func unlikeMethods() throws -> [String] {
    try plan.explained.flatMap { explained -> [String] in
      let method = try TestedMethod(explained)
      let known = configuration.known[method.identifier]
      func note(_ what: String, _ isAbout: Bool?) -> String? {
        isAbout == false
          ? "\(method.identifier): the \(what) that was given is about other parameters or another baseline, and is "
            + "left out." : nil
      }
      return [
        note("randomization test", known?.verdict?.isAbout(method)),
        note("comparison", known?.consistency?.isAbout(method)),
      ].compactMap(\.self)
    }
  }

  /// MaxBoxAcc of every method, where boxes are known.
  private func boxes() throws -> [BoxRecord] {
    let boxed = plan.subjects.indices.compactMap { image in
      plan.subjects[image].truth?.box.map { (image: image, box: $0) }
    }
    guard plan.columns.needsObjects, !boxed.isEmpty else { return [] }
    return try names.indices.map { method in
      let intersections = try boxed.compactMap { image, box in
        try findings[image].rows[method].localized.map {
          try BoxSweep($0).intersectionOverUnion(box)
        }
      }
      let accuracies = BoxAccuracy.defaultDeltas.map {
        BoxAccuracy(intersections, delta: $0)
      }
      let known = accuracies.map(\.maximum)
      let all = known.compactMap(\.self)
      let half = zip(BoxAccuracy.defaultDeltas, known).first { $0.0 == 0.5 }?.1
      return BoxRecord(
        method: names[method], count: intersections.count, deltas: BoxAccuracy.defaultDeltas,
        maximum: known, crossFitted: accuracies.map(\.crossFitted),
        mean: all.count == known.count ? all.reduce(0, +) / Double(all.count) : nil,
        error: half.map { 1 - $0 })
    }
  }
}
