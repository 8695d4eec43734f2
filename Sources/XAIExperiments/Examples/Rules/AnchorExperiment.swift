import XAIAttribution
import XAIClassifiers
import XAIDatasets
import XAIExamples
public import XAIImages
import XAINetworks
import XAIRepresentations
import XAITensor

/// Finds the fewest segments of images, or the widest predicates of scenes, that are sufficient for their answers, with
/// a proof.
///
/// Anchors; Ribeiro, Singh and Guestrin 2018.
public final class AnchorExperiment: ResumableStudy {
  /// What the folder of finished parts calls it.
  public static let study = "anchors"

  /// What rules are about.
  public enum Rules: String, Sendable, CaseIterable {
    /// Segments that stay.
    case segments
    /// Features of scenes.
    case scene
  }

  /// What shows where a segment does not stay.
  public enum Fill: String, Sendable, CaseIterable {
    /// Another training image for each sample, none of the predicted class.
    case images
    /// The mean color.
    case mean
    /// The image blurred.
    case baseline
  }

  /// What is sought.
  public struct Configuration: Sendable {
    /// Which images.
    public var images = ImageChoice.samples(.recognised(SampleRule.standardCount))
    /// What rules are about.
    public var rules = Rules.segments
    /// About how many segments an image has.
    public var segments = 16
    /// The precision that rules must prove.
    public var threshold = 0.95
    /// The probability that no accepted rule of an image is less precise.
    public var confidence = 0.95
    /// Fresh samples of each proof.
    public var samples = 1000
    /// The probability with which a segment outside of a rule stays.
    public var keep = 0.5
    /// What shows where it does not.
    public var fill = Fill.images

    /// The usual choices.
    public init() {}
  }

  /// Pictures of a rule.
  public struct Pictures: Sendable {
    /// The image.
    public let image: RGBImage
    /// The pixels of the rule; nil of scenes.
    public let mask: [Bool]?
    /// The pixels of the rule that a random head has; nil of scenes.
    public let other: [Bool]?
    /// Samples that keep the class.
    public let holds: [RGBImage]
    /// Samples that do not.
    public let fails: [RGBImage]
  }

  /// What was found.
  public struct Outcome: Sendable {
    /// All numbers.
    public let results: AnchorResults
    /// Pictures, by image.
    public let pictures: [Pictures]
  }

  private let configuration: Configuration
  private let session: Session
  private let requests: RequestMaker
  private let subjects: [StudiedSubject]
  private let search: AnchorSearch
  /// What the scene of each image drew; empty where rules are about segments.
  private let scenes: [ShapesLatents]
  private let parts = StudyParts<AnchorExperiment>()

  /// Prepares for the network of a session.
  /// - Parameters:
  ///   - configuration: What is sought.
  ///   - session: The network and perhaps data, which were opened.
  /// - Throws: `ExperimentFailure` where segments show training images and there are none, or where images are no
  ///   scenes; `ExampleFailure` where a number is out of its range; what reading throws.
  public init(_ configuration: Configuration, in session: Session) throws {
    (self.configuration, self.session) = (configuration, session)
    requests = try session.requests(for: session.network)
    let isAboutScenes = configuration.rules == .scene
    let finder = isAboutScenes ? try SceneFinder(session) : nil
    if !isAboutScenes, configuration.fill == .images, session.dataset == nil {
      throw ExperimentFailure(.noData)
    }
    var search = AnchorSearch()
    search.proof.threshold = configuration.threshold
    search.proof.delta = 1 - configuration.confidence
    search.proof.samples = max(configuration.samples, 1)
    guard search.proof.fewestMatches != nil else {
      throw ExampleFailure(
        .value(
          of: "the precision with its confidence",
          found: "\(configuration.threshold) at \(configuration.confidence)",
          expected: "what \(search.proof.samples) samples can prove"))
    }
    self.search = search
    let subjects = try session.subjects(configuration.images, requests)
    self.subjects = subjects
    scenes =
      try finder.map { finder in try subjects.map { try finder.latents(of: $0.image) } } ?? []
  }

  /// Keeps the rules of finished images in a folder, and reads those that are there.
  /// - Parameter folder: The folder, made where there is none.
  /// - Throws: `ExperimentFailure` where it holds parts of something else; `FileFailure`.
  public func keep(in folder: String) throws { try parts.open(folder, in: session) }

  /// Training images that show where segments do not stay.
  private static let fills = 256
  /// Samples of the precision where nothing else stays.
  private static let alone = 500
  /// Pictures of samples of either kind.
  private static let shown = 6

  /// The most samples of one search: of each size those of the bandit and of its proofs.
  private var most: Int {
    search.proof.samples
      + search.mostPredicates * (search.bandit.most + search.bandit.top * search.proof.samples)
  }

  /// What it takes, at most: the search and its proofs, on the network and with a random head.
  /// - Returns: Words and passes.
  public func plan() -> ExperimentPlan {
    let each =
      configuration.rules == .scene
      ? "scene rules" : "of about \(configuration.segments) segments"
    return ExperimentPlan(
      "\(grouped(subjects.count, "image")) \(each), trained and with a random head; mostly a fifth of it",
      passes: Double(2 * subjects.count * most))
  }

  /// The rule of an image with its pictures, as it is kept.
  private struct Part: Codable {
    var record: AnchorImage
    var holds: [StoredPicture]
    var fails: [StoredPicture]
    var mask: [Bool]?
    var other: [Bool]?
  }

  /// Searches.
  /// - Returns: What was found.
  /// - Throws: `WorkStopped` where the observer asked to stop; what reading and kernels throw.
  public func run() throws -> Outcome {
    let observer = session.observer
    observer.becomesStoppable()
    observer.begin("searching rules", total: 2 * subjects.count * most, unit: "samples")
    defer { observer.end() }
    let head = session.variant(.randomHead)
    let found = try subjects.indices.map { index in
      let part = try parts.part("anchor", of: inputs(index)) { try anchor(index, head) }
      observer.advance(to: 2 * (index + 1) * most, part.record.image.name)
      return part
    }
    let isAboutScenes = configuration.rules == .scene
    return Outcome(
      results: AnchorResults(
        version: Toolkit.version, networks: try session.studied(), seed: session.request.seed,
        threshold: configuration.threshold, confidence: configuration.confidence,
        rules: configuration.rules.rawValue, keep: isAboutScenes ? nil : configuration.keep,
        fill: isAboutScenes ? nil : configuration.fill.rawValue, images: found.map(\.record),
        notes: notes(found.map(\.record))),
      pictures: zip(subjects, found).map { subject, part in
        Pictures(
          image: subject.image.picture, mask: part.mask, other: part.other,
          holds: part.holds.map(\.picture), fails: part.fails.map(\.picture))
      })
  }

  /// Everything that decides the rule of an image.
  private func inputs(_ index: Int) -> [String] {
    let data = session.dataset?.digest(of: .train) ?? "none"
    return [
      "\(configuration.rules)", "\(configuration.segments)", "\(configuration.threshold)",
      "\(configuration.confidence)", "\(configuration.samples)", "\(configuration.keep)",
      "\(configuration.fill)", data,
      subjects[index].image.name, subjects[index].image.keyText,
    ]
  }

  private func notes(_ records: [AnchorImage]) -> [String] {
    var notes: [String] = []
    if records.contains(where: { $0.rule.reached && $0.rule.segments.isEmpty }) {
      notes.append(
        configuration.rules == .scene
          ? "An empty rule was accepted: the network gives the same answer for any scene. That is a finding about the network."
          : "An empty rule was accepted: the network gives the same answer whatever else is shown. That is a finding about the network, or keep is too large."
      )
    }
    if configuration.rules == .scene {
      notes.append(
        "Ground, clutter, colors, directions and phases are drawn again in every sample: no predicate holds them, as no scene has them by chance."
      )
    }
    return notes
  }

  private func sampler(
    _ index: Int, _ image: Tensor, _ segments: SegmentMap?, target: Int, _ reader: ClassReader
  ) throws -> any AnchorSampler {
    let subject = subjects[index]
    guard let segments else {
      return SceneSampler(
        predicates: ShapesPredicate.all(of: scenes[index]), target: target,
        preprocessing: requests.preprocessing, seed: session.request.seed, key: subject.image.key,
        reader: reader)
    }
    return SegmentSampler(
      rules: try SegmentRules(
        image: image, target: target, segments: segments,
        fills: try fills(subject, besides: target), keep: configuration.keep,
        seed: session.request.seed, key: subject.image.key, reader),
      preprocessing: requests.preprocessing)
  }

  private func anchor(_ index: Int, _ head: ExplainedNetwork) throws -> Part {
    let subject = subjects[index]
    let image = ExplainedImage.normalised([subject.image], requests.preprocessing)
    let segments =
      configuration.rules == .scene
      ? nil
      : try Segmentation(segments: configuration.segments).segments(
        of: 0,
        in: AttributionRequest(
          images: image, pixels: ExplainedImage.pixels([subject.image]), targets: [0]))
    let own = try sampler(
      index, image, segments, target: subject.prediction.predicted,
      ClassReader(session.network.explained))
    let found = try searched(own, from: 2 * index * most)
    let answer = try Prediction.of(image, by: head).first?.predicted ?? 0
    let others = try sampler(index, image, segments, target: answer, ClassReader(head))
    let other = try searched(others, from: (2 * index + 1) * most)
    let rule = found.anchor.rule
    func share(_ matches: [Bool]) -> Double { Double(matches.count { $0 }) / Double(matches.count) }
    let some = 0..<min(Self.alone, search.proof.samples)
    let record = AnchorImage(
      image: subject.record(of: session), segments: own.count, predicates: predicates(own),
      rule: record(found.anchor), coverage: own.coverage(rule),
      area: own.mask(rule).map(share),
      alone: own.hasCoverage
        ? nil
        : share(try own.matches(of: rule, samples: some, purpose: AnchorPurpose.alone)),
      samples: found.samples, complete: found.complete, looks: found.looks.map(record),
      randomHead: AnchorOverlap(
        predicted: StudiedClass(answer, of: session.classes), rule: self.record(other.anchor),
        jaccard: jaccard(rule, other.anchor.rule),
        precision: share(
          try others.matches(of: rule, samples: some, purpose: AnchorPurpose.old))))
    let (holds, fails) = try samples(own, rule)
    return Part(
      record: record, holds: holds.map(StoredPicture.init), fails: fails.map(StoredPicture.init),
      mask: own.mask(rule), other: others.mask(other.anchor.rule))
  }

  private func predicates(_ sampler: any AnchorSampler) -> [AnchorPredicate]? {
    (sampler as? SceneSampler)?.predicates.map {
      AnchorPredicate(
        feature: $0.feature.rawValue, words: $0.description, probability: $0.probability)
    }
  }

  private func searched(
    _ sampler: any AnchorSampler, from first: Int
  ) throws -> AnchorSearch.Result {
    let unit = sampler.hasCoverage ? "predicate" : "segment"
    var done = first
    return try search.run(
      predicates: sampler.count, size: { rule in sampler.mask(rule)?.count { $0 } ?? 0 },
      coverage: sampler.hasCoverage ? { sampler.coverage($0) } : nil
    ) { rule, samples, isProof in
      try session.checkStop()
      let matches = try sampler.matches(
        of: rule, samples: samples, purpose: isProof ? AnchorPurpose.proof : AnchorPurpose.search)
      done += samples.count
      session.observer.advance(
        to: done, "\(rule.count) of \(grouped(sampler.count, unit))")
      return matches.count { $0 }
    }
  }

  /// What shows in place of segments.
  private func fills(_ subject: StudiedSubject, besides target: Int) throws -> Tensor {
    let kind: BaselineKind
    switch configuration.fill {
    case .images:
      guard let dataset = session.dataset else { throw ExperimentFailure(.noData) }
      let known = try KnownImages(of: session, .train) { $0 != target }
      var numbers = known.numbers
      var stream = RandomStream(
        seed: session.request.seed, purpose: "anchors/fills", target)
      stream.shuffle(&numbers)
      let pictures = PictureList(dataset, .train, Array(numbers.prefix(Self.fills)))
      guard pictures.count > 0 else {
        throw ExampleFailure(.missing("training image of another class in \(dataset.name)"))
      }
      return try pictures.normalized(0..<pictures.count, by: requests.preprocessing)
    case .mean: kind = .mean
    case .baseline: kind = .blur
    }
    let filling = try requests.fillings(kind, of: [subject.image])[0]
    return filling.reshaped(to: [1] + filling.shape)
  }

  private func record(_ anchor: AnchorSearch.Anchor) -> AnchorRule {
    AnchorRule(
      segments: anchor.rule, precision: anchor.verdict.precision, bound: anchor.verdict.bound,
      error: anchor.verdict.error, reached: anchor.verdict.accepted)
  }

  private func jaccard(_ left: [Int], _ right: [Int]) -> Double {
    let either = Set(left).union(right)
    return either.isEmpty ? 1 : Double(Set(left).intersection(right).count) / Double(either.count)
  }

  /// Samples of a rule that keep the class, and samples that do not.
  private func samples(
    _ sampler: any AnchorSampler, _ rule: [Int]
  ) throws -> (holds: [RGBImage], fails: [RGBImage]) {
    let purpose = AnchorPurpose.proof
    let matches = try sampler.matches(
      of: rule, samples: 0..<search.proof.samples, purpose: purpose)
    func pictures(_ isMatch: Bool) throws -> [RGBImage] {
      try matches.indices.filter { matches[$0] == isMatch }.prefix(Self.shown).map {
        try sampler.picture(of: rule, sample: $0, purpose: purpose)
      }
    }
    return (try pictures(true), try pictures(false))
  }
}
