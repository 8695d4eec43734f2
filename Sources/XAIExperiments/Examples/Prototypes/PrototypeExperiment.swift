import XAIAttribution
import XAIClassifiers
import XAIDatasets
import XAIExamples
public import XAIImages
import XAINetworks
import XAIRepresentations
import XAIStatistics
import XAITensor

/// Finds images that stand for classes and images that they do not stand for, and says whether they do.
///
/// MMD-critic; Kim, Khanna and Koyejo 2016.
public final class PrototypeExperiment: PlannedExperiment {
  /// Which images are a set.
  public enum Scope: Sendable, Equatable {
    /// All images together.
    case together
    /// Those of each class.
    case eachClass
    /// Those of each of some classes, by their logits' indices.
    case classes([Int])
  }

  /// What is sought.
  public struct Configuration: Sendable {
    /// Which images are a set.
    public var scope = Scope.eachClass
    /// Prototypes of each set.
    public var count = 6
    /// Criticisms of each set.
    public var criticisms = 4
    /// The layer whose outputs are compared; nil for what the last dense layer reads.
    public var layer: String?
    /// At most so many training images of a set, drawn without repetition.
    public var most = 8000
    /// At most so many test images that prototypes classify.
    public var tests = 1000
    /// Random choices that prototypes are held against.
    public var draws = 20
    /// The folder that keeps features; nil for none.
    public var store: String?

    /// The usual choices.
    public init() {}
  }

  /// The pictures of a set.
  public struct Pictures: Sendable {
    /// Prototypes, in the order chosen.
    public let prototypes: [RGBImage]
    /// Criticisms.
    public let criticisms: [RGBImage]
  }

  /// What was found.
  public struct Outcome: Sendable {
    /// All numbers.
    public let results: PrototypeResults
    /// The pictures of each set.
    public let pictures: [Pictures]
  }

  /// What is represented on its own.
  private struct Group {
    let target: Int?
    /// Rows of the bank.
    let rows: [Int]
  }

  private let configuration: Configuration
  private let session: Session
  private let dataset: any ImageDataset
  private let reader: FeatureReader
  private let images: KnownImages
  private let tests: KnownImages
  private let groups: [Group]
  private let notes: [String]

  /// Prepares for the network of a session.
  /// - Parameters:
  ///   - configuration: What is sought.
  ///   - session: The network and the data, which were opened.
  /// - Throws: `RepresentationFailure` where the layer does not exist; `ExampleFailure` where a class has no image;
  ///   `ExperimentFailure`.
  public init(_ configuration: Configuration, in session: Session) throws {
    (self.configuration, self.session) = (configuration, session)
    guard let dataset = session.dataset else { throw ExperimentFailure(.noData) }
    self.dataset = dataset
    reader = try FeatureReader(configuration.layer, in: session, store: configuration.store)
    let isTogether = configuration.scope == .together
    let wanted: Set<Int>? =
      if case .classes(let classes) = configuration.scope { Set(classes) } else { nil }
    let all = try KnownImages(
      of: session, .train, most: isTogether ? configuration.most : nil
    ) { wanted?.contains($0) ?? true }
    var rows = Dictionary(grouping: all.labels.indices, by: { all.labels[$0] })
    for (label, own) in rows where !isTogether && own.count > configuration.most {
      var (drawn, stream) = (
        own,
        RandomStream(seed: session.request.seed, purpose: "examples/images/class", label)
      )
      stream.shuffle(&drawn)
      rows[label] = drawn.prefix(configuration.most).sorted()
    }
    var notes = session.dataNotes()
    let known = dataset.count(of: .train)
    var groups = [Group(target: nil, rows: Array(all.labels.indices))]
    if !isTogether {
      groups = (wanted?.sorted() ?? rows.keys.sorted()).map {
        Group(target: $0, rows: rows[$0] ?? [])
      }
    } else if all.numbers.count < known, all.numbers.count == configuration.most {
      notes.append(
        "\(grouped(all.numbers.count)) of \(grouped(known, "training image")) were drawn.")
    }
    if let empty = groups.first(where: \.rows.isEmpty) {
      let name = empty.target.map { StudiedClass($0, of: session.classes).words } ?? "any class"
      throw ExampleFailure(.missing("training image of \(name) in \(dataset.name)"))
    }
    // Images that were not drawn are not read.
    let used = groups.flatMap(\.rows).sorted()
    let places = Dictionary(uniqueKeysWithValues: used.enumerated().map { ($1, $0) })
    self.groups = groups.map { group in
      Group(target: group.target, rows: group.rows.compactMap { places[$0] })
    }
    (images, self.notes) = (all.part(used), notes)
    tests = try KnownImages(of: session, .test, most: configuration.tests) {
      wanted?.contains($0) ?? true
    }
  }

  /// What it takes: a forward pass of each image through the network, a random head, and random weights.
  /// - Returns: Words and passes.
  public func plan() -> ExperimentPlan {
    ExperimentPlan(
      "\(grouped(groups.count, "set")), \(grouped(images.numbers.count, "training image")), "
        + grouped(tests.numbers.count, "test image"),
      passes: Double(3 * images.numbers.count + tests.numbers.count))
  }

  /// Finds them.
  /// - Returns: What was found.
  /// - Throws: `WorkStopped` where the observer asked to stop; what reading, kernels and statistics throw.
  public func run() throws -> Outcome {
    let observer = session.observer
    observer.becomesStoppable()
    let bank = try reader.bank(of: .trained, images, .train)
    let own = try choices(bank.features, title: "choosing")
    let others = try NetworkVariant.random.map { variant in
      (
        variant,
        try choices(
          reader.bank(of: variant, images, .train).features, title: "choosing again")
      )
    }
    let records = groups.indices.map { index in
      record(groups[index], own[index], bank, others.map { ($0.0, $0.1[index]) })
    }
    let classification = try classification(own, bank)
    return Outcome(
      results: PrototypeResults(
        version: Toolkit.version, networks: try session.studied(),
        data: StudiedData(
          name: dataset.name, split: Split.train.rawValue, images: images.numbers.count),
        seed: session.request.seed, layer: reader.layer, groups: records,
        classification: classification, notes: notes),
      pictures: try records.map { group in
        Pictures(
          prototypes: try group.prototypes.map { try picture($0) },
          criticisms: try group.criticisms.map { try picture($0) })
      })
  }

  private func picture(_ pick: PrototypePick) throws -> RGBImage {
    try dataset.picture(at: pick.index, of: .train)
  }

  /// What is chosen of a set; positions among its rows.
  private struct Choice {
    var critic: MMDCritic?
    var prototypes: [Int]
    var criticisms: [Int]
    var witness: [Double]
  }

  private func choices(_ features: Tensor, title: String) throws -> [Choice] {
    session.observer.begin(title, total: groups.count, unit: "sets")
    defer { session.observer.end() }
    return try groups.enumerated().map { index, group in
      try session.checkStop()
      let choice = try choice(features, group)
      session.observer.advance(to: index + 1, "")
      return choice
    }
  }

  private func choice(_ features: Tensor, _ group: Group) throws -> Choice {
    let own = features.rows(at: group.rows)
    let rows = Matrix(rows: own.rows, columns: own.rowCount, own.elements.map(Double.init))
    // Fewer images than are asked for are all of them, in their order.
    guard own.rows > configuration.count, let critic = try critic(rows, group) else {
      let all = Array(group.rows.indices.prefix(configuration.count))
      return Choice(
        critic: nil, prototypes: all, criticisms: [], witness: group.rows.map { _ in 0 })
    }
    let prototypes = critic.prototypes(configuration.count).picks
    return Choice(
      critic: critic, prototypes: prototypes,
      criticisms: try critic.criticisms(configuration.criticisms, besides: prototypes).picks,
      witness: critic.witness(prototypes))
  }

  /// Pairs that the median distance is taken of come from at most so many images.
  private static let mostForMedian = 2000

  /// The kernel of a set; nil where most of its features are equal, so that nothing can be told apart.
  private func critic(_ rows: Matrix, _ group: Group) throws -> MMDCritic? {
    do {
      guard rows.rows > Self.mostForMedian else { return try MMDCritic(rows) }
      var order = Array(0..<rows.rows)
      var stream = RandomStream(
        seed: session.request.seed, purpose: "prototypes/median", group.target ?? -1)
      stream.shuffle(&order)
      let some = order.prefix(Self.mostForMedian).sorted()
      let gamma = try MMDCritic(rows.part(rows: some, columns: Array(0..<rows.columns))).gamma
      return try MMDCritic(rows, gamma: gamma)
    } catch {
      guard case .value = error.code else { throw error }
      return nil
    }
  }

  private func record(
    _ group: Group, _ choice: Choice, _ bank: FeatureBank, _ others: [(NetworkVariant, Choice)]
  ) -> PrototypeGroup {
    let classes = session.classes
    func pick(_ position: Int) -> PrototypePick {
      let row = group.rows[position]
      return PrototypePick(
        name: dataset.name(at: bank.numbers[row], of: .train), index: bank.numbers[row],
        label: StudiedClass(bank.labels[row], of: classes),
        predicted: StudiedClass(bank.predicted[row], of: classes),
        witness: choice.witness[position])
    }
    let curve = choice.critic.map {
      PrototypeQuality.curve(
        $0, choice.prototypes, draws: configuration.draws, seed: session.request.seed)
    }
    return PrototypeGroup(
      target: group.target.map { StudiedClass($0, of: classes) }, images: group.rows.count,
      gamma: choice.critic?.gamma, prototypes: choice.prototypes.map(pick),
      criticisms: choice.criticisms.map(pick),
      curve: (curve ?? []).enumerated().map { index, point in
        PrototypePoint(
          count: index + 1, chosen: point.chosen,
          random: point.random.reduce(0, +) / Double(max(point.random.count, 1)),
          range: [point.random.min() ?? 0, point.random.max() ?? 0])
      },
      stayed: others.map { variant, other in
        let (own, other) = (Set(choice.prototypes), Set(other.prototypes))
        return PrototypeOverlap(
          network: variant.rawValue,
          jaccard: Double(own.intersection(other).count) / Double(max(own.union(other).count, 1)),
          chance: chance(own.count, of: group.rows.count))
      })
  }

  /// The expected Jaccard index of two random sets, by the mean number that they have in common.
  private func chance(_ count: Int, of all: Int) -> Double {
    let common = Double(count * count) / Double(max(all, 1))
    return common / max(Double(2 * count) - common, 1)
  }

  /// Test images by their nearest prototype, and by random images in place of these.
  private func classification(
    _ choices: [Choice], _ bank: FeatureBank
  ) throws -> PrototypeClassification? {
    guard Set(bank.labels).count > 1, !tests.numbers.isEmpty else { return nil }
    let asked = try reader.bank(of: .trained, tests, .test)
    func accuracy(_ rows: [Int]) throws -> Double {
      let found = try FeatureNeighbors(
        of: asked.features, among: bank.features.rows(at: rows), .euclidean, count: 1)
      let right = found.neighbors.enumerated().count { test, nearest in
        nearest.first.map { bank.labels[rows[$0]] == asked.labels[test] } ?? false
      }
      return Double(right) / Double(asked.labels.count)
    }
    let picked = zip(groups, choices).flatMap { group, choice in
      choice.prototypes.map { group.rows[$0] }
    }
    let random = try (0..<configuration.draws).map { draw in
      try session.checkStop()
      return try accuracy(
        zip(groups, choices).enumerated().flatMap { index, pair in
          var order = pair.0.rows
          var stream = RandomStream(
            seed: session.request.seed, purpose: "prototypes/classification", draw, index)
          stream.shuffle(&order)
          return order.prefix(pair.1.prototypes.count)
        })
    }
    let right = zip(asked.predicted, asked.labels).count { $0 == $1 }
    return PrototypeClassification(
      tests: asked.labels.count, prototypes: picked.count, accuracy: try accuracy(picked),
      random: random.reduce(0, +) / Double(max(random.count, 1)),
      range: [random.min() ?? 0, random.max() ?? 0],
      network: Double(right) / Double(asked.labels.count))
  }
}
