public import XAIAttribution
import XAIClassifiers
import XAIDatasets
import XAIExamples
public import XAIImages
import XAIKernels
import XAINetworks
import XAIRepresentations
import XAITensor

/// Asks what would have to be different for another answer, and checks every answer after it was rounded to bytes.
public final class CounterfactualExperiment: ResumableStudy {
  /// What the folder of finished parts calls it.
  public static let study = "counterfactuals"

  /// Which class is wanted.
  public enum Goal: Sendable, Equatable {
    /// Any other than the predicted one; where actions are sought and the prediction is wrong, the true one.
    case other
    /// The second most probable one.
    case second
    /// The true one.
    case label
    /// One by its logit's index.
    case index(Int)
  }

  /// What is asked.
  public struct Configuration: Sendable {
    /// Which images.
    public var images = ImageChoice.samples(.recognised(SampleRule.standardCount))
    /// What may change.
    public var kind = CounterfactualKind.evidence
    /// Which class is wanted.
    public var goal = Goal.other
    /// About how many segments an image has.
    public var segments = 16
    /// What removed segments show.
    public var baseline = BaselineKind.blur
    /// At most so many training images for prices, plausibility and distractors, drawn.
    public var most = 5000
    /// At most so many test images, drawn, that say how near images are to training images.
    public var tests = 1000
    /// What may be done, where actions are sought.
    public var wishes = RecourseWishes()
    /// The most passes of a search; nil for the usual ones.
    public var budget: Int?
    /// The folder that keeps features; nil for none.
    public var store: String?

    /// The usual choices.
    public init() {}
  }

  /// Pictures of an answer.
  public struct Pictures: Sendable {
    /// The image.
    public let fact: RGBImage
    /// The answer, or the best attempt.
    public let answer: RGBImage
    /// The answers that look at nothing, in the order of the results.
    public let references: [RGBImage]
    /// Pixels that changed.
    public let changed: [Bool]
    /// Further answers of other features, in the order of the results.
    public let others: [RGBImage]
  }

  /// What was found.
  public struct Outcome: Sendable {
    /// All numbers.
    public let results: CounterfactualResults
    /// Pictures, by image.
    public let pictures: [Pictures]
  }

  let configuration: Configuration
  let session: Session
  let requests: RequestMaker
  let subjects: [StudiedSubject]
  let goals: [Int?]
  let features: FeatureReader?
  let training: KnownImages?
  let tests: KnownImages?
  private var notes: [String] = []
  private let parts = StudyParts<CounterfactualExperiment>()
  /// What may be done to each image; empty where no actions are sought.
  let spaces: [any ActionSpace]

  var normalization: PixelNormalization { requests.preprocessing.normalization }

  /// Prepares for the networks of a session, of which the second, where there is one, says whether it agrees.
  /// - Parameters:
  ///   - configuration: What is asked.
  ///   - session: The networks and perhaps data, which were opened.
  /// - Throws: `ExperimentFailure` where data or a label are missing; what reading throws.
  public init(_ configuration: Configuration, in session: Session) throws {
    (self.configuration, self.session) = (configuration, session)
    requests = try session.requests(for: session.network)
    let needsData = [CounterfactualKind.region, .distance].contains(configuration.kind)
    if needsData, session.dataset == nil { throw ExperimentFailure(.noData) }
    if session.classCount < 2 { throw ExperimentFailure(.oneClass) }
    let finder = configuration.kind == .scene ? try SceneFinder(session) : nil
    let preprocessing = requests.preprocessing
    // A wrong wish is told before images are read.
    _ = try configuration.kind == .scene ? SceneChoice(configuration.wishes) : nil
    subjects = try session.subjects(configuration.images, requests)
    spaces = try Self.spaces(subjects, configuration, preprocessing, finder, session)
    let isOfData = if case .samples = configuration.images { true } else { false }
    goals = try subjects.map { subject in
      switch configuration.goal {
      case .other: Self.otherGoal(subject, configuration.kind)
      case .second: subject.prediction.likeliest(2)[1]
      case .label:
        try TargetChoice.label.index(
          of: subject.image, subject.prediction, for: .explanation(ofData: isOfData))
      case .index(let index): index
      }
    }
    let hasData = session.dataset != nil
    features = hasData ? try FeatureReader(nil, in: session, store: configuration.store) : nil
    training = hasData ? try KnownImages(of: session, .train, most: configuration.most) : nil
    tests = hasData ? try KnownImages(of: session, .test, most: configuration.tests) : nil
    notes = session.dataNotes()
    if hasData, let training, training.numbers.count == configuration.most {
      notes.append(
        "Prices, plausibility and other images come from \(grouped(configuration.most)) training images that were drawn."
      )
    }
    if configuration.kind == .region, configuration.goal == .other {
      notes.append("Cells are taken from images of one class: the second most probable one.")
    }
    if configuration.kind == .photo {
      notes.append(
        "Actions are photographic: functions of the picture, not causes of what it shows. Prices are shares of the range of each."
      )
    }
  }

  /// Keeps finished images in a folder, and reads those that are there.
  /// - Parameter folder: The folder, made where there is none.
  /// - Throws: `ExperimentFailure` where it holds parts of something else; `FileFailure`.
  public func keep(in folder: String) throws { try parts.open(folder, in: session) }

  /// What it takes, about: two searches for each image, and each training and test image once.
  /// - Returns: Words and passes.
  public func plan() -> ExperimentPlan {
    let each =
      switch configuration.kind {
      case .evidence: 150
      case .distance: 7000
      case .region: 3000
      case .scene, .photo: 3000
      }
    let search = min(each, configuration.budget ?? each)
    let known = (training?.numbers.count ?? 0) + (tests?.numbers.count ?? 0)
    return ExperimentPlan(
      "\(grouped(subjects.count, "image")), trained and with a random head; \(grouped(known)) images of the data",
      passes: Double(subjects.count * (2 * search + 3 * AnswerJudge.copies) + known))
  }

  /// Searches.
  /// - Returns: What was found.
  /// - Throws: `WorkStopped` where the observer asked to stop; what reading, kernels and searches throw.
  public func run() throws -> Outcome {
    session.observer.becomesStoppable()
    let knowledge = try knowledge()
    let judge = AnswerJudge(
      session, features, normalization, knowledge,
      other: session.networks.count > 1 ? session.networks[1].explained : nil)
    let search = try search(knowledge)
    let head = session.variant(.randomHead)
    session.observer.begin("searching", total: 2 * subjects.count, unit: "searches")
    defer { session.observer.end() }
    var found: [Part] = []
    for index in subjects.indices {
      found.append(
        try parts.part("answer", of: try inputs(index)) {
          Part(try answered(index, search, judge, head))
        })
      session.observer.advance(to: 2 * index + 2, "random head")
    }
    return Outcome(
      results: CounterfactualResults(
        version: Toolkit.version, networks: try session.studied(), seed: session.request.seed,
        kind: configuration.kind,
        baseline: configuration.kind == .evidence ? configuration.baseline.description : nil,
        data: training.map {
          StudiedData(
            name: session.dataset?.name ?? "", split: Split.train.rawValue,
            images: $0.numbers.count)
        }, graph: configuration.kind == .scene ? Self.graph : nil, images: found.map(\.record),
        notes: notes),
      pictures: zip(subjects, found).map { $1.pictures(of: $0.image.picture) })
  }

  /// Everything that decides the answers of an image.
  private func inputs(_ index: Int) throws -> [String] {
    let networks = try session.networks.map { try $0.digest.value() }
    let wishes = configuration.wishes
    let words = [wishes.actionable, wishes.immutable, wishes.bounds, wishes.hold].map { $0 ?? "-" }
    return [
      "\(configuration.kind)", "\(goals[index] ?? -1)", "\(configuration.segments)",
      configuration.baseline.description, "\(configuration.most)", "\(configuration.tests)",
      "\(configuration.budget ?? 0)", wishes.cost.rawValue, "\(wishes.diverse)",
      session.dataset?.digest ?? "none", subjects[index].image.name, subjects[index].image.keyText,
    ] + words + networks
  }

  private func answered(
    _ index: Int, _ search: any CounterfactualSearch, _ judge: AnswerJudge,
    _ head: ExplainedNetwork
  ) throws -> (CounterfactualImage, Pictures) {
    let (subject, goal) = (subjects[index], goals[index])
    let predicted = subject.prediction.predicted
    let image = ExplainedImage.normalised([subject.image], requests.preprocessing)
    let fact = try PixelImages(rounding: image, by: normalization)
    try session.checkStop()
    let isThere = goal == predicted
    let found =
      isThere
      ? FoundCounterfactual(picture: fact, parts: [], passes: 0)
      : try search.search(index, image, goal: goal, on: session.network.explained)
    session.observer.advance(to: 2 * index + 1, "trained")
    try session.checkStop()
    func judged(_ name: String, _ found: FoundCounterfactual) throws -> CounterfactualAnswer {
      try judge.answer(name, found, fact: fact, predicted: predicted, goal: goal)
    }
    var references: [(CounterfactualAnswer, FoundCounterfactual)] = []
    if !isThere {
      let noise = try judge.randomDirection(
        fact, key: subject.image.key, predicted: predicted, goal: goal)
      references.append((try judged("random-direction", noise), noise))
      let nearest = try judge.nearestImage(image, predicted: predicted, goal: goal, read: picture)
      if let nearest { references.append((try judged("nearest-image", nearest), nearest)) }
    }
    let overlap =
      isThere ? nil : try overlap(index, found, fact, image, goal, search, head)
    let channels = fact.channels
    return (
      CounterfactualImage(
        image: subject.record(of: session),
        goal: goal.map { StudiedClass($0, of: session.classes) },
        answer: try judged(configuration.kind.rawValue, found), detail: found.detail,
        references: references.map(\.0), randomHead: overlap),
      Pictures(
        fact: subject.image.picture, answer: requests.preprocessing.picture(of: found.picture),
        references: references.map { requests.preprocessing.picture(of: $0.1.picture) },
        changed: (0..<fact.bytes.count / channels).map { pixel in
          (0..<channels).contains {
            fact.bytes[pixel * channels + $0] != found.picture.bytes[pixel * channels + $0]
          }
        }, others: found.others)
    )
  }

  /// The same question to a network that knows no class.
  private func overlap(
    _ index: Int, _ found: FoundCounterfactual, _ fact: PixelImages, _ image: Tensor, _ goal: Int?,
    _ search: any CounterfactualSearch, _ head: ExplainedNetwork
  ) throws -> CounterfactualOverlap {
    let reader = ClassReader(head, algorithm: .direct)
    func answer(_ picture: PixelImages) throws -> Int {
      try AnswerJudge.logits(picture.normalized(by: normalization), reader).largest
    }
    let start = try answer(fact)
    // What it is asked for must be another class than it says.
    let wish = configuration.kind == .region || goal == start ? nil : goal
    let other = try search.brief(index, image, goal: wish, on: head)
    let isFound = try answer(other.picture) != start
    func change(_ picture: PixelImages) -> [Double] {
      zip(picture.bytes, fact.bytes).map { Double($0) - Double($1) }
    }
    let (left, right) = (change(found.picture), change(other.picture))
    let lengths = (dot(left, left) * dot(right, right)).squareRoot()
    let jaccard = found.parts.flatMap { own in
      other.parts.map { theirs -> Double in
        let either = Set(own).union(theirs)
        return either.isEmpty
          ? 1 : Double(Set(own).intersection(theirs).count) / Double(either.count)
      }
    }
    return CounterfactualOverlap(
      changes: try answer(found.picture) != start, found: isFound,
      cosine: lengths > 0 ? dot(left, right) / lengths : nil, jaccard: jaccard)
  }

  private func dot(_ left: [Double], _ right: [Double]) -> Double {
    zip(left, right).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// A training image as bytes, as the network reads them.
  private func picture(_ number: Int) throws -> PixelImages {
    guard let dataset = session.dataset else { throw ExperimentFailure(.noData) }
    let image = try PictureList(dataset, .train, [number]).normalized(
      0..<1, by: requests.preprocessing)
    return try PixelImages(rounding: image, by: normalization)
  }
}
