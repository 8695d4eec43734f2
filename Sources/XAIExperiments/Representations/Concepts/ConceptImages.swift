public import XAIImages
import XAIClassifiers
import XAIDatasets
import XAIFiles
import XAIRepresentations
import XAITensor

/// A concept: a name, and images that have it.
public struct ConceptImages: Sendable {
  /// Its name.
  public let name: String
  /// Images that have it.
  public let pictures: [RGBImage]
  /// The same scenes without it; nil where it is compared with random images.
  public let counterparts: [RGBImage]?
}

/// Finds the images of concepts, and random ones.
struct ConceptCollector {
  private let session: Session
  private let dataset: any ImageDataset
  private let fitting: ImageFitting
  private let setSize: Int
  private let runs: Int
  /// The numbers of the training images of each class.
  private let training: [Int: [Int]]

  init(_ session: Session, set: Int, runs: Int) throws {
    guard let dataset = session.dataset else { throw ExperimentFailure(.noData) }
    (self.session, self.dataset, setSize, self.runs) = (session, dataset, set, runs)
    fitting = try session.network.checkpoint.fitting
    training = Dictionary(
      grouping: 0..<dataset.count(of: .train), by: { dataset.label(at: $0, of: .train) })
  }

  private var seed: UInt64 { session.request.seed }

  /// Whether scenes can be drawn on demand.
  private var isShapes: Bool { dataset.name.hasPrefix(ShapesFormat.argument) }

  /// The images of all concepts; those that are compared with random ones have none in common.
  func concepts(_ sources: [ConceptSource]) throws -> [ConceptImages] {
    let concepts = try sources.flatMap(concepts)
    var names: Set<String> = []
    for concept in concepts where !names.insert(concept.name).inserted {
      throw ConceptFailure(.twice(concept.name))
    }
    // Pairs are held against their own counterparts alone.
    try ConceptSets.requireDisjoint(
      concepts.filter { $0.counterparts == nil }.map { concept in
        (concept.name, concept.pictures.map { "\($0.digest)" })
      })
    return concepts
  }

  private func concepts(_ source: ConceptSource) throws -> [ConceptImages] {
    switch source {
    case .scenes(let factor, let name, let isPaired):
      guard isShapes else { throw ConceptFailure(.needsShapes(name, data: dataset.name)) }
      let scenes = ShapesConceptScenes(factor, seed: seed)
      // Pairs are other scenes, so that a concept may be tested both ways in one call.
      let first = isPaired ? Self.firstPair : 0
      let pairs = (first..<first + (isPaired ? setSize * runs : setSize)).map(scenes.pair)
      return [
        ConceptImages(
          name: isPaired ? "\(name)/PAIRED" : name, pictures: pairs.map { fitted($0.concept) },
          counterparts: isPaired ? pairs.map { fitted($0.counterpart) } : nil)
      ]
    case .classes(let words):
      let names = try words.map { word -> String in
        let known = dataset.classes[try label(word)]
        let first = known.name.prefix { $0 != "," }
        return first.isEmpty ? known.id : String(first)
      }
      return [try drawn(names.joined(separator: "+"), words)]
    case .groups(let path):
      let groups = try JSONText.decode(
        [String: [String]].self, from: try WholeFile.readText(path), name: "'\(path)'")
      return try groups.sorted { $0.key < $1.key }.map { try drawn($0.key, $0.value) }
    case .folders(let path): return try folders(path)
    }
  }

  private static let firstPair = 1 << 20

  private func fitted(_ picture: ShapesPicture) -> RGBImage {
    let side = picture.mask.height
    return RGBImage(height: side, width: side, pixels: picture.pixels).fitted(fitting)
  }

  /// Training images of classes, drawn without repetition.
  private func drawn(_ name: String, _ words: [String]) throws -> ConceptImages {
    let labels = try words.map(label)
    var numbers = Set(labels).sorted().flatMap { training[$0] ?? [] }
    var stream = RandomStream(seed: seed, purpose: "concepts/images/\(name)")
    stream.shuffle(&numbers)
    guard numbers.count >= setSize else {
      throw ConceptFailure(.tooFewImages(of: name, found: numbers.count, set: setSize))
    }
    return ConceptImages(
      name: name,
      pictures: try numbers.prefix(setSize).map { try dataset.picture(at: $0, of: .train) },
      counterparts: nil)
  }

  private func label(_ word: String) throws(ConceptFailure) -> Int {
    let classes = dataset.classes
    let index =
      classes.firstIndex { $0.id == word }
      ?? classes.firstIndex { $0.name == word }
      ?? classes.firstIndex { $0.name.prefix { $0 != "," } == word }
    guard let index else {
      throw ConceptFailure(
        .unknownClass(
          word, data: dataset.name,
          close: Spelling.closest(to: word, in: classes.flatMap { [$0.id, $0.name] })))
    }
    return index
  }

  private func folders(_ path: String) throws -> [ConceptImages] {
    let names = try Folder.entries(of: path).filter {
      !$0.hasPrefix(".") && Folder.exists("\(path)/\($0)")
    }.sorted()
    guard !names.isEmpty else { throw ConceptFailure(.noFolders(path)) }
    return try names.map { name in
      var pictures = try ExplainedImage.read(
        ["\(path)/\(name)"], fitting, skipCorrupt: session.request.skipCorrupt,
        tell: session.observer.warn
      ).map(\.picture)
      var stream = RandomStream(seed: seed, purpose: "concepts/images/\(name)")
      stream.shuffle(&pictures)
      guard pictures.count >= setSize else {
        throw ConceptFailure(.tooFewImages(of: name, found: pictures.count, set: setSize))
      }
      return ConceptImages(
        name: name, pictures: Array(pictures.prefix(setSize)), counterparts: nil)
    }
  }

  /// All test images of a class of the network.
  func classImages(_ target: Int) throws -> [RGBImage] {
    let mapping = LabelMapping(session.network.checkpoint, dataset)
    let numbers = (0..<dataset.count(of: .test)).filter {
      mapping.logit(of: dataset.label(at: $0, of: .test)) == target
    }
    let name = StudiedClass(target, of: session.classes).words
    guard !numbers.isEmpty else {
      throw ConceptFailure(.noClassImages(name, data: dataset.name))
    }
    if numbers.count < ConceptSets.fewClassImages {
      session.observer.warn(
        "\(grouped(numbers.count, "test image")) of \(name): with fewer than "
          + "\(ConceptSets.fewClassImages) a score says little")
    }
    return try numbers.map { try dataset.picture(at: $0, of: .test) }
  }

  /// Random images: none of a concept, none of an explained class, none twice.
  /// - Parameters:
  ///   - count: How many.
  ///   - concepts: The concepts.
  ///   - targets: The explained classes.
  /// - Returns: The images.
  /// - Throws: `RepresentationFailure` where the data have too few; what reading throws.
  func random(
    _ count: Int, besides concepts: [ConceptImages], and targets: [Int]
  ) throws -> PictureList {
    let mapping = LabelMapping(session.network.checkpoint, dataset)
    let excluded = Set(
      dataset.classes.indices.filter { label in
        mapping.logit(of: label).map(targets.contains) ?? false
      })
    guard !isShapes else { return scenes(count, besides: excluded) }
    var seen = Set(
      concepts.flatMap { ($0.pictures + ($0.counterparts ?? [])).map(\.digest) })
    var numbers = training.filter { !excluded.contains($0.key) }.values.flatMap(\.self).sorted()
    var stream = RandomStream(seed: seed, purpose: "concepts/random")
    stream.shuffle(&numbers)
    var chosen: [Int] = []
    for number in numbers where chosen.count < count {
      if try seen.insert(dataset.picture(at: number, of: .train).digest).inserted {
        chosen.append(number)
      }
    }
    guard chosen.count == count else {
      throw RepresentationFailure(
        .tooFew("training images for random concepts", found: chosen.count, needed: count))
    }
    return PictureList(dataset, .train, chosen)
  }

  private func scenes(_ count: Int, besides excluded: Set<Int>) -> PictureList {
    let scenes = ShapesRandomScenes(seed: seed)
    let names = Dictionary(
      dataset.classes.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    var chosen: [Int] = []
    var number = 0
    while chosen.count < count {
      if let label = names[scenes.kind(at: number)], !excluded.contains(label) {
        chosen.append(number)
      }
      number += 1
    }
    let numbers = chosen.map(String.init).joined(separator: " ")
    return PictureList(
      count: count, identity: "scenes \(seed) \(fitting.height) \(fitting.width) \(numbers)"
    ) { [fitting, chosen] in
      let picture = scenes.picture(at: chosen[$0])
      let side = picture.mask.height
      return RGBImage(height: side, width: side, pixels: picture.pixels).fitted(fitting)
    }
  }
}
