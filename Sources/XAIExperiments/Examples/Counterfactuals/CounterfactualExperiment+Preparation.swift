import XAIAttribution
import XAIClassifiers
import XAIDatasets
import XAIExamples
import XAIImages
import XAIKernels
import XAINetworks
import XAIRepresentations
import XAITensor

extension CounterfactualExperiment {
  /// What follows from what in scenes of shapes.
  static let graph = ShapesFeature.allCases.map { feature in
    CausalFeature(
      feature: feature.rawValue, role: feature.role.rawValue,
      parents: feature.parents.map(\.rawValue))
  }

  static func otherGoal(_ subject: StudiedSubject, _ kind: CounterfactualKind) -> Int? {
    switch kind {
    // Cells are taken from images of one class.
    case .region: return subject.prediction.likeliest(2)[1]
    // What is wrong is asked what would make it right.
    case .scene, .photo:
      guard let label = subject.image.label, label != subject.prediction.predicted else {
        return nil
      }
      return label
    case .evidence, .distance: return nil
    }
  }

  static func spaces(
    _ subjects: [StudiedSubject], _ configuration: Configuration, _ preprocessing: Preprocessing,
    _ finder: SceneFinder?, _ session: Session
  ) throws -> [any ActionSpace] {
    if let finder {
      return try subjects.map {
        try SceneActions(
          try finder.latents(of: $0.image), configuration.wishes, count: finder.count,
          seed: session.request.seed)
      }
    }
    guard configuration.kind == .photo else { return [] }
    return try subjects.map { try PhotoActions($0.image.picture, configuration.wishes) }
  }

  /// Prices of pixels and what is known of training images; nil without data.
  func knowledge() throws -> AnswerJudge.Knowledge? {
    guard let features, let training, let tests, let dataset = session.dataset,
      !training.numbers.isEmpty
    else { return nil }
    let bank = try features.bank(of: .trained, training, .train)
    let others = try features.bank(of: .trained, tests, .test)
    session.observer.begin("counting bytes", total: training.numbers.count, unit: "images")
    defer { session.observer.end() }
    let shape = [3, requests.preprocessing.height, requests.preprocessing.width]
    var counts = MedianDeviation(entries: shape.reduce(1, *))
    for (done, number) in training.numbers.enumerated() {
      try session.checkStop()
      let picture = try dataset.picture(at: number, of: .train)
      var bytes = picture.pixels
      if requests.preprocessing.reversesChannels {
        for start in stride(from: 0, to: bytes.count, by: 3) { bytes.swapAt(start, start + 2) }
      }
      try counts.add(PixelImages(shape: [1, picture.height, picture.width, 3], bytes))
      session.observer.advance(to: done + 1, "")
    }
    return AnswerJudge.Knowledge(
      training: bank,
      usual: try CounterfactualQuality.neighborDistances(
        others.features, among: bank.features, count: AnswerJudge.neighbors),
      deviation: counts.values(normalization, shape: shape))
  }

  func search(_ knowledge: AnswerJudge.Knowledge?) throws -> any CounterfactualSearch {
    switch configuration.kind {
    case .evidence:
      let images = subjects.map(\.image)
      let request = AttributionRequest(
        images: ExplainedImage.normalised(images, requests.preprocessing),
        pixels: ExplainedImage.pixels(images), targets: images.map { _ in 0 })
      return EvidenceSearchOfImages(
        segments: try images.indices.map {
          try Segmentation(segments: configuration.segments).segments(of: $0, in: request)
        },
        absent: try requests.fillings(configuration.baseline, of: images).map {
          $0.reshaped(to: [1] + $0.shape)
        }, normalization: normalization, budget: configuration.budget)
    case .distance:
      let bounds = try [BaselineKind.black, .white].map { kind in
        try requests.fillings(kind, of: [subjects[0].image])[0].elements.map(Double.init)
      }
      guard let knowledge else { throw ExperimentFailure(.noData) }
      return DistanceSearchOfImages(
        deviation: knowledge.deviation, bounds: (bounds[0], bounds[1]),
        normalization: normalization, budget: configuration.budget)
    case .scene, .photo:
      return RecourseSearchOfImages(
        spaces: spaces, preprocessing: requests.preprocessing, wishes: configuration.wishes,
        classes: session.classes, budget: configuration.budget,
        checkStop: { [session] in try session.checkStop() })
    case .region:
      guard let knowledge else { throw ExperimentFailure(.noData) }
      return RegionSearchOfImages(
        distractors: try subjects.indices.map { try distractors($0, knowledge.training) },
        normalization: normalization, budget: configuration.budget)
    }
  }

  /// Of the images of the goal that the network is most sure and right about, those that are nearest.
  private static let distractors = 8
  private static let confident = 32

  private func distractors(
    _ index: Int, _ bank: FeatureBank
  ) throws -> [(name: String, image: Tensor)] {
    guard let goal = goals[index], let dataset = session.dataset, let features else { return [] }
    let predicted = subjects[index].prediction.predicted
    guard goal != predicted else { return [] }
    let right = bank.labels.indices.filter {
      bank.labels[$0] == goal && bank.predicted[$0] == goal
    }
    guard !right.isEmpty else {
      let name = StudiedClass(goal, of: session.classes).words
      throw ExampleFailure(
        .missing("training image of \(name) that the network recognizes, to take cells from"))
    }
    let sure = right.map { row in
      (row, Prediction(logits: bank.logits.row(row).elements).probability(of: goal))
    }.sorted { (-$0.1, $0.0) < (-$1.1, $1.0) }.prefix(Self.confident).map(\.0)
    let image = ExplainedImage.normalised([subjects[index].image], requests.preprocessing)
    let own = try features.outputs(of: image, by: session.network.explained).features
    let near = try FeatureNeighbors(
      of: own, among: bank.features.rows(at: sure), .euclidean, count: Self.distractors)
    return try (near.neighbors.first ?? []).map { place in
      let number = bank.numbers[sure[place]]
      return (
        dataset.name(at: number, of: .train),
        try PictureList(dataset, .train, [number]).normalized(0..<1, by: requests.preprocessing)
      )
    }
  }
}
