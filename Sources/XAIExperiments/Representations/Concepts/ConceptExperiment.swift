import XAIAttribution
import XAIClassifiers
public import XAIRepresentations
import XAIDatasets
public import XAIImages
import XAINetworks
import XAIStatistics
import XAITensor

/// Tests which concepts a network's classes depend on, against random concepts and random networks.
///
/// TCAV; Kim et al. 2018.
public final class ConceptExperiment: ResumableStudy {
  /// What the folder of finished parts calls it.
  public static let study = "concepts"

  /// What is tested, and how.
  public struct Configuration: Sendable {
    /// Where concepts come from.
    public var sources: [ConceptSource]
    /// The classes, as logits.
    public var targets: [Int]
    /// Words for layers; nil for the representative ones.
    public var layers: [String]?
    /// The images of a set.
    public var set = 50
    /// The sets of random images that each concept is compared with.
    public var runs = 10
    /// The random concepts; nil for max(99, 20 tests - 1).
    public var randomConcepts: Int?
    /// The random networks.
    public var randomNetworks = 0
    /// How vectors are found.
    public var vector = ConceptVector.Kind.logistic
    /// What is differentiated.
    public var score = LayerGradients.Score.logit
    /// Whether concepts are compared with each other.
    public var isRelative = false

    /// Says what is tested.
    /// - Parameters:
    ///   - sources: Where concepts come from.
    ///   - targets: The classes, as logits.
    public init(_ sources: [ConceptSource], targets: [Int]) {
      (self.sources, self.targets) = (sources, targets)
    }
  }

  /// What was found.
  public struct Outcome: Sendable {
    /// All numbers.
    public let results: ConceptResults
    /// The first images of each concept, those of a pair one after the other.
    public let examples: [[RGBImage]]

    /// Groups what was found.
    /// - Parameters:
    ///   - results: All numbers.
    ///   - examples: The first images of each concept.
    public init(_ results: ConceptResults, examples: [[RGBImage]]) {
      (self.results, self.examples) = (results, examples)
    }
  }

  private let configuration: Configuration
  private let session: Session
  private let concepts: [ConceptImages]
  private let layers: [String]
  private let controls: Int
  private let classPictures: [[RGBImage]]
  private let negatives: PictureList
  private let random: PictureList
  private let preprocessing: Preprocessing
  private let parts = StudyParts<ConceptExperiment>()

  /// Prepares for the network of a session: finds all images.
  /// - Parameters:
  ///   - configuration: What is tested.
  ///   - session: The network and the data, which were opened.
  /// - Throws: `ConceptFailure` and `RepresentationFailure` where images, layers or random concepts are too few or wrong;
  ///   what reading throws.
  public init(_ configuration: Configuration, in session: Session) throws {
    (self.configuration, self.session) = (configuration, session)
    layers = try session.network.checkpoint.network.layers(configuration.layers)
    guard configuration.set >= ConceptSets.fewestImages else {
      throw RepresentationFailure(
        .tooFew("images in a set", found: configuration.set, needed: ConceptSets.fewestImages))
    }
    if configuration.set < ConceptSets.smallSet {
      session.observer.warn(
        "sets of \(configuration.set) images are small; \(ConceptSets.smallSet) or more say more")
    }
    preprocessing = try session.requests(for: session.network).preprocessing
    let collector = try ConceptCollector(
      session, set: configuration.set, runs: configuration.runs)
    concepts = try collector.concepts(configuration.sources)
    if configuration.isRelative, let paired = concepts.first(where: { $0.counterparts != nil }) {
      throw ConceptFailure(.pairedIsRelative(paired.name))
    }
    let tests = concepts.count * configuration.targets.count * layers.count
    controls =
      configuration.isRelative
      ? 0 : configuration.randomConcepts ?? ConceptTest.defaultControls(tests: tests)
    if !configuration.isRelative {
      try ConceptTest.require(controls: controls, tests: tests)
    }
    classPictures = try configuration.targets.map(collector.classImages)
    let needsRandom = !configuration.isRelative && concepts.contains { $0.counterparts == nil }
    let sets = needsRandom ? configuration.runs + controls : 0
    let all = try collector.random(
      sets * configuration.set, besides: concepts, and: configuration.targets)
    let first = needsRandom ? configuration.runs * configuration.set : 0
    negatives = PictureList(count: first, identity: all.identity) { try all.picture(at: $0) }
    random = PictureList(count: all.count - first) { try all.picture(at: first + $0) }
  }

  /// What it takes: a forward pass of each image of a set, and two passes of each class image.
  /// - Returns: Words and passes.
  public func plan() -> ExperimentPlan {
    let sets = concepts.reduce(0) { $0 + $1.pictures.count + ($1.counterparts?.count ?? 0) }
    let images = sets + negatives.count + random.count
    let gradients =
      2 * layers.count * classPictures.reduce(0) { $0 + $1.count }
      * (1 + configuration.randomNetworks)
    return ExperimentPlan(
      "\(grouped(concepts.count, "concept")), \(grouped(configuration.targets.count, "target")), "
        + "\(grouped(layers.count, "layer")), \(grouped(controls, "random concept")) of "
        + grouped(configuration.set, "image"),
      passes: Double(images + gradients))
  }

  /// Keeps finished concepts and random ones in a folder, and reads those that are there.
  /// - Parameter folder: The folder, made where there is none.
  /// - Throws: `ExperimentFailure` where it holds parts of something else; `FileFailure`.
  public func keep(in folder: String) throws { try parts.open(folder, in: session) }

  /// Tests.
  /// - Returns: What was found.
  /// - Throws: `WorkStopped` where the observer asked to stop; what reading, kernels and statistics throw.
  public func run() throws -> Outcome {
    let observer = session.observer
    observer.becomesStoppable()
    observer.begin(
      "testing concepts",
      total: layers.count * (concepts.count * (1 + configuration.randomNetworks) + controls + 1),
      unit: "concepts")
    defer { observer.end() }
    var done = 0
    let subjects = ConceptSubjects(
      concepts: concepts, classes: classPictures, negatives: negatives, random: random,
      controls: controls)
    let tests = try layers.map { layer in
      try LayerConceptWork(
        layer, of: session.network.explained, subjects, preprocessing: preprocessing,
        configuration, seed: session.request.seed, parts: parts,
        step: { [session] count in
          try session.checkStop()
          done += count
          session.observer.advance(to: done, layer)
        }
      ).run()
    }
    let examples = concepts.map { concept in
      (0..<min(Self.shown, concept.pictures.count)).flatMap { index in
        [concept.pictures[index]] + (concept.counterparts.map { [$0[index]] } ?? [])
      }
    }
    return Outcome(try results(tests), examples: examples)
  }

  /// Images of a concept that are shown.
  private static let shown = 8

  private func results(_ tests: [LayerConcepts]) throws -> ConceptResults {
    var entries = tests.flatMap(\.entries)
    let tested = entries.indices.filter { entries[$0].p != nil }
    let adjusted = Holm.adjusted(tested.compactMap { entries[$0].p })
    for (index, p) in zip(tested, adjusted) {
      entries[index].adjustedP = p
      entries[index].verdict = ConceptVerdict(
        adjustedP: p, accuracy: entries[index].accuracy,
        rows: judged(entries[index].concept))
    }
    return ConceptResults(
      version: Toolkit.version, networks: try session.studied(),
      data: StudiedData(
        name: session.dataset?.name ?? "", split: Split.test.rawValue,
        images: classPictures.reduce(0) { $0 + $1.count }),
      seed: session.request.seed, set: configuration.set, runs: configuration.runs,
      randomConcepts: controls, randomNetworks: configuration.randomNetworks,
      vector: configuration.vector, score: configuration.score,
      isRelative: configuration.isRelative, layers: layers,
      classes: configuration.targets.map { StudiedClass($0, of: session.classes) },
      concepts: concepts.map(\.name), entries: entries, controls: tests.flatMap(\.controls),
      effects: try effects(),
      notes: notes(entries))
  }

  /// How many independent answers an accuracy is of: the images of two sets, or the pairs of all runs.
  private func judged(_ concept: String) -> Int {
    let isPaired = concepts.contains { $0.name == concept && $0.counterparts != nil }
    return isPaired ? configuration.set * configuration.runs : 2 * configuration.set
  }

  /// What the network says of pairs.
  private func effects() throws -> [ConceptEffect] {
    try concepts.flatMap { concept -> [ConceptEffect] in
      guard let counterparts = concept.counterparts else { return [] }
      let (with, without) = (
        try predictions(of: concept.pictures), try predictions(of: counterparts)
      )
      return configuration.targets.enumerated().map { target, logit in
        ConceptEffect(concept.name, target: target, logit: logit, with: with, without: without)
      }
    }
  }

  private func predictions(of pictures: [RGBImage]) throws -> [Prediction] {
    let list = PictureList(pictures)
    return try stride(from: 0, to: pictures.count, by: Self.together).flatMap { start in
      try Prediction.of(
        list.normalized(
          start..<min(start + Self.together, pictures.count), by: preprocessing),
        by: session.network.explained)
    }
  }

  private static let together = 64

  private func notes(_ entries: [ConceptEntry]) -> [String] {
    var notes: [String] = []
    if configuration.isRelative {
      notes.append(
        "Concepts are compared with each other: there is no null for that, and so no verdict.")
    }
    if entries.contains(where: { $0.zeroShare == 1 }) {
      notes.append("Some gradients are 0 for all class images: their score is 0 by convention.")
    }
    let logits = session.network.checkpoint.network.logitLayer
    if layers.contains(logits) {
      notes.append(
        "\(logits) is the layer of the logits: gradients are the same for all images, and scores 0 or 1."
      )
    }
    if configuration.randomNetworks == 0, !configuration.isRelative {
      notes.append(
        "The null is over images alone: pictures that look alike can move any network's logits, even an "
          + "untrained one's. Random networks tell these apart.")
    }
    return notes
  }
}
