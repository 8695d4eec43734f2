import XAIAttribution
import XAIClassifiers
import XAIDatasets
import XAIEvaluation
import XAIImages
import XAINetworks
import XAITensor

/// The images of an evaluation, and what can be made of them.
struct EvaluationImages {
  let subjects: [EvaluationSubject]
  let source: any EvaluationSource
  let pictures: [RGBImage]
  /// `[N, C, H, W]`.
  let normalised: Tensor
  /// What stands in the place of what is removed.
  let fillings: [(name: String, images: [Tensor])]
  let others: [(key: Int, image: Tensor)]
  /// Makes methods ready; nil where only tensors are known.
  private let preparation: MethodPreparation.Maker?
  private let explained: [ExplainedImage]

  // MARK: Pictures

  init(
    _ choice: ImageChoice, _ configuration: EvaluationExperiment.Configuration, _ session: Session
  ) throws {
    let requests = try session.requests(for: session.network)
    let images = try session.images(choice, requests)
    let predictions = try session.predictions(of: images, by: session.network, requests)
    let finder = session.dataset.map { ObjectTruth.Finder($0, area: configuration.boxArea) }
    let isOfData = if case .samples = choice { true } else { false }
    var (subjects, kept): ([EvaluationSubject], [ExplainedImage]) = ([], [])
    var wrong = 0
    for (image, prediction) in zip(images, predictions) {
      if configuration.correctOnly, image.label != prediction.predicted {
        wrong += 1
        continue
      }
      if let same = kept.first(where: { $0.key == image.key }) {
        session.observer.tell(
          ExperimentRemark.repeated(
            image: image.name, source: image.source, first: same.name))
        continue
      }
      kept.append(image)
      subjects.append(
        EvaluationSubject(
          name: image.name, source: image.source, key: image.key, label: image.label,
          prediction: prediction,
          target: try configuration.target.index(
            of: image, prediction, for: .explanation(ofData: isOfData)),
          truth: try finder?.truth(of: image)))
    }
    if wrong > 0 {
      session.observer.note(
        "\(grouped(wrong, "image")) of \(images.count) left out: the network is wrong about them, or their class "
          + "is not known")
    }
    guard !subjects.isEmpty else { throw ExperimentFailure(.noImageLeft(of: images.count)) }
    self.subjects = subjects
    explained = kept
    source = PictureSource(images: kept, requests: requests)
    pictures = kept.map(\.picture)
    normalised = ExplainedImage.normalised(kept, requests.preprocessing)
    fillings = try configuration.baselines.map { kind in
      // A path is no part of the names of columns and files.
      let isFile = if case .file = kind { true } else { false }
      return (isFile ? "file" : kind.description, try requests.fillings(kind, of: kept))
    }
    others = try Self.others(session, requests)
    preparation = { limit in
      MethodPreparation(session.network.checkpoint.network, requests, limit: limit)
    }
  }

  /// The first test images of the data, one more than are needed: none is its own neighbor.
  private static func others(
    _ session: Session, _ requests: RequestMaker
  ) throws -> [(key: Int, image: Tensor)] {
    guard let dataset = session.dataset, dataset.count(of: .test) > 0 else { return [] }
    let count = min(EvaluationPlan.otherImages + 1, dataset.count(of: .test))
    let images = try ExplainedImage.take("\(count)", of: dataset, for: session.network.checkpoint)
    let normalised = ExplainedImage.normalised(images, requests.preprocessing)
    return images.indices.map {
      (
        images[$0].key,
        normalised.row($0).reshaped(to: Array(normalised.shape.dropFirst()))
      )
    }
  }

  /// Superpixels of each image.
  func segments() throws -> [ImageParts] {
    let request = AttributionRequest(
      images: normalised, pixels: pictures.isEmpty ? nil : ExplainedImage.pixels(explained),
      targets: subjects.map { _ in 0 })
    return try subjects.indices.map {
      ImageParts(try Segmentation().segments(of: $0, in: request))
    }
  }

  // MARK: Tensors

  init(
    _ tensors: JudgedTensors, _ configuration: EvaluationExperiment.Configuration,
    _ session: Session
  ) throws {
    let checkpoint = session.network.checkpoint
    let input = checkpoint.network.architecture.input
    let images = tensors.images.tensor
    func refuse(
      _ role: ExperimentFailure.TensorRole, _ source: RawAttribution.Source, _ expected: String
    ) -> ExperimentFailure {
      ExperimentFailure(
        .tensorShape(role, source: source.name, found: source.tensor.shape, expected: expected))
    }
    guard images.shape.count == 4, Array(images.shape.dropFirst()) == input, images.rows > 0 else {
      throw refuse(.images, tensors.images, "[N] + \(input)")
    }
    guard images.isFinite else {
      throw ExperimentFailure(.tensorNotFinite(.images, source: tensors.images.name))
    }
    let count = images.rows
    guard tensors.targets.count == 1 || tensors.targets.count == count else {
      throw ExperimentFailure(.targetCount(targets: tensors.targets.count, images: count))
    }
    var baselines: Tensor?
    if let given = tensors.baselines {
      guard given.tensor.shape.count == 4, Array(given.tensor.shape.dropFirst()) == input,
        given.tensor.rows == 1 || given.tensor.rows == count
      else { throw refuse(.baselines, given, "[1 or \(count)] + \(input)") }
      guard given.tensor.isFinite else {
        throw ExperimentFailure(.tensorNotFinite(.baselines, source: given.name))
      }
      baselines =
        given.tensor.rows == 1
        ? given.tensor.rows(at: Array(repeating: 0, count: count)) : given.tensor
    }
    let predictions = try Prediction.of(images, by: session.network.explained)
    let truths = try Self.truths(tensors, count, input, configuration.boxArea, refuse)
    let keys = (0..<count).map { TensorSource.key(images.row($0)) }
    subjects = (0..<count).map { image in
      let target = tensors.targets.count == 1 ? tensors.targets[0] : tensors.targets[image]
      return EvaluationSubject(
        name: "image \(image + 1)", source: tensors.images.name, key: keys[image], label: target,
        prediction: predictions[image], target: target, truth: truths[image])
    }
    var pixels: PixelBaselines?
    if checkpoint.saysHowImagesAreNormalised {
      pixels = try PixelBaselines(
        mean: checkpoint.mean, standardDeviation: checkpoint.standardDeviation, shape: input)
    }
    fillings = try Self.fillings(baselines, pixels, configuration, images, keys, session)
    source = TensorSource(
      images: images, baselines: baselines ?? pixels?.blurred(images), keys: keys,
      seed: session.request.seed, bounds: pixels?.bounds)
    (pictures, explained, normalised, others, preparation) = ([], [], images, [], nil)
  }

  private static func fillings(
    _ given: Tensor?, _ pixels: PixelBaselines?,
    _ configuration: EvaluationExperiment.Configuration, _ images: Tensor, _ keys: [Int],
    _ session: Session
  ) throws -> [(name: String, images: [Tensor])] {
    func each(_ tensor: Tensor) -> [Tensor] {
      let shape = Array(images.shape.dropFirst())
      return (0..<images.rows).map {
        (tensor.rows == images.rows ? tensor.row($0) : tensor.row(0)).reshaped(to: shape)
      }
    }
    if let given { return [("given", each(given))] }
    guard let pixels else { throw ExperimentFailure(.everyBaselineMissing) }
    return try configuration.baselines.map { kind in
      let tensor: Tensor
      switch kind {
      case .blur: tensor = pixels.blurred(images)
      case .black: tensor = pixels.uniform(0)
      case .white: tensor = pixels.uniform(1)
      case .mean: tensor = pixels.meanColour()
      case .zero: tensor = Tensor(shape: images.shape)
      case .noise: tensor = pixels.noise(seed: session.request.seed, keys: keys)
      case .file, .data, .blurAndImage: throw ExperimentFailure(.baselineDistribution)
      }
      return (kind.description, each(tensor))
    }
  }

  private static func truths(
    _ tensors: JudgedTensors, _ count: Int, _ input: [Int], _ area: ClosedRange<Double>,
    _ refuse: (ExperimentFailure.TensorRole, RawAttribution.Source, String) -> ExperimentFailure
  ) throws -> [ObjectTruth?] {
    let (height, width) = (input[1], input[2])
    if let masks = tensors.masks {
      guard masks.tensor.shape == [count, height, width] else {
        throw refuse(.masks, masks, "[\(count), \(height), \(width)]")
      }
      guard masks.tensor.isFinite else {
        throw ExperimentFailure(.tensorNotFinite(.masks, source: masks.name))
      }
      return (0..<count).map { image in
        let elements = masks.tensor.row(image).elements
        let pixels = PixelMask(count: height * width) { elements[$0] != 0 }
        return ObjectTruth(
          kind: .mask, mask: ObjectMask(pixels, height: height, width: width), box: nil)
      }
    }
    guard let boxes = tensors.boxes else { return Array(repeating: nil, count: count) }
    guard boxes.tensor.shape == [count, 4] else { throw refuse(.masks, boxes, "[\(count), 4]") }
    return try (0..<count).map { image in
      let ends = boxes.tensor.row(image).elements.compactMap { Int(exactly: $0) }
      guard ends.count == 4 else {
        throw EvaluationFailure(
          .parameter(
            "\(boxes.tensor.row(image).elements)", expected: "four whole numbers x0 y0 x1 y1"),
          of: "the box of image \(image + 1) in \(boxes.name)")
      }
      let box = try PixelBox(
        x0: ends[0], y0: ends[1], x1: ends[2], y1: ends[3], height: height, width: width,
        subject: "\(boxes.name), image \(image + 1),")
      let mask = ObjectMask([box], height: height, width: width)
      return area.contains(mask.areaShare) ? ObjectTruth(kind: .box, mask: mask, box: box) : nil
    }
  }

  // MARK: Methods

  /// Methods that can explain these images.
  func ready(
    _ candidates: [MethodPreparation.Candidate], _ session: Session, _ limit: Double?
  ) throws -> [MethodUnderTest] {
    if let preparation {
      return try preparation(limit).ready(
        candidates, for: [explained[0]], targets: [subjects[0].target],
        observer: session.observer)
    }
    return try candidates.compactMap { candidate in
      var method = candidate.method
      method.baseline = nil
      let request = try source.request([0], [subjects[0].target], for: method)
      let obstacle =
        method.method.obstacle(on: session.network.explained.network)
        ?? (method.method.baselineNeed == .none || request.baselines != nil
          ? nil : "it compares with baselines, and none were given")
      if let obstacle {
        let failure = ExperimentFailure(.obstacle(obstacle))
        guard !candidate.isRequired else {
          throw ExperimentFailure(.notApplicable(method: method.identifier), cause: failure)
        }
        session.observer.tell(
          ExperimentRemark.leftOut(method: method.identifier, because: failure))
        return nil
      }
      method.method = try method.method.prepared(
        for: request, on: session.network.explained.network)
      return method
    }
  }
}

extension MethodPreparation {
  /// Prepares with a limit of passes for each image.
  typealias Maker = (_ limit: Double?) -> MethodPreparation
}
