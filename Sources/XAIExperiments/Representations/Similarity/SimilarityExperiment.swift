import XAIAttribution
import XAIDatasets
import XAINetworks
import XAIRepresentations
import XAIStatistics
import XAITensor

/// Compares how layers of one or two networks represent the same images, with what unrelated representations and random
/// weights give.
public final class SimilarityExperiment: PlannedExperiment {
  /// What is compared, and how.
  public struct Configuration: Sendable {
    /// Words for layers; nil for the representative ones.
    public var layers: [String]?
    /// How similarity is measured.
    public var measures: [SimilarityMatrix.Measure] = [.cka]
    /// At most so many test images.
    public var images = 1024
    /// The images of a batch; nil for one batch of all images.
    public var batch: Int? = 128

    /// The usual choices.
    public init() {}
  }

  /// A network, by what its matrices are called.
  struct Side {
    let network: ExplainedNetwork
    let preprocessing: Preprocessing
    let layers: [String]
  }

  private let configuration: Configuration
  private let session: Session
  private let pictures: PictureList
  private let batch: Int
  let rows: Side
  let columns: Side
  private let random: Side
  private var notes: [String] = []

  /// Prepares for the networks of a session.
  /// - Parameters:
  ///   - configuration: What is compared.
  ///   - session: The networks and the data, which were opened.
  /// - Throws: `RepresentationFailure` where a layer does not exist or images are too few; `ExperimentFailure`.
  public init(_ configuration: Configuration, in session: Session) throws {
    (self.configuration, self.session) = (configuration, session)
    guard let dataset = session.dataset else { throw ExperimentFailure(.noData) }
    func side(_ network: Session.Network) throws -> Side {
      Side(
        network: network.explained, preprocessing: try session.requests(for: network).preprocessing,
        layers: try network.checkpoint.network.layers(configuration.layers, allowsInput: true))
    }
    let first = try side(session.networks[0])
    rows = first
    columns = session.networks.count > 1 ? try side(session.networks[1]) : first
    random = Side(
      network: RandomNetworks(like: first.network, seed: session.request.seed).all(draw: 0),
      preprocessing: first.preprocessing, layers: first.layers)
    let count = min(configuration.images, dataset.count(of: .test))
    batch = min(configuration.batch ?? count, count)
    guard batch >= Self.fewestImages else {
      throw RepresentationFailure(
        .tooFew("images in a batch", found: batch, needed: Self.fewestImages))
    }
    let used = count / batch * batch
    if used < count {
      notes.append(
        "\(grouped(count - used, "image")) did not fill a batch of \(batch) and were left out")
    }
    pictures = PictureList(dataset, .test, Array(0..<used))
  }

  /// The unbiased estimate needs four.
  private static let fewestImages = 4

  /// What it takes: a forward pass of each image through each network, and one through random weights.
  /// - Returns: Words and passes.
  public func plan() -> ExperimentPlan {
    let networks = session.networks.count
    return ExperimentPlan(
      "\(grouped(rows.layers.count, "layer")), \(grouped(networks, "network")), "
        + grouped(pictures.count, "image"),
      passes: Double(pictures.count * (networks + 1)))
  }

  /// Compares.
  /// - Returns: The matrices.
  /// - Throws: `WorkStopped` where the observer asked to stop; what reading and kernels throw.
  public func run() throws -> SimilarityResults {
    let observer = session.observer
    observer.becomesStoppable()
    observer.begin("comparing", total: pictures.count / batch, unit: "batches")
    defer { observer.end() }
    let isSelf = session.networks.count == 1
    var sums = SimilarityMatrix.Comparison.allCases.map {
      SimilaritySums(
        $0, configuration.measures, rows: rows.layers, columns: right($0).layers,
        shapes: { [network = rows.network.network] in network.shape(of: $0) })
    }
    for number in 0..<pictures.count / batch {
      try session.checkStop()
      let range = number * batch..<(number + 1) * batch
      let left = try representations(of: rows, range)
      let other = isSelf ? left : try representations(of: columns, range)
      let randomized = try representations(of: random, range)
      let order = SimilarityNull.order(batch, draw: number, seed: session.request.seed)
      for index in sums.indices {
        switch sums[index].comparison {
        case .networks: try sums[index].insert(left, other)
        case .permuted: try sums[index].insert(left, other.permuted(order))
        case .randomized: try sums[index].insert(left, randomized)
        }
      }
      observer.advance(to: number + 1, "")
    }
    return try results(sums)
  }

  private func right(_ comparison: SimilarityMatrix.Comparison) -> Side {
    comparison == .randomized ? random : columns
  }

  private func representations(
    of side: Side, _ range: Range<Int>
  ) throws -> LayerRepresentations {
    let images = try pictures.normalized(range, by: side.preprocessing)
    var made = LayerRepresentations(keepsOutputs: configuration.measures.contains(.svcca))
    let groups = side.network.network.groups(
      of: side.layers, images: 2 * batch, within: session.memory.activations)
    for group in groups {
      try session.checkStop()
      let outputs = try LayerOutputs(group, of: side.network, batch: batch)
      try outputs.forEachBatch(of: images) { _, layers in
        for (layer, output) in layers where group.contains(layer) { made.insert(output, layer) }
      }
    }
    return made
  }

  private func results(_ sums: [SimilaritySums]) throws -> SimilarityResults {
    var notes = notes
    if let repeated = try duplicates() { notes.append(repeated) }
    var matrices: [SimilarityMatrix] = []
    for sum in sums {
      for measure in configuration.measures {
        matrices.append(try sum.matrix(measure, notes: &notes))
      }
    }
    return SimilarityResults(
      version: Toolkit.version, networks: try session.studied(),
      data: StudiedData(
        name: session.dataset?.name ?? "", split: Split.test.rawValue, images: pictures.count),
      batch: batch, seed: session.request.seed, rows: rows.layers, columns: columns.layers,
      matrices: matrices, notes: notes)
  }

  private func duplicates() throws -> String? {
    var seen: Set<UInt64> = []
    let repeated = try (0..<pictures.count).count {
      try !seen.insert(pictures.picture(at: $0).digest).inserted
    }
    return repeated > 0
      ? "\(grouped(repeated, "image")) are copies of others, which makes everything more similar"
      : nil
  }
}
