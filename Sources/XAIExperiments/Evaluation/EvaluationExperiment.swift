import XAIAttribution
import XAIClassifiers
public import XAIEvaluation
import XAIFiles
import XAIImages
import XAIMetrics
import XAINetworks
public import XAITensor

/// Judges explanations by what the network does: how faithful, well placed, stable and simple they are, from the
/// images to a table with intervals.
///
/// Finished maps, numbers, and what the network said of removals are stored in a folder, where another run finds
/// them: a method that is added later pays for its own maps and orders only.
public final class EvaluationExperiment {
  private let configuration: Configuration
  private let session: Session
  private let runner: AttributionRunner
  /// Made when it is asked for, by predicting all images.
  private var plan: EvaluationPlan?
  private var store: EvaluationStore?
  /// The part of several processes that is done here.
  private var shard: Shard?

  /// Prepares for the network of a session.
  /// - Parameters:
  ///   - configuration: What is judged.
  ///   - session: The network and the data, which were opened.
  public init(_ configuration: Configuration, in session: Session) {
    (self.configuration, self.session) = (configuration, session)
    runner = AttributionRunner(session, algorithm: nil)
  }

  /// Opens the folder of finished parts, making it where there is none.
  /// - Parameters:
  ///   - folder: The folder.
  ///   - shard: The part of several processes that is done here; nil where this one does everything.
  /// - Throws: `ExperimentFailure` where it holds another evaluation; `FileFailure` where it cannot be used.
  public func open(_ folder: String, shard: Shard? = nil) throws {
    self.shard = shard
    store = try EvaluationStore(
      folder,
      origin: EvaluationOrigin(
        version: Toolkit.version, checkpoint: session.identity(), seed: session.request.seed),
      shard: shard)
  }

  /// The images that are a shard's part: an image is one piece of work, as everything of it is shared.
  private static func positions(of shard: Shard?, in plan: EvaluationPlan) -> [Int] {
    guard let shard else { return Array(plan.subjects.indices) }
    let pieces = plan.subjects.map { subject in
      ShardPartition.Piece(cost: 1, group: subject.key)
    }
    let shards = ShardPartition(pieces, among: shard.count).shards
    return plan.subjects.indices.filter { shards[$0] == shard.number - 1 }
  }

  /// How many of the images are a shard's part.
  /// - Parameter shard: The shard.
  /// - Returns: Its images, and all.
  /// - Throws: What reading throws; `ExperimentFailure` where no method or no image is left.
  public func load(of shard: Shard) throws -> (own: Int, all: Int) {
    let plan = try prepare()
    return (Self.positions(of: shard, in: plan).count, plan.subjects.count)
  }

  /// Computes what is missing of a shard's part, and judges nothing: other processes have the rest.
  /// - Throws: As `finish`.
  public func finishPart() throws {
    guard let store else { throw ExperimentFailure(.noFolder) }
    try store.begin()
    _ = try judge(store)
    try store.requireFolder()
    try store.end()
  }

  /// Makes sure that the folder is still there.
  /// - Throws: `FileFailure` where it was removed or renamed meanwhile.
  public func requireFolder() throws { try store?.requireFolder() }

  /// What the work takes, before it is done.
  public struct Cost: Sendable {
    /// The number of methods, controls not among them.
    public let methods: Int
    /// The number of images.
    public let images: Int
    /// Walks through the network that the maps take.
    public let maps: Double
    /// Walks that the maps of neighbors take.
    public let neighbors: Double
    /// Walks that maps on edited networks take, about.
    public let axioms: Double
    /// Walks and passes of judging the measures themselves.
    public let trials: (walks: Double, passes: Int)
    /// Forward passes of removals, by family.
    public let passes: [(family: MeasureColumn.Family, shared: Int, own: Int)]

    /// All forward passes of removals.
    public var removals: Int { passes.reduce(trials.passes) { $0 + $1.shared + $1.own } }
  }

  /// What the work takes, as if nothing were finished.
  /// - Returns: The cost.
  /// - Throws: What reading throws; `ExperimentFailure` where no method or no image is left.
  public func cost() throws -> Cost {
    let plan = try prepare()
    let (subjects, columns) = (plan.subjects, plan.columns)
    let walks = try plan.methods.reduce(0) {
      $0 + runner.walks(of: $1, try plan.source.request([0], [subjects[0].target], for: $1))
    }
    let judged = try plan.judged(0)
    var passes: [MeasureColumn.Family: (Int, Int)] = [:]
    var trialPasses = 0
    // The best orders of logit and probability are often one: an oracle for each baseline.
    let controls = EvaluationControl.randomOrders + 2 + plan.baselines.count
    let maps = plan.explained.count + plan.given.count + controls
    for measure in columns.measures {
      guard let family = measure.columns.first?.family else { continue }
      let (shared, own) = try measure.passes(of: maps, on: judged)
      if configuration.triesMeasures, family != .localization, family != .robustness {
        // A disturbed image is another one; maps of a random network are judged on the same.
        trialPasses += shared + 2 * plan.methods.count * own / max(maps, 1)
      }
      let known = passes[family] ?? (0, 0)
      passes[family] = (
        known.0 + shared * subjects.count, known.1 + own * subjects.count
      )
    }
    // Maps of the true class and of the likeliest other one, where these are others.
    let checked = min(plan.axiomImages, subjects.count)
    return Cost(
      methods: plan.methods.count, images: subjects.count,
      maps: walks * Double(plan.wishes.count),
      neighbors: columns.needsNeighbors
        ? walks * Double(subjects.count * configuration.neighbors) : 0,
      axioms: walks * Double(2 * checked * columns.axioms.count),
      trials: (
        walks: configuration.triesMeasures ? 2 * walks * Double(subjects.count) : 0,
        passes: trialPasses * subjects.count
      ),
      passes: MeasureColumn.Family.allCases.compactMap { family in
        passes[family].map { (family: family, shared: $0.0, own: $0.1) }
      })
  }

  /// Computes what is missing, and judges.
  /// - Returns: What was found.
  /// - Throws: `AttributionStopped` where the observer asked to stop, so that another run goes on;
  ///   `ExperimentFailure` where no folder was opened; what methods and reading throw.
  public func finish() throws -> EvaluationOutcome {
    guard let store else { throw ExperimentFailure(.noFolder) }
    let (plan, findings, trials) = try judge(store)
    try store.requireFolder()
    return try EvaluationAssembly(
      plan: plan, configuration: configuration, session: session, findings: findings,
      trials: trials
    ).outcome()
  }

  /// Computes what is missing of the images that are this process's part.
  private func judge(
    _ store: EvaluationStore
  ) throws -> (EvaluationPlan, [EvaluationJudge.Finding], EvaluationAssembly.Trials?) {
    let plan = try prepare()
    let positions = Self.positions(of: shard, in: plan)
    let explainer = EvaluationExplainer(
      session: session, plan: plan, runner: runner, store: store)
    session.observer.becomesStoppable()
    try explain(plan, positions, explainer)
    let judge = EvaluationJudge(plan: plan, explainer: explainer, store: store)
    let findings = try measure(plan, positions, judge)
    let trials =
      try configuration.triesMeasures
      ? tryMeasures(plan, positions, explainer, store, findings) : nil
    return (plan, findings, trials)
  }

  private func prepare() throws -> EvaluationPlan {
    if let plan { return plan }
    let made = try EvaluationPlan(configuration, session)
    plan = made
    return made
  }

  /// Images near those that are judged, for another program to explain.
  /// - Returns: `[N, D, C, H, W]`, normalized.
  /// - Throws: What reading throws; `ExperimentFailure` where no image is left.
  public func neighbors() throws -> Tensor {
    let plan = try prepare()
    let images = try plan.subjects.indices.map { try plan.neighbors(of: $0) }
    return Tensor(stacking: images.map { $0.reshaped(to: [1] + $0.shape) })
  }

  // MARK: Work

  /// Makes all maps, those of neighbors and those on edited networks.
  private func explain(
    _ plan: EvaluationPlan, _ positions: [Int], _ explainer: EvaluationExplainer
  ) throws {
    let columns = plan.columns
    let own = Set(positions)
    let wishes = plan.wishes.filter { own.contains($0.subject) }
    var missing: [[EvaluationExplainer.Wish]] = []
    var walks = 0.0
    for method in plan.explained {
      let open = try explainer.missing(wishes, of: method)
      missing.append(open)
      let each = try explainer.walks(of: method)
      walks += each * Double(open.count)
      if columns.needsNeighbors {
        walks += each * Double(positions.count * configuration.neighbors)
      }
    }
    runner.begin(walks: walks)
    defer { session.observer.end() }
    for (method, open) in zip(plan.explained, missing) {
      try explainer.explain(open, by: method)
    }
    if columns.needsNeighbors {
      for position in positions {
        let judged = try plan.judged(position)
        for method in plan.explained {
          _ = try explainer.robustness(of: method, position, judged)
        }
      }
    }
    for axiom in columns.axioms {
      for method in plan.methods {
        for subject in positions where subject < plan.axiomImages {
          if session.observer.isStopped { throw AttributionStopped() }
          _ = try explainer.axiom(axiom, of: method, subject)
        }
      }
    }
  }

  /// Judges the measures themselves.
  private func tryMeasures(
    _ plan: EvaluationPlan, _ positions: [Int], _ explainer: EvaluationExplainer,
    _ store: EvaluationStore, _ findings: [EvaluationJudge.Finding]
  ) throws -> EvaluationAssembly.Trials {
    let trial = MeasureTrial(
      plan: plan, explainer: explainer, store: store, seed: session.request.seed)
    let observer = session.observer
    observer.begin("trying measures", total: findings.count, unit: "images")
    defer { observer.end() }
    let found = try zip(positions, findings).enumerated().map { done, pair in
      if observer.isStopped { throw AttributionStopped() }
      let finding = try trial.finding(pair.0, rows: pair.1.rows)
      observer.advance(to: done + 1, plan.subjects[pair.0].name)
      return finding
    }
    return (found, trial.columns)
  }

  private func measure(
    _ plan: EvaluationPlan, _ positions: [Int], _ judge: EvaluationJudge
  ) throws -> [EvaluationJudge.Finding] {
    let observer = session.observer
    observer.begin("measuring", total: positions.count, unit: "images")
    defer { observer.end() }
    return try positions.enumerated().map { done, position in
      observer.advance(to: done, plan.subjects[position].name)
      if observer.isStopped { throw AttributionStopped() }
      let finding = try judge.finding(position)
      observer.advance(to: done + 1, plan.subjects[position].name)
      return finding
    }
  }
}
