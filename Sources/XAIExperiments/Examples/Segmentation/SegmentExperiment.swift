import XAIAttribution
import XAIClassifiers
import XAIDatasets
public import XAIExamples
public import XAIImages
import XAINetworks
import XAIRepresentations
import XAITensor

/// Asks maps where the object is: graph cut, the largest part, its box, and how well these fit what is known.
///
/// Simonyan, Vedaldi and Zisserman 2013, section 3.2, for the map of any method. The same cut of maps that look at no
/// network, the whole image and a box in its middle say what a number is worth.
public final class SegmentExperiment: PlannedExperiment {
  /// What is asked.
  public struct Configuration {
    /// Which images.
    public var images = ImageChoice.samples(.recognised(SampleRule.standardCount))
    /// Which class of each.
    public var target = TargetChoice.predicted
    /// Whose maps.
    public var methods: [MethodPreparation.Candidate]
    /// The most passes for each image of a method that nobody asked for.
    public var limit: Double?
    /// How images are cut.
    public var cut = GraphCutSegmentation()

    /// Names methods; the rest are the usual choices.
    public init(methods: [MethodPreparation.Candidate]) { self.methods = methods }
  }

  /// What one way makes of one image.
  public struct Part: Sendable {
    /// The position of its row in the results.
    public let row: Int
    /// The largest part, `[H, W]`.
    public let mask: [Bool]
    /// The map that was cut, `[H, W]`.
    public let map: [Double]
  }

  /// What was found.
  public struct Outcome: Sendable {
    /// All numbers.
    public let results: SegmentResults
    /// The images.
    public let pictures: [RGBImage]
    /// What methods made of them, on the trained network and with a random head.
    public let parts: [Part]
  }

  private let configuration: Configuration
  private let session: Session
  private let requests: RequestMaker
  private let subjects: [StudiedSubject]
  private let methods: [MethodUnderTest]
  private let references: [MethodUnderTest]
  private let objects: [KnownObject?]

  /// Prepares for the network of a session.
  /// - Parameters:
  ///   - configuration: What is asked.
  ///   - session: The network and the data, which were opened.
  /// - Throws: `ExperimentFailure` where no image or method is left; what reading throws.
  public init(_ configuration: Configuration, in session: Session) throws {
    (self.configuration, self.session) = (configuration, session)
    requests = try session.requests(for: session.network)
    subjects = try session.subjects(configuration.images, requests, target: configuration.target)
    methods = try MethodPreparation(
      session.network.checkpoint.network, requests, limit: configuration.limit
    ).ready(
      configuration.methods, for: [subjects[0].image], targets: [subjects[0].target],
      observer: session.observer)
    guard !methods.isEmpty else { throw ExperimentFailure(.noMethodLeft) }
    let known = Set(methods.map(\.identifier))
    references = Self.controls.compactMap { name in
      known.contains(name)
        ? nil : MethodCatalog.entry(name).map { MethodUnderTest($0, baseline: nil) }
    }
    let finder = session.dataset.map(KnownObject.Finder.init)
    objects = subjects.map { finder?.object(of: $0.image) }
  }

  /// Maps that look at no network, which are cut all the same.
  private static let controls = ["random", "edge-detector"]
  /// Images that are explained together.
  private static let together = 16

  /// What it takes: maps of the trained network and of one with a random head.
  /// - Returns: Words and passes.
  /// - Throws: What reading baselines throws.
  public func plan() throws -> ExperimentPlan {
    let network = session.network.checkpoint.network
    let passes = try methods.reduce(0.0) { sum, method in
      sum + method.method.cost(of: try request([0], method), on: network).walks
    }
    return ExperimentPlan(
      "\(grouped(methods.count, "method")), \(grouped(subjects.count, "image")), trained and with a random head",
      passes: 2 * passes * Double(subjects.count))
  }

  /// Asks.
  /// - Returns: What was found.
  /// - Throws: `WorkStopped` where the observer asked to stop; what methods, kernels and reading throw.
  public func run() throws -> Outcome {
    let observer = session.observer
    observer.becomesStoppable()
    let sides: [(way: SegmentWay, methods: [MethodUnderTest], network: ExplainedNetwork)] = [
      (.method, methods, session.network.explained),
      (
        .randomHead, methods.filter { $0.entry.group != .control },
        RandomNetworks(like: session.network.explained, seed: session.request.seed).head(draw: 0)
      ),
      (.reference, references, session.network.explained),
    ]
    observer.begin(
      "segmenting", total: sides.reduce(0) { $0 + $1.methods.count } * subjects.count,
      unit: "images")
    defer { observer.end() }
    var rows: [SegmentRow] = []
    var parts: [Part] = []
    var summaries: [SegmentSummary] = []
    var trained: [String: [[Bool]]] = [:]
    for (way, methods, network) in sides {
      for method in methods {
        var cuts = [GraphCutSegmentation.Result?](repeating: nil, count: subjects.count)
        let maps = try maps(of: method, on: network) { [session] done in
          session.observer.advance(to: rows.count + done, method.identifier)
        }
        for (index, map) in maps.enumerated() {
          try session.checkStop()
          cuts[index] = try map.map { try cut($0, subjects[index]) }
        }
        if way == .method { trained[method.identifier] = cuts.map { $0?.part ?? [] } }
        let first = rows.count
        for (index, cut) in cuts.enumerated() {
          let before = way == .randomHead ? trained[method.identifier]?[index] : nil
          if way != .reference, let cut, let map = maps[index] {
            parts.append(Part(row: rows.count, mask: cut.part, map: map))
          }
          rows.append(row(index, method.identifier, way, cut?.part, cut?.box, before: before))
        }
        summaries.append(SegmentSummary(method.identifier, way, Array(rows[first...])))
      }
    }
    for (name, mask) in fixedReferences {
      let first = rows.count
      for index in subjects.indices {
        rows.append(
          row(
            index, name, .reference, mask,
            LargestPart.box(of: mask, width: requests.preprocessing.width), before: nil))
      }
      summaries.append(SegmentSummary(name, .reference, Array(rows[first...])))
    }
    return Outcome(
      results: try results(rows, summaries), pictures: subjects.map(\.image.picture), parts: parts)
  }

  private func request(_ images: [Int], _ method: MethodUnderTest) throws -> AttributionRequest {
    try requests.request(
      images.map { subjects[$0].image }, targets: images.map { subjects[$0].target },
      for: method.method, baseline: method.baseline)
  }

  /// A number for each pixel of each image, larger where the map speaks for the class; nil where a map is not
  /// finite, or where the method cannot explain the network.
  private func maps(
    of method: MethodUnderTest, on network: ExplainedNetwork, advance: (Int) -> Void
  ) throws -> [[Double]?] {
    let context = AttributionContext(
      memory: session.memory.activations, isStopped: { [session] in session.observer.isStopped })
    var maps: [[Double]?] = []
    for start in stride(from: 0, to: subjects.count, by: Self.together) {
      try session.checkStop()
      let range = Array(start..<min(start + Self.together, subjects.count))
      do {
        let found = try method.method.attribute(
          try request(range, method), on: network, in: context
        )
        .maps
        maps += range.indices.map { saliency(found.row($0), method.method.meaning) }
      } catch let error {
        // A random head may be nothing that a method can explain.
        guard error is AttributionFailure, network !== session.network.explained else {
          throw error
        }
        maps += range.map { _ in nil }
      }
      advance(range.count + start)
    }
    return maps
  }

  /// Contributions are summed over channels; of slopes and amounts the largest magnitude counts.
  private func saliency(_ map: Tensor, _ meaning: MapMeaning) -> [Double]? {
    guard map.isFinite else { return nil }
    let values = map.elements.map(Double.init)
    let plane = map.shape[2] * map.shape[3]
    return (0..<plane).map { pixel in
      stride(from: pixel, to: values.count, by: plane).reduce(0.0) { sum, index in
        meaning == .relevance ? sum + values[index] : max(sum, abs(values[index]))
      }
    }
  }

  private func cut(
    _ map: [Double], _ subject: StudiedSubject
  ) throws -> GraphCutSegmentation.Result {
    let picture = subject.image.picture
    return try configuration.cut.segment(
      map, try PixelImages(shape: [1, picture.height, picture.width, 3], picture.pixels))
  }

  private func row(
    _ index: Int, _ name: String, _ way: SegmentWay, _ mask: [Bool]?, _ box: [Int]?,
    before: [Bool]?
  ) -> SegmentRow {
    let object = objects[index]
    let area = mask.map { Double($0.count { $0 }) / Double(max($0.count, 1)) }
    return SegmentRow(
      image: index, name: name, way: way, box: box, area: area ?? 0,
      boxIoU: object.map { $0.overlap(box) },
      maskIoU: object?.mask.map { truth in
        mask.flatMap { LargestPart.overlap($0, truth) } ?? 0
      },
      stayed: before.flatMap { before in mask.flatMap { LargestPart.overlap($0, before) } })
  }

  /// The whole image, and half of it in its middle.
  private var fixedReferences: [(name: String, mask: [Bool])] {
    let (height, width) = (requests.preprocessing.height, requests.preprocessing.width)
    func middle(_ side: Int) -> Range<Int> {
      let length = max(1, Int((Double(side) * 0.5.squareRoot()).rounded()))
      return (side - length) / 2..<(side - length) / 2 + length
    }
    let (rows, columns) = (middle(height), middle(width))
    return [
      ("whole-image", Array(repeating: true, count: height * width)),
      (
        "center-box",
        (0..<height * width).map { rows.contains($0 / width) && columns.contains($0 % width) }
      ),
    ]
  }

  private func results(
    _ rows: [SegmentRow], _ summaries: [SegmentSummary]
  ) throws -> SegmentResults {
    let unknown = objects.count { $0 == nil }
    var notes: [String] = []
    if unknown > 0 {
      notes.append(
        "Nobody says where the object of \(grouped(unknown, "image")) is: no number is about \(unknown == 1 ? "it" : "them")."
      )
    }
    if objects.contains(where: { $0 != nil && $0?.mask == nil }) {
      notes.append(
        "Objects are known as boxes, not as outlines; of several the one that fits best counts.")
    }
    return SegmentResults(
      version: Toolkit.version, networks: try session.studied(), seed: session.request.seed,
      cut: SegmentCut(
        front: configuration.cut.frontShare, background: configuration.cut.behindShare,
        smoothness: configuration.cut.smoothness),
      images: subjects.indices.map { index in
        SegmentImage(
          image: subjects[index].record(of: session),
          target: StudiedClass(subjects[index].target, of: session.classes),
          boxes: objects[index]?.boxes, hasMask: objects[index]?.mask != nil)
      }, rows: rows, summaries: summaries, notes: notes)
  }
}
