import XAIAttribution
import XAIClassifiers
import XAIDatasets
import XAINetworks
import XAIRepresentations
import XAIStatistics
import XAITensor

/// Fits models of features that have names to what a network says, and to what is true.
///
/// Molnar 2022.
public final class SurrogateExperiment: PlannedExperiment {
  /// What is fitted, and how.
  public struct Configuration: Sendable {
    /// The models.
    public var models: [SurrogateModel.Kind] = [.tree, .neighbors]
    /// The class that is told from all others; nil for all classes.
    public var target: Int?
    /// The features; nil for all that the data have.
    public var features: [String]?
    /// Where concepts come from, whose scores are features.
    public var concepts: [ConceptSource] = []
    /// Words for the layers of concepts; nil for the last of the representative ones.
    public var layers: [String]?
    /// The images of a concept.
    public var set = 50
    /// Units whose means are features, such as `conv7_relu:37`, and folders of dissections, whose detectors are.
    public var units: [String] = []
    /// At most so many training images, and as many test images.
    public var images = 500
    /// The most questions in a row.
    public var depth = 4
    /// The fewest training images of an answer.
    public var least = 2
    /// The nearest images that answer.
    public var neighbors = NearestNeighbors.defaultCount

    /// The usual choices.
    public init() {}
  }

  let configuration: Configuration
  let session: Session
  private let dataset: any ImageDataset
  let training: [Int]
  private let test: [Int]
  private let features: [ProbeProperty]
  private let columns: SurrogateColumns
  private let preprocessing: Preprocessing

  /// Prepares for the network of a session: reads the features.
  /// - Parameters:
  ///   - configuration: What is fitted.
  ///   - session: The network and the data, which were opened.
  /// - Throws: `Failed`; `ProbeFailure` where the data have no such feature; what reading throws.
  public init(_ configuration: Configuration, in session: Session) throws {
    (self.configuration, self.session) = (configuration, session)
    guard let dataset = session.dataset else { throw ExperimentFailure(.noData) }
    self.dataset = dataset
    if configuration.target == nil, configuration.models.contains(.linear) {
      throw Failed(.linearNeedsTarget)
    }
    preprocessing = try session.requests(for: session.network).preprocessing
    training = Array(0..<min(configuration.images, dataset.count(of: .train)))
    test = Array(0..<min(configuration.images, dataset.count(of: .test)))
    guard training.count > 1, !test.isEmpty else {
      throw RepresentationFailure(.tooFew("images", found: training.count, needed: 2))
    }
    let reader = PropertyReader(dataset)
    // The class itself would be the answer.
    let known = reader.known.filter { $0 != "class" }
    features = try reader.properties(
      configuration.features ?? known, training: training, test: test, fewest: 1)
    columns = try SurrogateColumns(configuration, in: session, preprocessing)
  }

  /// What it takes: a forward pass of each image.
  /// - Returns: Words and passes.
  public func plan() -> ExperimentPlan {
    ExperimentPlan(
      "\(grouped(configuration.models.count, "model")), \(grouped(features.count + columns.names.count, "feature")), "
        + grouped(training.count + test.count, "image"),
      passes: Double(training.count + test.count))
  }

  /// What the network says of a split.
  struct Said {
    /// The answers of the network and the true ones.
    var network: [Int] = []
    var truth: [Int] = []
    /// The target's logits.
    var logits: [Double] = []
    /// Rows of the last hidden layer.
    var rows: [Tensor] = []
    /// Whether the network is right, of all classes.
    var right = 0
    /// What the network's own features are of each image.
    var columns: [[Double]] = []
  }

  /// Fits.
  /// - Returns: What was found.
  /// - Throws: `WorkStopped` where the observer asked to stop; `Failed`; what reading, kernels and statistics throw.
  public func run() throws -> SurrogateResults {
    let observer = session.observer
    observer.becomesStoppable()
    observer.begin("asking", total: training.count + test.count, unit: "images")
    defer { observer.end() }
    let said = try [(Split.train, training, 0), (.test, test, training.count)].map {
      try ask($0, $1, after: $2)
    }
    if Set(said[0].network).count == 1 {
      throw Failed(.oneAnswer(answers[said[0].network[0]]))
    }
    let table = table(said, dropsFirst: false)
    var notes: [String] = []
    if !table.constant.isEmpty {
      notes.append("Left out, as they never change: \(table.constant.joined(separator: ", ")).")
    }
    if training.count < FeatureTable.rowsPerColumn * table.names.count {
      notes.append(
        "\(grouped(training.count, "training image")) are few for \(grouped(table.names.count, "column"))."
      )
    }
    let models = try configuration.models.map { kind in
      switch kind {
      case .tree: try tree(table, said)
      case .linear: try linear(said)
      case .neighbors: try neighbors(said)
      }
    }
    return SurrogateResults(
      version: Toolkit.version, networks: try session.studied(),
      data: StudiedData(name: dataset.name, split: Split.test.rawValue, images: test.count),
      training: training.count, seed: session.request.seed,
      target: configuration.target.map { StudiedClass($0, of: session.classes) },
      answers: answers, features: table.names,
      networkAccuracy: Double(said[1].right) / Double(test.count), models: models, notes: notes)
  }

  // MARK: Answers

  /// What answers are called.
  var answers: [String] {
    guard let target = configuration.target else {
      return (0..<session.classCount).map { StudiedClass($0, of: session.classes).words }
    }
    return [StudiedClass(target, of: session.classes).words, "other"]
  }

  private func answer(_ index: Int) -> Int {
    configuration.target.map { index == $0 ? 0 : 1 } ?? index
  }

  private static let together = 32

  private func ask(_ split: Split, _ images: [Int], after done: Int) throws -> Said {
    let network = session.network.explained
    let logits = network.network.logitLayer
    let hidden = network.network.lastHiddenLayer ?? logits
    let columns = try columns.reader(of: network)
    let source = try LayerOutputs(
      columns.layers.union([hidden, logits]).sorted(), of: network, batch: Self.together)
    let mapping = LabelMapping(session.network.checkpoint, dataset)
    let pictures = PictureList(dataset, split, images)
    var said = Said()
    for start in stride(from: 0, to: images.count, by: Self.together) {
      try session.checkStop()
      let places = start..<min(start + Self.together, images.count)
      let batch = try pictures.normalized(places, by: preprocessing)
      try source.forEachBatch(of: batch) { _, outputs in
        guard let output = outputs[logits], let rows = outputs[hidden] else { return }
        said.rows.append(rows.reshaped(to: [rows.rows, rows.rowCount]))
        for (row, (place, predicted)) in zip(places, output.largestOfRows).enumerated() {
          let label = mapping.logit(of: dataset.label(at: images[place], of: split))
          said.network.append(answer(predicted))
          said.truth.append(label.map(answer) ?? 0)
          if label == predicted { said.right += 1 }
          if let target = configuration.target { said.logits.append(Double(output[row, target])) }
          said.columns.append(
            columns.isEmpty
              ? []
              : columns.values(
                of: outputs, row: row, digest: try pictures.picture(at: place).digest))
        }
      }
      session.observer.advance(to: done + places.upperBound, split.rawValue)
    }
    return said
  }

  /// The features of all images, training before test.
  /// - Parameters:
  ///   - said: What the network says of both splits.
  ///   - dropsFirst: Whether the first value of a name has no column, as it follows from the others.
  /// - Returns: The table.
  func table(_ said: [Said], dropsFirst: Bool) -> FeatureTable {
    var table = FeatureTable(count: training.count + test.count)
    for feature in features {
      switch feature.values {
      case .numbers(let first, let second): table.append(feature.name, first + second)
      case .labels(let names, let first, let second):
        for (index, name) in names.enumerated() where !dropsFirst || index > 0 {
          table.append(
            "\(feature.name)=\(name)", (first + second).map { $0 == index ? 1 : 0 })
        }
      }
    }
    let own = said.flatMap(\.columns)
    for (index, name) in columns.names.enumerated() { table.append(name, own.map { $0[index] }) }
    return table
  }

  func parts(_ table: FeatureTable) -> (training: [[Double]], test: [[Double]]) {
    (
      table.part(Array(0..<training.count)),
      table.part(Array(training.count..<training.count + test.count))
    )
  }

  func agreement(
    _ predicted: [Int], with answers: [Int], training: [Int]
  ) -> SurrogateAgreement {
    let fidelity = SurrogateFidelity(
      predicted: predicted, network: answers, mostFrequent: ProbeResult.mostFrequent(training))
    return SurrogateAgreement(
      value: fidelity.agreement, lower: fidelity.interval.lowerBound,
      upper: fidelity.interval.upperBound, mostFrequent: fidelity.mostFrequent, p: fidelity.p,
      explains: fidelity.explains())
  }
}
