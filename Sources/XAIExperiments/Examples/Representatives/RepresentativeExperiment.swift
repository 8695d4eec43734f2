import XAIAttribution
import XAIClassifiers
import XAIDatasets
import XAIExamples
public import XAIImages
import XAINetworks
import XAIRepresentations
import XAIStatistics
import XAITensor

/// Picks a few images whose explanations cover what those of all rely on.
///
/// SP-LIME; Ribeiro, Singh and Guestrin 2016, section 4. Columns mean the same in every image: they are channels of a
/// layer, `W_ik = mean gradient_k x mean activation_k`, what Grad-CAM gives them.
public final class RepresentativeExperiment: PlannedExperiment {
  /// What is picked from.
  public struct Configuration: Sendable {
    /// At most so many test images, from the first.
    public var images = 500
    /// The most picks.
    public var count = 10
    /// The layer whose channels are columns; nil for the last one that has maps.
    public var layer: String?
    /// The share of a row's largest entry below which entries count as none.
    public var floor = 0.01
    /// Random choices that picks are held against.
    public var draws = 20

    /// The usual choices.
    public init() {}
  }

  /// What was found.
  public struct Outcome: Sendable {
    /// All numbers.
    public let results: RepresentativeResults
    /// The picked images.
    public let pictures: [RGBImage]
  }

  private let configuration: Configuration
  private let session: Session
  private let dataset: any ImageDataset
  private let layer: String
  private let count: Int
  private let preprocessing: Preprocessing

  /// Prepares for the network of a session.
  /// - Parameters:
  ///   - configuration: What is picked from.
  ///   - session: The network and the data, which were opened.
  /// - Throws: `RepresentationFailure` where the layer does not exist or has no maps; `ExperimentFailure`.
  public init(_ configuration: Configuration, in session: Session) throws {
    (self.configuration, self.session) = (configuration, session)
    guard let dataset = session.dataset else { throw ExperimentFailure(.noData) }
    self.dataset = dataset
    let network = session.network.checkpoint.network
    guard
      let layer = try configuration.layer.map({ try network.layers([$0])[0] })
        ?? network.lastMapLayer
    else { throw ExampleFailure(.missing("layer of maps whose channels could be columns")) }
    guard network.shape(of: layer).count == 3 else {
      throw RepresentationFailure(
        .unfitLayer(
          layer, shape: network.shape(of: layer),
          expected: "maps [C, H, W] whose channels can be columns"))
    }
    self.layer = layer
    count = min(configuration.images, dataset.count(of: .test))
    guard count > 0 else {
      throw RepresentationFailure(.tooFew("test images", found: 0, needed: 1))
    }
    preprocessing = try session.requests(for: session.network).preprocessing
  }

  /// What it takes: a forward and a backward pass of each image on three networks.
  /// - Returns: Words and passes.
  public func plan() -> ExperimentPlan {
    ExperimentPlan(
      "\(grouped(count, "image")), \(session.network.checkpoint.network.shape(of: layer)[0]) columns",
      passes: Double(9 * count))
  }

  /// Picks.
  /// - Returns: What was found.
  /// - Throws: `WorkStopped` where the observer asked to stop; what reading and kernels throw.
  public func run() throws -> Outcome {
    let observer = session.observer
    observer.becomesStoppable()
    observer.begin("explaining", total: 3 * count, unit: "images")
    defer { observer.end() }
    let (matrix, predicted) = try explanations(.trained, from: 0)
    let pick = picked(matrix)
    let stayed = try NetworkVariant.random.enumerated().map { index, variant in
      let other = picked(try explanations(variant, from: (index + 1) * count).matrix)
      let (own, others) = (Set(pick.picks), Set(other.picks))
      let common = Double(own.count * others.count) / Double(count)
      return PrototypeOverlap(
        network: variant.rawValue,
        jaccard: Double(own.intersection(others).count) / Double(max(own.union(others).count, 1)),
        chance: common / max(Double(own.count + others.count) - common, 1))
    }
    return Outcome(
      results: try results(matrix, predicted, pick, stayed),
      pictures: try pick.picks.map { try dataset.picture(at: $0, of: .test) })
  }

  /// Small entries are none, so that a pick does not cover everything.
  private func picked(_ matrix: Matrix) -> SubmodularPick {
    SubmodularPick(matrix, count: configuration.count, floor: 0)
  }

  /// Images that are in memory together.
  private static let together = 32

  /// W without its small entries, and what the network predicts.
  private func explanations(
    _ variant: NetworkVariant, from first: Int
  ) throws -> (matrix: Matrix, predicted: [Int]) {
    let network = session.variant(variant)
    let gradients = try LayerGradients(by: layer, of: network, batch: Self.together)
    let outputs = try LayerOutputs([layer], of: network, batch: Self.together)
    let pictures = PictureList(dataset, .test, Array(0..<count))
    var (rows, predicted): ([Double], [Int]) = ([], [])
    for start in stride(from: 0, to: count, by: Self.together) {
      try session.checkStop()
      let range = start..<min(start + Self.together, count)
      let images = try pictures.normalized(range, by: preprocessing)
      guard let activations = try outputs.all(of: images)[layer] else { continue }
      let slopes = try gradients.gradients(at: images) { logits in
        let answers = logits.largestOfRows
        predicted += answers
        var start = Tensor(shape: logits.shape)
        for (row, answer) in answers.enumerated() { start[row, answer] = 1 }
        return start
      }
      rows += zip(means(slopes), means(activations)).map { $0 * $1 }
      session.observer.advance(to: first + range.upperBound, variant.rawValue)
    }
    var matrix = Matrix(rows: count, columns: rows.count / count, rows)
    for row in 0..<matrix.rows {
      let limit = configuration.floor * (matrix.row(row).map(abs).max() ?? 0)
      for column in 0..<matrix.columns where abs(matrix[row, column]) < limit {
        matrix[row, column] = 0
      }
    }
    return (matrix, predicted)
  }

  /// The mean of each channel of each image.
  private func means(_ maps: Tensor) -> [Double] {
    let plane = maps.shape.dropFirst(2).reduce(1, *)
    return maps.reshaped(to: [maps.count / plane, plane]).rowSums.map { $0 / Double(plane) }
  }

  private func results(
    _ matrix: Matrix, _ predicted: [Int], _ pick: SubmodularPick, _ stayed: [PrototypeOverlap]
  ) throws -> RepresentativeResults {
    let all = pick.importance.reduce(0, +)
    let random = (0..<configuration.draws).map { draw -> [Int] in
      var order = Array(0..<count)
      var stream = RandomStream(
        seed: session.request.seed, purpose: "representatives/random", draw)
      stream.shuffle(&order)
      return order
    }
    func covered(_ rows: [Int]) -> Double {
      guard all > 0 else { return 0 }
      return SubmodularPick.coverage(of: rows, matrix, importance: pick.importance) / all
    }
    let curve = pick.picks.indices.map { last in
      let others = random.map { covered(Array($0.prefix(last + 1))) }
      return RepresentativePoint(
        count: last + 1, covered: all > 0 ? pick.values[last] / all : 0,
        random: others.reduce(0, +) / Double(max(others.count, 1)),
        range: [others.min() ?? 0, others.max() ?? 0])
    }
    var notes: [String] = []
    if pick.picks.count < min(configuration.count, count) {
      notes.append(
        "\(grouped(pick.picks.count, "image")) cover all that any explanation uses, so that no more were picked."
      )
    }
    return RepresentativeResults(
      version: Toolkit.version, networks: try session.studied(),
      data: StudiedData(name: dataset.name, split: Split.test.rawValue, images: count),
      seed: session.request.seed, columns: "channels", layer: layer,
      columnCount: matrix.columns, usedColumns: pick.importance.count { $0 > 0 },
      floor: configuration.floor, picks: picks(matrix, predicted, pick), curve: curve,
      stayed: stayed, notes: notes)
  }

  /// Columns of a pick that are named.
  private static let namedColumns = 5

  private func picks(
    _ matrix: Matrix, _ predicted: [Int], _ pick: SubmodularPick
  ) -> [RepresentativePick] {
    let mapping = LabelMapping(session.network.checkpoint, dataset)
    var isCovered = Array(repeating: false, count: matrix.columns)
    return pick.picks.map { row in
      let values = matrix.row(row).map(abs)
      var fresh = 0
      for column in values.indices where values[column] > 0 && !isCovered[column] {
        isCovered[column] = true
        fresh += 1
      }
      let largest = values.indices.filter { values[$0] > 0 }
        .sorted { (-values[$0], $0) < (-values[$1], $1) }.prefix(Self.namedColumns)
      return RepresentativePick(
        name: dataset.name(at: row, of: .test), index: row,
        label: mapping.logit(of: dataset.label(at: row, of: .test)).map {
          StudiedClass($0, of: session.classes)
        }, predicted: StudiedClass(predicted[row], of: session.classes), fresh: fresh,
        largest: Array(largest))
    }
  }
}
