import XAIAttribution
import XAIClassifiers
import XAIDatasets
import XAIEvaluation
import XAIImages
import XAINetworks
import XAITensor

extension EvaluationPlan {
  /// Plans an evaluation.
  /// - Throws: What reading throws; `ExperimentFailure` where no image or method is left, or tensors do not fit;
  ///   `EvaluationFailure` where measures are not there.
  init(
    _ configuration: EvaluationExperiment.Configuration, _ session: Session
  ) throws {
    let images: EvaluationImages
    switch configuration.images {
    case .pictures(let choice):
      images = try EvaluationImages(choice, configuration, session)
    case .tensors(let tensors):
      images = try EvaluationImages(tensors, configuration, session)
    }
    let steps = try CurveSteps(configuration.steps)
    let baselines = images.fillings.map(\.name)
    for name in baselines where baselines.count(where: { $0 == name }) > 1 {
      throw EvaluationFailure(
        .parameter("\(name) twice", expected: "each once"),
        of: "what stands in the place of removed pixels")
    }
    let columns = try EvaluationColumns(
      configuration.measures,
      of: MeasureCatalog.measures(
        baselines: baselines, steps: steps, grid: configuration.cells),
      extras: MeasureCatalog.partCurves(baselines: baselines, hasSegments: true),
      contrasts: ContrastColumns.columns(baselines),
      hasObjects: images.subjects.contains { $0.truth != nil })
    let (methods, controls) = try Self.methods(configuration, session, images)
    let needsSegments = columns.columns.contains { $0.identifier.contains(".segments.") }
    let checkpoint = session.network.checkpoint
    let observer = session.observer
    self.init(
      subjects: images.subjects, source: images.source, pictures: images.pictures,
      methods: methods, given: configuration.given, controls: controls, columns: columns,
      weights: try ScoreWeights(configuration.weights, columns: columns.columns),
      baselines: baselines, cells: configuration.cells, steps: steps,
      network: JudgedNetwork(
        session.network.explained,
        in: AttributionContext(
          memory: session.memory.activations, isStopped: { observer.isStopped })),
      draws: EvaluationDraws(seed: session.request.seed), normalised: images.normalised,
      fillings: Dictionary(
        images.fillings.map { ($0.name, $0.images) }, uniquingKeysWith: { first, _ in first }),
      others: images.others, segments: needsSegments ? try images.segments() : nil,
      neighborCount: columns.needsNeighbors ? configuration.neighbors : 0,
      deviations: checkpoint.standardDeviation.elements.map(Double.init),
      code: checkpoint.saysHowImagesAreNormalised
        ? try PixelCode(
          mean: checkpoint.mean, standardDeviation: checkpoint.standardDeviation,
          shape: checkpoint.network.architecture.input) : nil)
  }

  private static func methods(
    _ configuration: EvaluationExperiment.Configuration, _ session: Session,
    _ images: EvaluationImages
  ) throws -> (methods: [MethodUnderTest], controls: [MethodUnderTest]) {
    let methods = try images.ready(
      configuration.methods.filter { $0.method.entry.group != .control }, session,
      configuration.limit)
    guard !methods.isEmpty || !configuration.given.isEmpty else {
      throw ExperimentFailure(.noMethodLeft)
    }
    let taken = Set(
      methods.map(\.identifier) + EvaluationControl.allCases.map(\.rawValue)
        + MethodCatalog.entries.filter { $0.group == .control }.map(\.identifier))
    for given in configuration.given where taken.contains(given.name) {
      throw EvaluationFailure(
        .parameter(
          given.name, expected: "a name that no method and no control has, as in NAME=FILE"),
        of: "the name of given maps")
    }
    // Random and constant maps are drawn from streams of the evaluation.
    let own = Set(EvaluationControl.allCases.map(\.rawValue))
    let controls = MethodCatalog.entries.filter {
      $0.group == .control && !own.contains($0.identifier)
    }
    return (
      methods,
      try images.ready(
        controls.map { .init(MethodUnderTest($0, baseline: nil), isRequired: false) }, session, nil)
    )
  }
}
