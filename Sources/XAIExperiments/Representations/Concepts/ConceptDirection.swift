import XAIAttribution
import XAIDatasets
import XAINetworks
import XAIRepresentations
import XAIStatistics
import XAITensor

/// The direction of a concept in a layer of any network of one architecture.
struct ConceptDirection {
  /// The concept's name.
  let name: String
  let layer: String
  private let own: PictureList
  private let others: PictureList
  private let preprocessing: Preprocessing

  /// Takes images.
  /// - Parameters:
  ///   - concept: The concept; its counterparts are what it is told from, where it has some.
  ///   - random: Images without it, as many, for a concept without counterparts.
  ///   - layer: The layer.
  ///   - preprocessing: How images are normalized.
  init(
    _ concept: ConceptImages, from random: PictureList, at layer: String,
    _ preprocessing: Preprocessing
  ) {
    (name, self.layer, self.preprocessing) = (concept.name, layer, preprocessing)
    own = PictureList(concept.pictures)
    others = concept.counterparts.map { PictureList($0) } ?? random
  }

  /// A direction and what it is worth.
  struct Found {
    /// The concept activation vector, of length 1.
    let vector: [Double]
    /// The share of images on the right side of vectors that did not see them.
    let accuracy: Double
    /// Whether that is above chance, at 5 %.
    let isLearnable: Bool
  }

  /// Finds the direction in a network.
  func found(in network: ExplainedNetwork) throws -> Found {
    let (concept, negative) = (try outputs(of: own, network), try outputs(of: others, network))
    // Nothing is asked of gradients here.
    let products = try ConceptNegatives(
      [negative], gradients: Tensor(shape: [1] + concept.shape.dropFirst())
    ).products(of: concept)
    let margins = try products.crossFittedMargins(run: 0)
    let right = margins.enumerated().count { ($1 > 0) == ($0 < own.count) }
    return Found(
      vector: try products.vector(run: 0).direction(of: Tensor(stacking: [concept, negative])),
      accuracy: Double(right) / Double(margins.count),
      isLearnable: CountTests.binomial(atLeast: right, of: margins.count, chance: 0.5) <= 0.05)
  }

  /// Vectors that did not see a third of the images each, for scores of images that may be among them.
  struct Folds {
    /// Unit vectors: that of fold k did not see the rows i of a set with i mod 3 = k.
    let vectors: [[Double]]
    /// The fold of each picture, by digest.
    let folds: [UInt64: Int]

    /// The score of an image: its output along the vector that did not see it, or the mean over all three.
    /// - Parameters:
    ///   - output: Of the layer.
    ///   - digest: Of the picture.
    /// - Returns: The score.
    func score(_ output: some Collection<Float>, digest: UInt64) -> Double {
      let asked = folds[digest].map { [vectors[$0]] } ?? vectors
      return asked.map { zip($0, output).reduce(0.0) { $0 + $1.0 * Double($1.1) } }.mean
    }
  }

  /// Finds the vectors of three folds in a network.
  func folds(in network: ExplainedNetwork) throws -> Folds {
    let sets = (try outputs(of: own, network), try outputs(of: others, network))
    let vectors = try (0..<3).map { fold -> [Double] in
      func part(_ set: Tensor) -> Tensor {
        set.rows(at: (0..<set.rows).filter { $0 % 3 != fold })
      }
      let (concept, negative) = (part(sets.0), part(sets.1))
      return try ConceptNegatives(
        [negative], gradients: Tensor(shape: [1] + concept.shape.dropFirst())
      ).products(of: concept).vector(run: 0).direction(of: Tensor(stacking: [concept, negative]))
    }
    var folds: [UInt64: Int] = [:]
    for list in [own, others] {
      for index in 0..<list.count { folds[try list.picture(at: index).digest] = index % 3 }
    }
    return Folds(vectors: vectors, folds: folds)
  }

  private func outputs(of pictures: PictureList, _ network: ExplainedNetwork) throws -> Tensor {
    let source = try LayerOutputs([layer], of: network)
    var parts: [Tensor] = []
    for start in stride(from: 0, to: pictures.count, by: Self.together) {
      let images = try pictures.normalized(
        start..<min(start + Self.together, pictures.count), by: preprocessing)
      try source.forEachBatch(of: images) { _, outputs in
        outputs[layer].map { parts.append($0) }
      }
    }
    return Tensor(stacking: parts)
  }

  private static let together = 64
}

extension Session {
  /// The directions of concepts in layers of this session's network.
  /// - Parameters:
  ///   - sources: Where concepts come from.
  ///   - layers: The layers.
  ///   - set: The images of each.
  ///   - preprocessing: How images are normalized.
  /// - Returns: Those of the first concept first.
  /// - Throws: `ConceptFailure` and `RepresentationFailure` where images are too few or wrong.
  func conceptDirections(
    _ sources: [ConceptSource], at layers: [String], set: Int, _ preprocessing: Preprocessing
  ) throws -> [ConceptDirection] {
    guard !sources.isEmpty else { return [] }
    guard set >= ConceptSets.fewestImages else {
      throw RepresentationFailure(
        .tooFew("images in a set", found: set, needed: ConceptSets.fewestImages))
    }
    let collector = try ConceptCollector(self, set: set, runs: 1)
    let concepts = try collector.concepts(sources)
    let random = try collector.random(set, besides: concepts, and: [])
    return concepts.flatMap { concept in
      layers.map { ConceptDirection(concept, from: random, at: $0, preprocessing) }
    }
  }
}
