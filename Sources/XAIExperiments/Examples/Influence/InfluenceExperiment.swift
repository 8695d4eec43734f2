import XAIAttribution
import XAIClassifiers
import XAIDatasets
import XAIExamples
public import XAIImages
import XAIKernels
import XAINetworks
import XAIRepresentations
import XAIStatistics
import XAITensor

/// Asks which training images made an answer what it is, and checks it by leaving them out.
///
/// Leaving out is exact for the last layer, fitted again on frozen features; neighbors stand beside it always, as a
/// method that returns the neighbors has added nothing.
public final class InfluenceExperiment: PlannedExperiment {
  /// What is asked.
  public struct Configuration: Sendable {
    /// Which images are asked about.
    public var images = ImageChoice.samples(.recognised(SampleRule.standardCount))
    /// How; neighbors are always among them.
    public var methods: [InfluenceMethod] = [.neighbors, .head]
    /// The length of lists.
    public var top = 8
    /// Whether training images are really left out; nil for where the data are small.
    public var checks: Bool?
    /// At most so many training images, drawn without repetition; nil for all.
    public var most: Int?
    /// The layer whose outputs are features; nil for what the last dense layer reads.
    public var layer: String?
    /// The weight of |W|^2 / 2 in the last layer; nil for the run's weight decay.
    public var penalty: Double?
    /// Checkpoints of earlier epochs that gradients are taken at as well.
    public var epochs: [String] = []
    /// The folder that keeps features; nil for none.
    public var store: String?

    /// The usual choices.
    public init() {}
  }

  /// The pictures of an image's lists.
  public struct Pictures: Sendable {
    /// The image.
    public let image: RGBImage
    /// Of each list the helpful images.
    public let helpful: [[RGBImage]]
    /// Of each list the harmful images.
    public let harmful: [[RGBImage]]
  }

  /// What was found.
  public struct Outcome: Sendable {
    /// All numbers.
    public let results: InfluenceResults
    /// The pictures, by image.
    public let pictures: [Pictures]
  }

  let configuration: Configuration
  let session: Session
  let dataset: any ImageDataset
  let reader: FeatureReader
  let requests: RequestMaker
  let subjects: [StudiedSubject]
  let training: KnownImages
  private var notes: [String] = []

  /// Prepares for the network of a session.
  /// - Parameters:
  ///   - configuration: What is asked.
  ///   - session: The network and the data, which were opened.
  /// - Throws: `RepresentationFailure` where the layer does not exist; `ExampleFailure`; `ExperimentFailure`.
  public init(_ configuration: Configuration, in session: Session) throws {
    (self.configuration, self.session) = (configuration, session)
    guard let dataset = session.dataset else { throw ExperimentFailure(.noData) }
    self.dataset = dataset
    reader = try FeatureReader(configuration.layer, in: session, store: configuration.store)
    requests = try session.requests(for: session.network)
    training = try KnownImages(of: session, .train, most: configuration.most)
    guard training.numbers.count > 1 else {
      throw ExampleFailure(.missing("pair of training images in \(dataset.name)"))
    }
    subjects = try session.subjects(configuration.images, requests)
    notes = session.dataNotes()
    let all = dataset.count(of: .train)
    if training.numbers.count < all {
      notes.append(
        "\(grouped(training.numbers.count)) of \(grouped(all, "training image")) were drawn; what the others do is not asked."
      )
    }
    let unknown = subjects.count { $0.image.label == nil }
    if unknown > 0 {
      notes.append(
        "The true class of \(grouped(unknown, "image")) is not known: the loss of the predicted class is asked about."
      )
    }
  }

  /// The methods in their usual order, neighbors among them.
  var methods: [InfluenceMethod] {
    InfluenceMethod.allCases.filter { $0 == .neighbors || configuration.methods.contains($0) }
  }

  var needsHead: Bool { methods.contains(.head) || methods.contains(.ekfac) }

  /// Leaving out is quick where images and parameters are few.
  var checks: Bool {
    needsHead && (configuration.checks ?? dataset.name.hasPrefix(ShapesFormat.argument))
  }

  /// The weight of |W|^2 / 2 in the last layer: what the run had, and enough to keep the Hessian definite.
  var penalty: Double { configuration.penalty ?? session.network.checkpoint.headPenalty }

  /// The class whose loss is asked about.
  func target(_ subject: StudiedSubject) -> Int {
    subject.image.label ?? subject.prediction.predicted
  }

  /// What it takes: each training image through the network, a random head and random weights; gradients besides.
  /// - Returns: Words and passes.
  public func plan() -> ExperimentPlan {
    let count = Double(training.numbers.count + subjects.count)
    let gradients =
      methods.contains(.tracin) ? 2 * count * Double(1 + configuration.epochs.count) : 0
    let parameters = session.classCount * (featureCount + 1)
    let fits =
      needsHead
      ? ", a last layer of \(grouped(parameters)) weights fitted \(checks ? "about \(grouped(3 + left * subjects.count)) times" : "3 times")"
      : ""
    return ExperimentPlan(
      "\(grouped(subjects.count, "image")) among \(grouped(training.numbers.count, "training image"))\(fits)",
      passes: 3 * count + gradients)
  }

  private var featureCount: Int {
    session.network.checkpoint.network.shape(of: reader.layer).reduce(1, *)
  }

  /// Images that are really left out for each image asked about, at most.
  private let left = 2 * HeadLists.checkedEnd + HeadLists.checkedRandom

  /// Asks.
  /// - Returns: What was found.
  /// - Throws: `WorkStopped` where the observer asked to stop; what reading, kernels and statistics throw.
  public func run() throws -> Outcome {
    session.observer.becomesStoppable()
    let bank = try reader.bank(of: .trained, training, .train)
    let images = ExplainedImage.normalised(subjects.map(\.image), requests.preprocessing)
    let asked = try reader.outputs(of: images, by: session.network.explained)
    let maker = InfluenceListMaker(self, bank)
    var lists: [InfluenceMethod: [InfluenceList]] = [:]
    let neighbors = try NeighborLists(asked.features, among: bank, self)
    lists[.neighbors] = neighbors.lists(maker)
    var head: HeadLists?
    if needsHead {
      let found = try HeadLists(asked.features, bank, self)
      head = found
      if methods.contains(.head) { lists[.head] = try found.lists(maker) }
      if methods.contains(.ekfac) { lists[.ekfac] = try found.factoredLists(maker) }
    }
    if methods.contains(.tracin) {
      let values = try gradientProducts(images)
      lists[.tracin] = values.enumerated().map {
        maker.list(.tracin, $1, agreement: head?.agreement($0, $1))
      }
    }
    try addOverlaps(to: &lists, images)
    let results = try results(lists, neighbors, head)
    return Outcome(results: results, pictures: try pictures(results))
  }

  /// What lists of random networks have in common with those of the trained one.
  private func addOverlaps(
    to lists: inout [InfluenceMethod: [InfluenceList]], _ images: Tensor
  ) throws {
    for variant in NetworkVariant.random {
      let bank = try reader.bank(of: variant, training, .train)
      let asked = try reader.outputs(of: images, by: session.variant(variant)).features
      let maker = InfluenceListMaker(self, bank)
      var others = [
        InfluenceMethod.neighbors: try NeighborLists(asked, among: bank, self).lists(maker)
      ]
      if methods.contains(.head) {
        others[.head] = try HeadLists(asked, bank, self, checks: false).lists(maker, newton: false)
      }
      for (method, others) in others {
        for index in others.indices {
          let (own, other) = (
            Set(lists[method]?[index].helpful.map(\.index) ?? []),
            Set(others[index].helpful.map(\.index))
          )
          lists[method]?[index].stayed.append(
            InfluenceOverlap(
              network: variant.rawValue,
              jaccard: Double(own.intersection(other).count)
                / Double(max(own.union(other).count, 1))))
        }
      }
    }
  }

  private func results(
    _ lists: [InfluenceMethod: [InfluenceList]], _ neighbors: NeighborLists, _ head: HeadLists?
  ) throws -> InfluenceResults {
    var notes = notes
    if let head, head.agreementWithNetwork < Self.leastAgreement {
      notes.append(
        "The fitted last layer says what the network says for \(fixedPoint(100 * head.agreementWithNetwork, digits: 1)) % of the training images: its influences are about another function."
      )
    }
    let same = neighbors.same.count { $0 != nil }
    if same > 0 {
      notes.append(
        "\(grouped(same, "image")) asked about \(same == 1 ? "is" : "are") among the training images; that picture does not count as a neighbor."
      )
    }
    return InfluenceResults(
      version: Toolkit.version, networks: try session.studied(),
      data: StudiedData(
        name: dataset.name, split: Split.train.rawValue, images: training.numbers.count),
      seed: session.request.seed, layer: reader.layer, methods: methods,
      head: head.map {
        InfluenceHead(
          penalty: penalty, agreement: $0.agreementWithNetwork, isChecked: checks)
      }, epochs: methods.contains(.tracin) ? configuration.epochs : [],
      images: subjects.indices.map { index in
        let subject = subjects[index]
        return InfluenceImage(
          image: subject.record(of: session),
          target: StudiedClass(target(subject), of: session.classes),
          isTrue: subject.image.label != nil, loss: head?.influence.losses[index],
          same: neighbors.same[index].map { dataset.name(at: $0, of: .train) },
          lists: methods.compactMap { lists[$0]?[index] }, check: head?.check(index))
      }, notes: notes)
  }

  private static let leastAgreement = 0.98

  private func pictures(_ results: InfluenceResults) throws -> [Pictures] {
    try zip(subjects, results.images).map { subject, record in
      func pictures(_ picks: [InfluencePick]) throws -> [RGBImage] {
        try picks.map { try dataset.picture(at: $0.index, of: .train) }
      }
      return Pictures(
        image: subject.image.picture, helpful: try record.lists.map { try pictures($0.helpful) },
        harmful: try record.lists.map { try pictures($0.harmful) })
    }
  }
}
