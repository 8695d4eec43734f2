import XAIClassifiers
import XAIDatasets
import XAIExamples
public import XAIImages
import XAINetworks
import XAIRepresentations
import XAIStatistics
import XAITensor

/// Ranks training images by how suspicious their labels are, and says whether the ranks find labels that were
/// exchanged on purpose.
public final class SuspectExperiment: PlannedExperiment {
  /// What is ranked, and how.
  public struct Configuration: Sendable {
    /// The scores.
    public var scores = SuspectKind.allCases
    /// At most so many training images, drawn without repetition; nil for all.
    public var most: Int?
    /// The share of labels that are exchanged before anything is fitted; nil for none.
    public var flip: Double?
    /// The neighbors that are asked for their label.
    public var neighbors = 10
    /// The most suspicious images of each score that are shown.
    public var top = 24
    /// The layer whose outputs are features; nil for what the last dense layer reads.
    public var layer: String?
    /// The weight of |W|^2 / 2 in the last layer; nil for the run's weight decay.
    public var penalty: Double?
    /// The folder that keeps features; nil for none.
    public var store: String?

    /// The usual choices.
    public init() {}
  }

  /// What was found.
  public struct Outcome: Sendable {
    /// The numbers of the most suspicious images, and what is known of all.
    public let results: SuspectResults
    /// Every image.
    public let all: [SuspectImage]
    /// Pictures of the images of the results.
    public let pictures: [RGBImage]
  }

  private let configuration: Configuration
  private let session: Session
  private let dataset: any ImageDataset
  private let reader: FeatureReader
  private let images: KnownImages
  private let labels: [Int]
  private let isFlipped: [Bool]
  private var notes: [String]

  /// Prepares for the network of a session.
  /// - Parameters:
  ///   - configuration: What is ranked.
  ///   - session: The network and the data, which were opened.
  /// - Throws: `RepresentationFailure` where the layer does not exist; `ExampleFailure` where there are no images to
  ///   compare; `ExperimentFailure`.
  public init(_ configuration: Configuration, in session: Session) throws {
    (self.configuration, self.session) = (configuration, session)
    guard let dataset = session.dataset else { throw ExperimentFailure(.noData) }
    self.dataset = dataset
    reader = try FeatureReader(configuration.layer, in: session, store: configuration.store)
    images = try KnownImages(of: session, .train, most: configuration.most)
    guard images.numbers.count > 1 else {
      throw ExampleFailure(.missing("pair of training images in \(dataset.name)"))
    }
    (labels, isFlipped) = Self.exchanged(
      images.labels, share: configuration.flip, classes: session.classCount,
      seed: session.request.seed)
    notes = session.dataNotes()
    let all = dataset.count(of: .train)
    if images.numbers.count < all {
      notes.append(
        "\(grouped(images.numbers.count)) of \(grouped(all, "training image")) were drawn.")
    }
    if configuration.flip != nil {
      notes.append(
        "\(grouped(isFlipped.count { $0 }, "label")) were exchanged for this call. The network itself was trained before that, so that loss and margin find them easily; the last layer of self-influence is fitted on the exchanged ones."
      )
    }
  }

  /// Labels of which a share are others, drawn evenly.
  private static func exchanged(
    _ labels: [Int], share: Double?, classes: Int, seed: UInt64
  ) -> ([Int], [Bool]) {
    var (labels, isFlipped) = (labels, labels.map { _ in false })
    guard let share, classes > 1 else { return (labels, isFlipped) }
    var order = Array(labels.indices)
    var stream = RandomStream(seed: seed, purpose: "suspects/flip")
    stream.shuffle(&order)
    for row in order.prefix(Int((share * Double(labels.count)).rounded())) {
      let other = stream.integer(below: classes - 1)
      labels[row] = other < labels[row] ? other : other + 1
      isFlipped[row] = true
    }
    return (labels, isFlipped)
  }

  /// What it takes: each training image through the network, a random head and random weights.
  /// - Returns: Words and passes.
  public func plan() -> ExperimentPlan {
    let count = images.numbers.count
    return ExperimentPlan(
      "\(grouped(configuration.scores.count, "score")) of \(grouped(count, "training image"))"
        + (configuration.scores.contains(.neighbors)
          ? ", \(grouped(count)) x \(grouped(count)) distances, thrice" : ""),
      passes: Double(3 * count))
  }

  /// Ranks.
  /// - Returns: What was found.
  /// - Throws: `WorkStopped` where the observer asked to stop; what reading, kernels and statistics throw.
  public func run() throws -> Outcome {
    session.observer.becomesStoppable()
    let bank = try reader.bank(of: .trained, images, .train)
    let own = try scores(bank)
    var summaries = configuration.scores.enumerated().map { index, kind in
      SuspectScore(
        kind: kind,
        areaUnderCurve: configuration.flip.flatMap { _ in
          Ranks.areaUnderCurve(own[index].map { $0 ?? 0 }, isFlipped)
        }, stayed: [])
    }
    for variant in NetworkVariant.random {
      let others = try scores(try reader.bank(of: variant, images, .train))
      for index in summaries.indices {
        summaries[index].stayed.append(
          SuspectOverlap(
            network: variant.rawValue,
            spearman: Ranks.spearman(
              own[index].map { $0 ?? 0 }, others[index].map { $0 ?? 0 })))
      }
    }
    let all = images.numbers.indices.map { row in
      SuspectImage(
        name: dataset.name(at: images.numbers[row], of: .train), index: images.numbers[row],
        label: StudiedClass(labels[row], of: session.classes),
        predicted: StudiedClass(bank.predicted[row], of: session.classes),
        isFlipped: isFlipped[row], scores: own.map { $0[row] })
    }
    return try outcome(all, own, summaries, bank)
  }

  private func outcome(
    _ all: [SuspectImage], _ scores: [[Double?]], _ summaries: [SuspectScore], _ bank: FeatureBank
  ) throws -> Outcome {
    let shown = Set(
      scores.flatMap { values in
        values.indices.sorted { (-(values[$0] ?? 0), $0) < (-(values[$1] ?? 0), $1) }
          .prefix(configuration.top)
      }
    ).sorted()
    let joint = SuspectScores.confidentJoint(probabilities(bank.logits), labels).counts
    var pairs: [SuspectConfusion] = []
    for (label, counts) in joint.enumerated() {
      for (answer, count) in counts.enumerated() where answer != label && count > 0 {
        pairs.append(
          SuspectConfusion(
            label: StudiedClass(label, of: session.classes),
            answer: StudiedClass(answer, of: session.classes), images: count))
      }
    }
    let order = pairs.indices.sorted { (-pairs[$0].images, $0) < (-pairs[$1].images, $1) }
    let confusions = order.prefix(configuration.top).map { pairs[$0] }
    let results = SuspectResults(
      version: Toolkit.version, networks: try session.studied(),
      data: StudiedData(
        name: dataset.name, split: Split.train.rawValue, images: images.numbers.count),
      seed: session.request.seed, layer: reader.layer, neighbors: configuration.neighbors,
      selfInfluence: configuration.scores.contains(.selfInfluence)
        ? isExact(bank) ? "exact" : "ekfac" : nil, flipped: configuration.flip,
      scores: summaries, images: shown.map { all[$0] }, confusions: confusions,
      notes: notes + [
        "A network that has learned its training images by heart makes no loss on any of them, and loss and margin then find nothing."
      ])
    return Outcome(
      results: results, all: all,
      pictures: try shown.map { try dataset.picture(at: images.numbers[$0], of: .train) })
  }

  // MARK: Scores

  /// Every score of every image; larger is more suspicious.
  private func scores(_ bank: FeatureBank) throws -> [[Double?]] {
    try configuration.scores.map { kind in
      try session.checkStop()
      return switch kind {
      case .loss: SuspectScores.losses(bank.logits, labels)
      case .margin: SuspectScores.margins(bank.logits, labels).map { -$0 }
      case .neighbors: try disagreement(bank.features)
      case .selfInfluence: try selfInfluence(bank)
      }
    }
  }

  /// Images that are compared with all at a time.
  private static let together = 128

  private func disagreement(_ features: Tensor) throws -> [Double?] {
    session.observer.begin("finding neighbors", total: labels.count, unit: "images")
    defer { session.observer.end() }
    var shares: [Double?] = []
    for start in stride(from: 0, to: labels.count, by: Self.together) {
      try session.checkStop()
      let range = start..<min(start + Self.together, labels.count)
      let found = try FeatureNeighbors(
        of: features.rows(range), among: features, count: configuration.neighbors,
        excluding: range.map { [$0] })
      shares += zip(range, found.neighbors).map { row, neighbors in
        neighbors.isEmpty
          ? nil
          : Double(neighbors.count { labels[$0] != labels[row] }) / Double(neighbors.count)
      }
      session.observer.advance(to: range.upperBound, "")
    }
    return shares
  }

  private func isExact(_ bank: FeatureBank) -> Bool {
    session.classCount * (bank.features.rowCount + 1) <= HeadHessian.mostWeights
  }

  private func selfInfluence(_ bank: FeatureBank) throws -> [Double?] {
    let observer = session.observer
    observer.begin("fitting the last layer", total: labels.count, unit: "images")
    defer { observer.end() }
    let problem = try HeadProblem(
      features: bank.features, labels: labels, classes: session.classCount,
      penalty: configuration.penalty ?? session.network.checkpoint.headPenalty,
      threads: session.request.threads)
    let state = try problem.fit()
    try session.checkStop()
    let value: (Int) -> Double
    if isExact(bank) {
      let hessian = try HeadHessian(problem, at: state)
      value = hessian.selfInfluence
    } else {
      let curvature = try EKFAC(
        features: problem.features.matrix, probabilities: state.probabilities,
        damping: problem.penalty)
      value = { row in
        var errors = state.probabilities.row(row)
        errors[problem.labels[row]] -= 1
        return curvature.square(errors: errors, features: problem.features.row(row))
          / Double(problem.count)
      }
    }
    return try labels.indices.map { row in
      if row % Self.together == 0 {
        try session.checkStop()
        observer.advance(to: row, "")
      }
      return value(row)
    }
  }

  private func probabilities(_ logits: Tensor) -> Matrix {
    var matrix = Matrix(
      rows: logits.rows, columns: logits.rowCount, logits.elements.map(Double.init))
    for row in 0..<matrix.rows {
      for (column, share) in SuspectScores.probabilities(matrix.row(row)).enumerated() {
        matrix[row, column] = share
      }
    }
    return matrix
  }
}
