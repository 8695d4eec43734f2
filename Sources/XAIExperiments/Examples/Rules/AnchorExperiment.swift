import XAIAttribution
import XAIClassifiers
import XAIDatasets
import XAIExamples
public import XAIImages
import XAINetworks
import XAIRepresentations
import XAITensor

/// Finds the fewest segments of images that are sufficient for their answers, with a proof.
///
/// Anchors; Ribeiro, Singh and Guestrin 2018.
public final class AnchorExperiment: PlannedExperiment {
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
    /// About how many segments an image has.
    public var segments = 16
    /// The precision that rules must prove.
    public var threshold = 0.95
    /// The probability that no accepted rule of an image is less precise.
    public var confidence = 0.95
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
    /// The pixels of the rule.
    public let mask: [Bool]
    /// The pixels of the rule that a random head has.
    public let other: [Bool]
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

  /// Prepares for the network of a session.
  /// - Parameters:
  ///   - configuration: What is sought.
  ///   - session: The network and perhaps data, which were opened.
  /// - Throws: `ExperimentFailure` where segments show training images and there are none; `ExampleFailure` where a
  ///   number is out of its range; what reading throws.
  public init(_ configuration: Configuration, in session: Session) throws {
    (self.configuration, self.session) = (configuration, session)
    requests = try session.requests(for: session.network)
    if configuration.fill == .images, session.dataset == nil { throw ExperimentFailure(.noData) }
    var search = AnchorSearch()
    search.proof.threshold = configuration.threshold
    search.proof.delta = 1 - configuration.confidence
    guard search.proof.fewestMatches != nil else {
      throw ExampleFailure(
        .value(
          of: "the precision with its confidence",
          found: "\(configuration.threshold) at \(configuration.confidence)",
          expected: "what \(search.proof.samples) samples can prove"))
    }
    self.search = search
    subjects = try session.subjects(configuration.images, requests)
  }

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
    ExperimentPlan(
      "\(grouped(subjects.count, "image")) of about \(configuration.segments) segments, trained and with a random head; mostly a fifth of it",
      passes: Double(2 * subjects.count * most))
  }

  /// Searches.
  /// - Returns: What was found.
  /// - Throws: `WorkStopped` where the observer asked to stop; what reading and kernels throw.
  public func run() throws -> Outcome {
    let observer = session.observer
    observer.becomesStoppable()
    observer.begin("searching rules", total: 2 * subjects.count * most, unit: "samples")
    defer { observer.end() }
    var (records, pictures): ([AnchorImage], [Pictures]) = ([], [])
    let head = session.variant(.randomHead)
    for subject in subjects {
      let (record, own) = try anchor(of: subject, number: records.count, head)
      records.append(record)
      pictures.append(own)
    }
    var notes: [String] = []
    if records.contains(where: { $0.rule.reached && $0.rule.segments.isEmpty }) {
      notes.append(
        "An empty rule was accepted: the network gives the same answer whatever else is shown. That is a finding about the network, or keep is too large."
      )
    }
    return Outcome(
      results: AnchorResults(
        version: Toolkit.version, networks: try session.studied(), seed: session.request.seed,
        threshold: configuration.threshold, confidence: configuration.confidence,
        keep: configuration.keep, fill: configuration.fill.rawValue, images: records, notes: notes),
      pictures: pictures)
  }

  private func anchor(
    of subject: StudiedSubject, number: Int, _ head: ExplainedNetwork
  ) throws -> (AnchorImage, Pictures) {
    let image = ExplainedImage.normalised([subject.image], requests.preprocessing)
    let segments = try Segmentation(segments: configuration.segments).segments(
      of: 0,
      in: AttributionRequest(
        images: image, pixels: ExplainedImage.pixels([subject.image]), targets: [0]))
    let reader = ClassReader(session.network.explained)
    func rules(_ target: Int, _ reader: ClassReader) throws -> SegmentRules {
      try SegmentRules(
        image: image, target: target, segments: segments,
        fills: try fills(subject, besides: target), keep: configuration.keep,
        seed: session.request.seed, key: subject.image.key, reader)
    }
    let own = try rules(subject.prediction.predicted, reader)
    let found = try searched(own, segments, from: 2 * number * most)
    let answer = try Prediction.of(image, by: head).first?.predicted ?? 0
    let others = try rules(answer, ClassReader(head))
    let other = try searched(others, segments, from: (2 * number + 1) * most)
    let rule = found.anchor.rule
    func share(_ matches: [Bool]) -> Double { Double(matches.count { $0 }) / Double(matches.count) }
    let (mask, otherMask) = (pixels(rule, segments), pixels(other.anchor.rule, segments))
    let record = AnchorImage(
      image: subject.record(of: session), segments: segments.count,
      rule: record(found.anchor), coverage: power(configuration.keep, rule.count),
      area: share(mask),
      alone: share(
        try own.matches(of: rule, samples: 0..<Self.alone, purpose: "alone", keep: 0)),
      samples: found.samples, complete: found.complete, looks: found.looks.map(record),
      randomHead: AnchorOverlap(
        predicted: StudiedClass(answer, of: session.classes), rule: self.record(other.anchor),
        jaccard: jaccard(rule, other.anchor.rule),
        precision: share(
          try others.matches(of: rule, samples: 0..<Self.alone, purpose: "old"))))
    let (holds, fails) = try samples(own, rule)
    return (
      record,
      Pictures(
        image: subject.image.picture, mask: mask, other: otherMask, holds: holds, fails: fails)
    )
  }

  private func searched(
    _ rules: SegmentRules, _ segments: SegmentMap, from first: Int
  ) throws -> AnchorSearch.Result {
    var done = first
    return try search.run(predicates: segments.count) { rule in
      pixels(rule, segments).count { $0 }
    } matches: { rule, samples, isProof in
      try session.checkStop()
      let matches = try rules.matches(
        of: rule, samples: samples, purpose: isProof ? "proof" : "search")
      done += samples.count
      session.observer.advance(to: done, "\(rule.count) of \(segments.count) segments")
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

  private func pixels(_ rule: [Int], _ segments: SegmentMap) -> [Bool] {
    segments.labels.map(Set(rule).contains)
  }

  private func power(_ base: Double, _ exponent: Int) -> Double {
    (0..<exponent).reduce(1) { product, _ in product * base }
  }

  private func jaccard(_ left: [Int], _ right: [Int]) -> Double {
    let either = Set(left).union(right)
    return either.isEmpty ? 1 : Double(Set(left).intersection(right).count) / Double(either.count)
  }

  /// Samples of a rule that keep the class, and samples that do not.
  private func samples(
    _ rules: SegmentRules, _ rule: [Int]
  ) throws -> (holds: [RGBImage], fails: [RGBImage]) {
    let purpose = "proof"
    let matches = try rules.matches(
      of: rule, samples: 0..<search.proof.samples, purpose: purpose)
    func pictures(_ isMatch: Bool) throws -> [RGBImage] {
      try matches.indices.filter { matches[$0] == isMatch }.prefix(Self.shown).map { sample in
        try requests.preprocessing.picture(
          of: rules.image(of: rule, sample: sample, purpose: purpose))
      }
    }
    return (try pictures(true), try pictures(false))
  }
}
