public import XAIAttribution
public import XAIClassifiers
public import XAIMetrics
public import XAINetworks
import XAITensor

/// A comparison of pairs of maps with all that its results say about it.
public struct ContrastAssembly {
  /// A network's file.
  public struct Source {
    /// What was read from it.
    public let checkpoint: Checkpoint
    /// How results name it.
    public let record: ContrastNetwork
    /// What it says about each image.
    public let predictions: [Prediction]

    /// Groups what is known about a network.
    /// - Parameters:
    ///   - checkpoint: What was read from its file.
    ///   - record: How results name it.
    ///   - predictions: What it says about each image.
    public init(_ checkpoint: Checkpoint, record: ContrastNetwork, predictions: [Prediction]) {
      (self.checkpoint, self.record, self.predictions) = (checkpoint, record, predictions)
    }
  }

  private let contrast: MapContrast
  private let kind: ContrastResults.Kind
  private let sources: [Source]
  private let contrasts: [ContrastRecord]
  private let seed: UInt64
  private let classes: [Checkpoint.ClassName]

  /// Prepares the results.
  /// - Parameters:
  ///   - contrast: The comparison.
  ///   - kind: What the two maps of a pair differ in.
  ///   - sources: The networks in the order of the comparison.
  ///   - contrasts: What is compared with what.
  ///   - seed: What decides random draws.
  public init(
    _ contrast: MapContrast, kind: ContrastResults.Kind, sources: [Source],
    contrasts: [ContrastRecord], seed: UInt64
  ) {
    precondition(sources.count == contrast.explainers.count, "\(sources.count) networks")
    (self.contrast, self.kind, self.sources) = (contrast, kind, sources)
    (self.contrasts, self.seed) = (contrasts, seed)
    classes = sources.lazy.map(\.checkpoint.classes).first { !$0.isEmpty } ?? []
  }

  /// What can be said before anything is computed.
  /// - Returns: Each with its sentence.
  /// - Throws: `AttributionFailure` where a parameter has no JSON form.
  public func notes() throws(AttributionFailure) -> [ContrastNote] {
    try (collapseNotes + normalisationNote + parameterNotes()).map { .plain($0) } + signNotes()
  }

  /// Assembles the results.
  /// - Parameters:
  ///   - panel: The measures.
  ///   - scores: One for each method and pair.
  ///   - maps: Those that were kept, from the first image on.
  /// - Returns: The results, with summaries.
  /// - Throws: `AttributionFailure` where a parameter has no JSON form.
  public func results(
    _ panel: SimilarityPanel, scores: [ContrastScore], maps: ContrastMaps
  ) throws -> ContrastResults {
    let measures = panel.measures.map(\.identifier)
    let pairs = contrast.pairs.map { pair in
      ContrastPair(
        image: pair.image, contrast: pair.contrast, draw: pair.draw,
        left: side(pair.left, pair.image), right: side(pair.right, pair.image))
    }
    return ContrastResults(
      version: Toolkit.version, kind: kind, networks: sources.map(\.record), seed: seed,
      images: contrast.images.indices.map(image),
      methods: try contrast.methods.map { try TestedMethod($0) }, contrasts: contrasts,
      pairs: pairs, measures: measures, headline: panel.headline, scores: scores,
      summaries: ContrastSummary.summaries(
        of: scores, pairs: pairs, measures: measures,
        methods: contrast.methods.map(\.identifier), contrasts: contrasts),
      floors: contrast.methods.indices.compactMap { floor($0, maps, panel.headline) },
      notes: try notes().map(\.description))
  }

  /// The first maps of the images that were kept, compared with each other.
  private func floor(_ method: Int, _ maps: ContrastMaps, _ measure: String) -> ContrastFloor? {
    let firsts = contrast.images.indices.compactMap { image in
      contrast.pairs.first { $0.image == image }.flatMap { maps[method, image, $0.left] }
    }
    guard firsts.count > 1 else { return nil }
    let floor = NoiseFloor.measure(firsts, by: SimilarityPanel.measure(measure) ?? SSIM())
    return ContrastFloor(
      method: contrast.methods[method].identifier, mean: floor.mean, pairs: floor.pairs)
  }

  private func record(
    _ index: Int, _ image: Int, on network: Int
  ) -> ExplanationResults.ClassRecord {
    .init(index, sources[network].predictions[image], classes)
  }

  private func side(_ side: MapContrast.Side, _ image: Int) -> ContrastSide {
    ContrastSide(network: side.network, target: record(side.target, image, on: side.network))
  }

  private func image(_ index: Int) -> ContrastImage {
    let image = contrast.images[index]
    return ContrastImage(
      name: image.name, source: image.source, key: image.keyText,
      label: image.label.map { record($0, index, on: 0) },
      predicted: sources.indices.map { network in
        record(sources[network].predictions[index].predicted, index, on: network)
      })
  }
}

extension ContrastAssembly {
  private var collapseNotes: [String] {
    sources.compactMap { source in
      let problems = source.record.health.problems
      return problems.isEmpty
        ? nil
        : "The network \(source.record.checkpoint.path) has collapsed on these images: "
          + "\(problems.joined(separator: "; ")). Its maps say nothing about the methods."
    }
  }

  private var normalisationNote: [String] {
    guard let first = sources.first?.checkpoint else { return [] }
    let differ = sources.contains {
      $0.checkpoint.mean != first.mean
        || $0.checkpoint.standardDeviation != first.standardDeviation
    }
    return differ
      ? [
        "The networks normalise images differently, each as it was trained; noise is as strong in units of "
          + "each network's own normalised image."
      ] : []
  }

  /// Parameters that a method fits to the network, such as the last convolution's name.
  private func parameterNotes() throws(AttributionFailure) -> [String] {
    var notes: [String] = []
    for (position, method) in contrast.methods.enumerated() {
      var used: [[String: JSONValue]] = []
      for explainer in contrast.explainers {
        used.append(try MethodParameters(of: explainer.methods[position].method).values)
      }
      guard used.contains(where: { $0 != used[0] }) else { continue }
      notes.append(
        "\(method.identifier) has other parameters on the two networks, "
          + "as they are built differently; the table has those of the first.")
    }
    return notes
  }

  private func signNotes() throws(AttributionFailure) -> [ContrastNote] {
    var notes: [ContrastNote] = []
    for method in contrast.methods { if let note = try signNote(method) { notes.append(note) } }
    return notes
  }

  /// Relevance that starts from a negative logit is of the opposite sign.
  private func signNote(_ method: MethodUnderTest) throws(AttributionFailure) -> ContrastNote? {
    let parameters = try MethodParameters(of: method.method).values
    let takesLogit = JSONValue.object(parameters).startsFromLogit
    guard takesLogit || method.method.takesLogit else { return nil }
    var (count, maps, example): (Int, Int, String?) = (0, 0, nil)
    for image in contrast.images.indices {
      for side in contrast.sides(of: image) {
        maps += 1
        let target = record(side.target, image, on: side.network)
        guard target.logit < 0 else { continue }
        count += 1
        example = example ?? "\(target.words.firstSynonym) in \(contrast.images[image].name)"
      }
    }
    guard let example else { return nil }
    return .negativeLogits(
      method: method.identifier, startsThere: takesLogit, count: count, maps: maps,
      example: example)
  }
}

extension JSONValue {
  /// Whether a parameter `seed`, here or further inside, is `logit`.
  fileprivate var startsFromLogit: Bool {
    guard let members else { return false }
    return members["seed"] == .string(RelevanceSeed.logit.rawValue)
      || members.values.contains(where: \.startsFromLogit)
  }
}
